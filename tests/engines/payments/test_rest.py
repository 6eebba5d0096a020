"""/payments over the API, and the callbacks of payment companies."""

import httpx
import pytest
import respx

from apps.core.ids import uuid7
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent, Refund
from apps.engines.payments.providers.payos import data_text, sign
from apps.platform.organizations.models import Organization
from tests.factories.actors import actor_for
from tests.factories.billing import make_customer, make_invoice
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.payments import KEY, pay, pending_payment, webhook_body
from tests.support.api import ApiKit, api_client

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments"
BASE = "https://payos.test"


class TestPayments(ApiKit):
    url, right = URL, "payment.view"
    filter_queries = ("filter[state]=completed", "filter[method][in]=cash,card", "filter[completedAt][gte]=2026-01-01")
    sorts = ("createdAt", "number", "amount", "completedAt")
    has_branches = True

    def make_row(self, actor, number=1):
        company = Organization.objects.get(pk=actor.organization_id)
        return pay(make_invoice(company, customer=make_customer(company, number)), 1000)

    def make_row_of_other_branch(self, actor):
        company = Organization.objects.get(pk=actor.organization_id)
        return pay(make_invoice(company, branch=BranchFactory(organization=company)), 1000)


@pytest.fixture
def company():
    return OrganizationFactory()


@pytest.fixture
def api(company):
    return api_client(actor=actor_for("cashier", company))


@pytest.fixture
def invoice(company):
    return make_invoice(company)


class TestRecording:
    def test_cash(self, api, invoice):
        body = {"payableId": str(invoice.pk), "amount": "110000", "tendered": "200000"}
        first, second = (api.post(URL, body, headers={"Idempotency-Key": "k"}) for _ in range(2))

        assert first.status_code == second.status_code == 201, first.json()
        assert first.json()["data"]["number"] == second.json()["data"]["number"]
        assert MoneyMovement.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "status", "rule"),
        [
            ({"amount": "110001"}, 422, "pays_too_much"),
            ({"amount": "-1"}, 400, None),
            ({}, 400, None),
            ({"amount": "5", "payableType": "nothing"}, 404, None),
            ({"amount": "5", "payableId": str(uuid7())}, 404, None),
        ],
    )
    def test_refused(self, api, invoice, change, status, rule):
        answer = api.post(URL, {"payableId": str(invoice.pk)} | change)

        assert answer.status_code == status, answer.json()
        if rule:
            assert answer.json()["error"]["details"] == {"rule": rule, "due": "110000.00"}
        assert not Payment.objects.exists()

    @respx.mock
    def test_online(self, api, invoice, settings):
        settings.PAYOS_BASE_URL, settings.PAYOS_CLIENT_ID = BASE, "client"
        settings.PAYOS_CHECKSUM_KEY = KEY
        data = {"checkoutUrl": f"{BASE}/web/1", "qrCode": "0002", "paymentLinkId": "x"}
        answer = {"code": "00", "data": data, "signature": sign(data_text(data), KEY)}
        respx.post(f"{BASE}/v2/payment-requests").mock(return_value=httpx.Response(200, json=answer))

        shown = api.post(URL, {"payableId": str(invoice.pk), "method": "online"}, headers={"Idempotency-Key": "k"})

        assert shown.status_code == 201, shown.json()
        assert (shown.json()["data"]["checkoutUrl"], shown.json()["data"]["state"]) == (f"{BASE}/web/1", "pending")

    def test_refund(self, api, invoice):
        payment = pay(invoice, 110_000)
        url, body = f"{URL}/{payment.pk}/refund", {"amount": "10000", "reason": "Trả lại"}

        answers = [api.post(url, body, headers={"Idempotency-Key": "r"}) for _ in range(2)]
        too_much = api.post(url, {"amount": "100001", "reason": "x"})

        assert [answer.json()["data"]["refundedAmount"] for answer in answers] == ["10000.00", "10000.00"]
        assert too_much.json()["error"]["details"]["rule"] == "refund_too_high"
        assert Refund.objects.count() == 1
        detail = api.get(f"{URL}/{payment.pk}?include=refunds").json()["data"]
        assert detail["refunds"][0]["reason"] == "Trả lại"

    def test_roles(self, invoice, company):
        payment = pay(invoice, 100_000)
        advisor = api_client(actor=actor_for("advisor", company))
        technician = api_client(actor=actor_for("technician", company))

        assert technician.post(URL, {"payableId": str(invoice.pk), "amount": "1"}).status_code == 403
        assert advisor.post(f"{URL}/{payment.pk}/refund", {"amount": "1", "reason": "x"}).status_code == 403
        assert MoneyMovement.objects.count() == 1


class TestCallbacks:
    url = f"{URL}/webhooks/payos"

    @pytest.fixture(autouse=True)
    def _account(self, settings):
        settings.PAYOS_CLIENT_ID, settings.PAYOS_CHECKSUM_KEY = "client", KEY

    def send(self, client, body: bytes, url: str = ""):
        return client.post(url or self.url, data=body, content_type="application/json")

    def test_good_without_log_in_or_csrf_token(self, client, invoice):
        pending_payment(invoice)

        answer = self.send(client, webhook_body(9001, 110_000))

        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert Invoice.objects.get().state == "paid"

    def test_probe_and_unknown_order(self, client):
        assert self.send(client, webhook_body(123, 1)).status_code == 200
        assert self.send(client, webhook_body(456, 1)).status_code == 200

    def test_forged(self, client, invoice):
        pending_payment(invoice)

        answer = self.send(client, webhook_body(9001, 110_000, key="x"))

        assert answer.status_code == 400
        assert Invoice.objects.get().state == "final"
        assert ProviderEvent.objects.get().outcome == "refused"

    def test_too_long(self, client):
        assert self.send(client, b"{" + b" " * 70_000).status_code == 400
        assert not ProviderEvent.objects.exists()

    def test_an_unknown_company(self, client):
        assert self.send(client, b"{}", f"{URL}/webhooks/nobody").status_code == 404

    def test_only_posted(self, client):
        assert client.get(self.url).status_code == 405
