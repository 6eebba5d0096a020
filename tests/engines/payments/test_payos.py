"""The wire protocol of PayOS: published vectors, what is sent, and how answers and callbacks are read."""

import json

import httpx
import pytest
import respx

from apps.core.clock import now
from apps.engines.payments.errors import ProviderUnavailable, SignatureWrong
from apps.engines.payments.models import Payment
from apps.engines.payments.providers import PayosGateway
from apps.engines.payments.providers.payos import data_text, request_text, sign
from tests.factories.payments import KEY, webhook_body

DOC_KEY = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"
DOC_DATA = {
    "orderCode": 123,
    "amount": 3000,
    "description": "VQRIO123",
    "accountNumber": "12345678",
    "reference": "TF230204212323",
    "transactionDateTime": "2023-02-04 18:25:00",
    "currency": "VND",
    "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
    "code": "00",
    "desc": "Thành công",
    "counterAccountBankId": "",
    "counterAccountBankName": "",
    "counterAccountName": None,
    "counterAccountNumber": "null",
    "virtualAccountName": "undefined",
    "virtualAccountNumber": "",
}
DOC_TEXT = (
    "accountNumber=12345678&amount=3000&code=00&counterAccountBankId=&counterAccountBankName=&counterAccountName="
    "&counterAccountNumber=&currency=VND&desc=Thành công&description=VQRIO123&orderCode=123"
    "&paymentLinkId=124c33293c43417ab7879e14c8d9eb18&reference=TF230204212323&transactionDateTime=2023-02-04 18:25:00"
    "&virtualAccountName=&virtualAccountNumber="
)
BASE = "https://payos.test"


@pytest.fixture
def gateway():
    return PayosGateway(base_url=BASE, client_id="client", api_key="secret", checksum_key=KEY)


@pytest.fixture
def payment():
    return Payment(amount=2000, provider_reference="9001", payer_name="Trần Thị Mai", expires_at=now())


def answer(data, *, key=KEY, **changes):
    return {"code": "00", "desc": "success", "data": data, "signature": sign(data_text(data), key), **changes}


class TestVectors:
    def test_webhook_of_the_documentation(self):
        assert data_text(DOC_DATA) == DOC_TEXT
        assert sign(DOC_TEXT, DOC_KEY) == "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03"

    def test_request_of_the_vendors_test_suite(self):
        text = request_text(
            {
                "orderCode": 0,
                "amount": 2000,
                "description": "Thanh toán đơn hàng",
                "cancelUrl": "http://localhost",
                "returnUrl": "http://localhost",
            }
        )

        assert sign(text, "test_checksum_key") == "d8b7b0e5d19edfe7b1f53dedeb8d1c7c2b62fabd7eb320dbc514c58f13e9e2c5"

    def test_lists_and_booleans(self):
        text = data_text({"b": True, "a": [{"z": 1, "tên": "Đỗ", "c": None}], "n": 0})

        assert text == 'a=[{"c":null,"tên":"Đỗ","z":1}]&b=true&n=0'


class TestCreating:
    @respx.mock
    def test_what_is_sent_and_read(self, gateway, payment):
        data = {
            "checkoutUrl": f"{BASE}/web/1",
            "qrCode": "0002",
            "paymentLinkId": "abc",
            "orderCode": 9001,
            "expiredAt": None,
        }
        route = respx.post(f"{BASE}/v2/payment-requests").mock(return_value=httpx.Response(200, json=answer(data)))

        checkout = gateway.create(
            payment, description="INV2026000001 dài quá hai mươi lăm", return_url="r", cancel_url="c"
        )

        sent = json.loads(route.calls.last.request.content)
        assert (sent["orderCode"], sent["amount"], sent["description"]) == (9001, 2000, "INV2026000001 dai qua hai")
        assert sent["signature"] == sign(request_text(sent), KEY)
        assert sent["expiredAt"] == int(payment.expires_at.timestamp())
        assert route.calls.last.request.headers["x-client-id"] == "client"
        assert route.calls.last.request.headers["x-api-key"] == "secret"
        assert (checkout.checkout_url, checkout.qr_text, checkout.link_id) == (f"{BASE}/web/1", "0002", "abc")

    @pytest.mark.parametrize(
        "response",
        [
            httpx.Response(500, text="oops"),
            httpx.Response(200, json={"code": "231", "desc": "exists"}),
            httpx.Response(200, json=answer({"checkoutUrl": "x"}, key="wrong")),
            httpx.Response(200, json=["no", "object"]),
            httpx.Response(200, json=answer({"paymentLinkId": "no address in it"})),
        ],
    )
    @respx.mock
    def test_answers_that_do_not_count(self, gateway, payment, response):
        respx.post(f"{BASE}/v2/payment-requests").mock(return_value=response)

        with pytest.raises(ProviderUnavailable):
            gateway.create(payment, description="x", return_url="r", cancel_url="c")

    @respx.mock
    def test_no_answer(self, gateway, payment):
        respx.post(f"{BASE}/v2/payment-requests").mock(side_effect=httpx.ReadTimeout)

        with pytest.raises(ProviderUnavailable):
            gateway.create(payment, description="x", return_url="r", cancel_url="c")


class TestAsking:
    @pytest.mark.parametrize(
        ("status", "state"),
        [
            ("PENDING", "pending"),
            ("PROCESSING", "pending"),
            ("UNDERPAID", "pending"),
            ("PAID", "completed"),
            ("CANCELLED", "cancelled"),
            ("EXPIRED", "expired"),
            ("FAILED", "failed"),
            ("SOMETHING_NEW", "pending"),
        ],
    )
    @respx.mock
    def test_states(self, gateway, payment, status, state):
        data = {"status": status, "amountPaid": 2000, "transactions": [{"reference": "FT1", "amount": 2000}]}
        respx.get(f"{BASE}/v2/payment-requests/9001").mock(return_value=httpx.Response(200, json=answer(data)))

        found = gateway.query(payment)

        assert (found.state, found.amount_paid, found.reference) == (state, 2000, "FT1")


class TestCallbacks:
    def test_a_good_one(self, gateway):
        message = gateway.read_callback(webhook_body(9001, 2000))

        assert (message.order_reference, message.amount, message.reference) == ("9001", 2000, "FT1")
        assert message.is_success
        assert not message.is_probe

    @pytest.mark.parametrize(
        "body",
        [
            webhook_body(9001, 2000, key="wrong"),
            webhook_body(9001, 2000).replace(b"2000", b"9000"),
            b"",
            b"[]",
            b'{"data": [], "signature": ""}',
            b'{"data": {}, "signature": "\xc4\x91"}',
            b"\xff\xfe",
            b"[" * 50_000,
            b'{"data": null}',
        ],
    )
    def test_bad_ones(self, gateway, body):
        with pytest.raises(SignatureWrong):
            gateway.read_callback(body)

    def test_without_a_key_nothing_is_believed(self, settings):
        settings.DEMO = False
        settings.PAYOS_CHECKSUM_KEY = ""

        with pytest.raises(SignatureWrong):
            PayosGateway().read_callback(webhook_body(9001, 2000, key=""))
