"""The simulated payment company: speaks the protocol; and the whole way from the link to the paid invoice over HTTP."""

import asyncio
import contextlib
import socket
import threading
import time
from decimal import Decimal

import httpx
import pytest
import uvicorn

from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.payments.errors import ProviderUnavailable
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent
from apps.engines.payments.providers import PayosGateway
from apps.engines.payments.services import query_payment, verify_money
from apps.engines.payments.simulator import bank
from tests.factories.billing import make_invoice
from tests.factories.payments import pending_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def site(settings):
    """The real server with one worker on a free port."""
    from config.asgi import application

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield settings.SITE_URL
    server.should_exit = True
    thread.join(timeout=15)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(bank, "SOON_SECONDS", 0.05)
    monkeypatch.setattr(bank, "LATE_SECONDS", 0.6)


def wait_until(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


class Visitor:
    """Somebody's browser with the link of an invoice."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.client = httpx.Client(timeout=30)

    def token(self, page: str) -> str:
        return page.split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]

    def post(self, url: str, page: str, **data) -> httpx.Response:
        headers = {"Referer": url, "HX-Request": "true"} if not data else {"Referer": url}
        return self.client.post(url, data={"csrfmiddlewaretoken": self.token(page), **data}, headers=headers)

    def start(self) -> str:
        """The address of the payment page."""
        page = self.client.get(self.link)
        assert page.status_code == 200, page.text
        answer = self.post(f"{self.link}pay/", page.text)
        assert answer.status_code == 204, answer.text
        return answer.headers["HX-Redirect"]

    def press(self, page_url: str, way: str) -> httpx.Response:
        return self.post(page_url, self.client.get(page_url).text, way=way)


@pytest.fixture
def visitor(site):
    visitor = Visitor(make_invoice_link(make_invoice()))
    with contextlib.closing(visitor.client):
        yield visitor


def outcomes() -> list[str]:
    return sorted(ProviderEvent.objects.values_list("outcome", flat=True))


def test_paid_by_qr(visitor, site):
    page = visitor.start()
    assert page.startswith(f"{site}/dev/payos/pay/")

    back = visitor.press(page, "pay")

    assert back.status_code == 302
    assert back.headers["Location"].startswith(visitor.link)
    wait_until(lambda: Invoice.objects.get().state == "paid")
    time.sleep(0.3)
    assert MoneyMovement.objects.count() == 1  # the callback came twice
    assert outcomes() == ["applied"]
    assert verify_money() == []
    assert "Đã thanh toán" in visitor.client.get(back.headers["Location"]).text


def test_the_return_page_alone_pays_nothing(visitor):
    page = visitor.client.get(f"{visitor.link}?code=00&status=PAID&orderCode=1")

    assert page.status_code == 200
    assert "Đang chờ ngân hàng xác nhận" in page.text
    assert Invoice.objects.get().state == "final"


def test_late(visitor):
    visitor.press(visitor.start(), "late")
    assert Invoice.objects.get().state == "final"

    wait_until(lambda: Invoice.objects.get().state == "paid")


def test_a_lost_callback_is_found_by_asking(visitor, monkeypatch):
    monkeypatch.setattr(bank, "send", lambda deliveries: None)
    visitor.press(visitor.start(), "pay")

    query_payment(Payment.objects.get())

    assert Invoice.objects.get().state == "paid"


def test_transferred_twice(visitor):
    visitor.press(visitor.start(), "twice")

    wait_until(lambda: ProviderEvent.objects.exclude(outcome="stored").count() == 2)
    assert outcomes() == ["applied", "suspense"]
    assert Invoice.objects.get().paid_amount == Decimal(110_000)


def test_a_wrong_amount(visitor):
    visitor.press(visitor.start(), "wrong")

    wait_until(lambda: outcomes() == ["suspense"])
    assert Invoice.objects.get().paid_amount == 0
    assert ProviderEvent.objects.get().amount == Decimal(109_000)


def test_forged(visitor):
    visitor.press(visitor.start(), "forged")

    wait_until(lambda: outcomes() == ["refused"])
    assert not MoneyMovement.objects.exists()
    assert query_payment(Payment.objects.get()).state == "pending"


def test_cancelled(visitor):
    back = visitor.press(visitor.start(), "cancel")

    assert "cancel=true" in back.headers["Location"]
    assert query_payment(Payment.objects.get()).state == "cancelled"
    assert not ProviderEvent.objects.exists()


class TestProtocol:
    def test_the_order_number_is_taken_once(self, site):
        payment = pending_payment(make_invoice(), reference=str(time.time_ns() // 1000))
        gateway = PayosGateway()
        first = gateway.create(payment, description="x", return_url="http://r", cancel_url="http://c")

        with pytest.raises(ProviderUnavailable) as refusal:
            gateway.create(payment, description="x", return_url="http://r", cancel_url="http://c")

        assert refusal.value.details == {"provider_code": "231"}
        assert first.qr_text.startswith("000201")

    def test_a_wrong_key_is_refused(self, site):
        payment = pending_payment(make_invoice())

        with pytest.raises(ProviderUnavailable) as refusal:
            PayosGateway(checksum_key="wrong").create(payment, description="x", return_url="r", cancel_url="c")
        assert refusal.value.details == {"provider_code": "201"}
        with pytest.raises(ProviderUnavailable) as refusal:
            PayosGateway(api_key="wrong").query(payment)
        assert refusal.value.details == {"provider_code": "401"}

    def test_one_that_ended(self, site):
        payment = pending_payment(make_invoice(), reference=str(time.time_ns() // 1000))
        PayosGateway().create(payment, description="x", return_url="r", cancel_url="c")
        time.sleep(1.1)

        assert query_payment(payment).state == "expired"

    def test_ten_people_start_at_once_with_one_worker(self, site):
        invoices = [make_invoice() for _ in range(10)]
        visitors = [Visitor(make_invoice_link(invoice)) for invoice in invoices]
        pages: list[str] = []
        threads = [threading.Thread(target=lambda one=one: pages.append(one.start())) for one in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        for one in visitors:
            one.client.close()

        assert len(set(pages)) == 10


def test_only_where_payments_are_simulated(client, settings):
    settings.PAYOS_CHECKSUM_KEY = "real"
    settings.PAYOS_CLIENT_ID = "real"

    assert client.get("/dev/payos/v2/payment-requests/1").status_code == 404
    assert client.get("/dev/payos/pay/abc/").status_code == 404
    settings.PAYOS_CHECKSUM_KEY = settings.PAYOS_CLIENT_ID = ""
    settings.DEMO = False
    assert client.get("/dev/payos/v2/payment-requests/1").status_code == 404
