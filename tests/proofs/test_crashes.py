"""Worker, web and Redis killed at random points of bookings, orders and a payment: every effect is there once.

The callers behave like apps on a bad connection: they repeat a request with the same Idempotency-Key until they get an
answer. What gets killed comes back a little later, as under the supervisor.
"""

import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent
from apps.engines.payments.providers.payos import payos_account
from apps.engines.payments.services import verify_money
from apps.platform.accounts.models import User
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery, Notification
from apps.verticals.workshop.models import Appointment
from tests.browser.stack import Stack, running_stack
from tests.factories.accounts import PASSWORD
from tests.factories.billing import make_draft
from tests.factories.payments import pending_payment, webhook_body
from tests.verticals.workshop import visits

BOOKINGS, ORDERS, KILLS = 6, 4, 5
# A request whose server was killed holds its key for a minute; several may be hit one after the other.
PATIENCE = 200.0


@pytest.fixture
def stack(tmp_path: Path, transactional_db: None) -> Iterator[Stack]:
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    with running_stack(tmp_path, f"{base}/{connection.settings_dict['NAME']}?{query}") as running:
        yield running


class Caller:
    """Repeats every request until it is answered by the product itself."""

    def __init__(self, stack: Stack, user: User | None = None) -> None:
        self.stack, self.user = stack, user
        self.headers: dict[str, str] = {}

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None) -> dict[str, Any]:
        return self.send("POST", path, body, raw=raw)

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> dict[str, Any]:
        key = str(uuid.uuid4())

        def call() -> httpx.Response:
            if self.user is not None and not self.headers:
                self.log_in()
            content = {"content": raw} if raw is not None else {"json": body or {}}
            headers = {**self.headers, "Idempotency-Key": key, "Content-Type": "application/json"}
            return httpx.request(method, f"{self.stack.address}/api/v1{path}", headers=headers, timeout=10, **content)

        return self.until_answered(call)

    def log_in(self) -> None:
        body = {"email": self.user.email, "password": PASSWORD}
        answer = httpx.post(f"{self.stack.address}/api/v1/auth/login", json=body, timeout=10)
        answer.raise_for_status()
        self.headers = {"Authorization": f"Bearer {answer.json()['data']['accessToken']}"}

    @staticmethod
    def until_answered(call: Callable[[], httpx.Response]) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = call()
                # 409: the first try may still be at work on the same key.
                if answer.status_code < 500 and answer.status_code not in (409, 429):
                    assert answer.status_code < 300, answer.text
                    return dict(answer.json())
            except httpx.HTTPError:
                pass
            assert time.monotonic() < end, "no answer in time"
            time.sleep(0.2)


def kill_at_random(stack: Stack, chance: random.Random, is_over: threading.Event) -> None:
    """Kills one of the three, waits a moment, starts it again."""
    restart: dict[str, Callable[[], None]] = {"web": stack.start_web, "worker": stack.start_worker}
    for victim in chance.sample(["web", "worker", "redis"] * 2, KILLS):
        if is_over.wait(chance.uniform(0.3, 1.5)):
            return
        if victim == "redis":
            stack.redis.stop()
            time.sleep(0.3)
            stack.redis.start()
        else:
            stack.kill(victim)
            time.sleep(0.3)
            restart[victim]()
            if victim == "web":
                stack.wait_for_web()


def wait_until_quiet() -> None:
    """Everything published has reached everybody, every message has left."""
    end = time.monotonic() + PATIENCE
    while OutboxEvent.objects.filter(relayed_at=None).exists() or Delivery.objects.filter(state="queued").exists():
        waiting = OutboxEvent.objects.filter(relayed_at=None).values_list("name", "last_error")
        assert time.monotonic() < end, f"still waiting: {list(waiting)}"
        time.sleep(0.3)


def test_every_effect_is_there_once(stack: Stack) -> None:
    world = visits.make_world()
    invoice = make_paid_soon(world)
    visitor, buyer = Caller(stack), Caller(stack, person(world.manager))
    seller = Caller(stack, person(world.seller))
    is_over = threading.Event()
    killer = threading.Thread(target=kill_at_random, args=(stack, random.Random(20261120), is_over))
    killer.start()
    try:
        book_visits(visitor, world)
        for _number in range(ORDERS):
            buy_one_filter(buyer, seller, world)
        pay_twice(visitor, invoice)
    finally:
        is_over.set()
        killer.join()
    stack.wait_for_web()
    wait_until_quiet()
    check_bookings()
    check_orders(world)
    check_payment(invoice)
    assert verify_stock() == []
    assert verify_money() == []


def person(actor: Any) -> User:
    return User.objects.get(pk=actor.user_id)


def make_paid_soon(world: visits.World) -> Invoice:
    invoice = finalise_invoice(world.cashier, make_draft(world.garage.organization))
    pending_payment(invoice, reference="90017")
    return invoice


def book_visits(visitor: Caller, world: visits.World) -> None:
    for number in range(BOOKINGS):
        visitor.post(
            "/appointments",
            {
                "branch": str(world.garage.branch.pk),
                "startsAt": visits.tomorrow(8 + number).isoformat(),
                "services": ["OIL"],
                "name": f"Khách {number}",
                "phone": f"09030000{number:02d}",
                "email": f"khach{number}@example.com",
                "plate": f"51G-100.{number:02d}",
            },
        )


def buy_one_filter(buyer: Caller, seller: Caller, world: visits.World) -> None:
    wish = {"variantId": str(world.offered_filter.pk), "quantity": "1", "buyerVariantId": str(world.oil_filter.pk)}
    body = {
        "sellerId": str(world.distributor.pk),
        "buyerBranchId": str(world.garage.branch.pk),
        "lines": [wish],
    }
    order = f"/orders/{buyer.post('/orders', body)['data']['id']}"
    seller.post(f"{order}/confirm")
    for state in ("processing", "ready"):
        seller.send("PATCH", f"{order}/status", {"state": state})
    seller.post(f"{order}/shipments")
    buyer.post(f"{order}/receive")


def pay_twice(visitor: Caller, invoice: Invoice) -> None:
    body = webhook_body(90017, int(invoice.total), key=payos_account().checksum_key)
    for _delivery in range(2):
        visitor.post("/payments/webhooks/payos", raw=body)


def check_bookings() -> None:
    assert Appointment.objects.count() == BOOKINGS
    sent = Counter(Delivery.objects.filter(type="appointment.booked").values_list("channel", "state"))
    assert sent == {("email", "sent"): BOOKINGS, ("sms", "sent"): BOOKINGS}
    per_person = Counter(Notification.objects.filter(type="appointment.new").values_list("user_id", flat=True))
    assert per_person
    assert set(per_person.values()) == {BOOKINGS}


def check_orders(world: visits.World) -> None:
    assert Counter(Order.objects.values_list("state", flat=True)) == {Order.State.DELIVERED: ORDERS}
    moved = Counter(StockMovement.objects.exclude(source_type="test.delivery").values_list("kind", "quantity"))
    assert moved == {("sale", -1): ORDERS, ("purchase", 1): ORDERS}


def check_payment(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == (Invoice.State.PAID, 0)
    assert Payment.objects.get().state == Payment.State.COMPLETED
    assert MoneyMovement.objects.count() == 1
    assert ProviderEvent.objects.filter(provider="payos").count() == 1
