"""/invoices over the API."""

import pytest

from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import MoneyMovement
from tests.factories.actors import actor_for
from tests.factories.billing import line, make_customer, make_draft, make_invoice
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.payments import pay
from tests.support.api import ApiKit, api_client

pytestmark = pytest.mark.django_db
URL = "/api/v1/invoices"


class TestInvoices(ApiKit):
    url, right = URL, "invoice.view"
    filter_queries = (
        "filter[state]=draft",
        "filter[paymentStatus][in]=paid,partial",
        "filter[issuedOn][gte]=2026-01-01",
        "filter[total][lte]=100",
        "search=mai",
    )
    sorts = ("createdAt", "number", "issuedOn", "dueOn", "total")
    has_branches = True

    def make_row(self, actor, number=1):
        return make_draft(actor_company(actor), customer=make_customer(actor_company(actor), number))

    def make_row_of_other_branch(self, actor):
        company = actor_company(actor)
        return make_draft(company, branch=BranchFactory(organization=company))


def actor_company(actor):
    from apps.platform.organizations.models import Organization

    return Organization.objects.get(pk=actor.organization_id)


@pytest.fixture
def company():
    return OrganizationFactory()


@pytest.fixture
def api(company):
    return api_client(actor=actor_for("owner", company))


def error_of(answer) -> tuple:
    error = answer.json()["error"]
    return answer.status_code, error["details"].get("rule") if error["details"] else error["code"]


class TestDrafting:
    def body(self, company, **changes) -> dict:
        row = {"kind": "labour", "description": "Rửa xe", "unitPrice": "100000", "taxRate": "10"}
        return {"customer": str(make_customer(company).pk), "lines": [row | changes]}

    def test_by_hand(self, api, company):
        answer = api.post(URL, self.body(company, quantity="2"))

        data = answer.json()["data"]
        assert answer.status_code == 201, data
        assert (data["total"], data["balance"], data["state"], data["number"]) == (
            "220000.00",
            "220000.00",
            "draft",
            "",
        )
        assert data["lines"][0]["gross"] == "220000.00"
        assert "cost" not in data["lines"][0]
        assert data["availableActions"] == ["finalise", "cancel"]

    def test_the_same_key_drafts_once(self, api, company):
        body = self.body(company)
        first, second = (api.post(URL, body, headers={"Idempotency-Key": "k1"}) for _ in range(2))

        assert first.json()["data"]["id"] == second.json()["data"]["id"]
        assert Invoice.objects.count() == 1

    @pytest.mark.parametrize("change", [{"quantity": "0"}, {"kind": "x"}, {"unitPrice": "NaN"}, {"what": 1}])
    def test_wrong_lines(self, api, company, change):
        answer = api.post(URL, self.body(company, **change))

        assert answer.status_code == 400
        assert not Invoice.objects.exists()

    def test_a_foreign_customer(self, api, company):
        assert api.post(URL, self.body(OrganizationFactory())).status_code == 404

    def test_changed(self, api, company):
        draft = make_draft(company)

        answer = api.put(f"{URL}/{draft.pk}", {"billedName": "Công ty An"}, headers={"If-Match": '"1"'})
        stale = api.put(f"{URL}/{draft.pk}", {"notes": "x"}, headers={"If-Match": '"1"'})

        assert answer.json()["data"]["billedName"] == "Công ty An"
        assert stale.status_code == 409
        assert Invoice.objects.get().notes == ""


class TestSteps:
    def test_the_whole_life(self, api, company):
        url = f"{URL}/{make_draft(company).pk}"

        numbered = api.put(f"{url}/finalize").json()["data"]
        sent = api.put(f"{url}/send").json()["data"]
        part = api.post(f"{url}/payments", {"amount": "10000", "tendered": "20000"})
        paid = api.put(f"{url}/pay", {"method": "card"}).json()["data"]

        assert numbered["number"].startswith("INV-")
        assert sent["state"] == "sent"
        assert (part.status_code, part.json()["data"]["state"]) == (201, "completed")
        assert (paid["state"], paid["paymentStatus"], paid["balance"]) == ("paid", "paid", "0.00")
        history = api.get(f"{url}/payments").json()["data"]
        assert [row["amount"] for row in history] == ["100000.00", "10000.00"]

    def test_cancelled(self, api, company):
        url = f"{URL}/{make_draft(company).pk}"

        assert api.put(f"{url}/cancel", {}).status_code == 400
        assert api.put(f"{url}/cancel", {"reason": "Nhầm"}).json()["data"]["state"] == "cancelled"

    def test_paid_twice(self, api, company):
        url = f"{URL}/{make_invoice(company).pk}"
        api.put(f"{url}/pay")

        assert error_of(api.put(f"{url}/pay")) == (409, "nothing_due")
        assert MoneyMovement.objects.count() == 1

    def test_paid_with_one_key(self, api, company):
        url = f"{URL}/{make_invoice(company).pk}"

        answers = [api.post(f"{url}/payments", {"amount": "5000"}, headers={"Idempotency-Key": "p"}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert MoneyMovement.objects.count() == 1

    def test_the_paper(self, api, company):
        answer = api.get(f"{URL}/{make_invoice(company).pk}/pdf")

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")

    @pytest.mark.parametrize(
        ("role", "step", "status"),
        [
            ("advisor", "finalize", 403),
            ("technician", "send", 403),
            ("cashier", "finalize", 200),
            ("cashier", "cancel", 403),
            ("accountant", "finalize", 200),
            ("technician", "pay", 403),
        ],
    )
    def test_roles(self, company, role, step, status):
        draft = make_draft(company)
        body = {"reason": "x"} if step == "cancel" else {}

        answer = api_client(actor=actor_for(role, company)).put(f"{URL}/{draft.pk}/{step}", body)

        assert answer.status_code == status, answer.json()
        assert (Invoice.objects.get().state == "draft") == (status != 200)

    def test_strangers(self, company):
        invoice = make_invoice(company)
        stranger = api_client(actor=actor_for("owner"))

        for step in ("finalize", "send", "pay", "cancel", "payments"):
            method = stranger.post if step == "payments" else stranger.put
            answer = method(f"{URL}/{invoice.pk}/{step}", {"reason": "x"} if step == "cancel" else {})
            assert answer.status_code == 404, step
        assert stranger.get(f"{URL}/{invoice.pk}/pdf").status_code == 404
        assert stranger.get(f"{URL}/{invoice.pk}/payments").status_code == 404


class TestBehindTheLink:
    def get(self, token):
        return api_client().get(f"/api/v1/public/invoices/{token}")

    def test_shown(self, company):
        company.bank_bin, company.bank_account = "970436", "007"
        company.save()
        invoice = make_invoice(company, line(100_000))
        pay(invoice, 10_000)
        token = make_invoice_link(invoice).rstrip("/").rpartition("/")[2]

        data = self.get(token).json()["data"]

        assert (data["number"], data["balance"]) == (invoice.number, "100000.00")
        assert data["seller"]["name"] == company.name
        assert data["transfer"]["purpose"] == invoice.number
        assert len(data["lines"]) == 1

    def test_unknown(self):
        assert self.get("abc").status_code == 404

    def test_drafts_are_not_shown(self, company):
        token = make_invoice_link(make_draft(company)).rstrip("/").rpartition("/")[2]

        assert self.get(token).status_code == 404
