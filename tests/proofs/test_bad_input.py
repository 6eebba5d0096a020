"""What the story refuses, at each of its doors, and that nothing stays of it."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.engines.billing.models import Invoice
from apps.engines.inventory.models import StockMovement
from apps.engines.orders.models import Order
from apps.engines.orders.services import confirm_order, mark_ready, receive_order, start_picking
from apps.engines.payments.models import Payment
from apps.engines.shipping.services import ship_order
from apps.platform.accounts.links import create_link, revoke_links
from apps.platform.accounts.models import AccessLink
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, EstimateDecision, JobCard
from apps.verticals.workshop.types import EstimateLineInput
from tests.factories.billing import make_invoice
from tests.factories.payments import KEY, pay, pending_payment, webhook_body
from tests.proofs.unchanged import nothing_left_behind
from tests.support.api import api_client
from tests.support.portal import browser_of
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db
CARDS = "/api/v1/workshop/job-cards"
SIGNATURE = "data:image/png;base64," + base64.b64encode(visits.png()).decode()


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


@pytest.fixture
def card(world: visits.World) -> JobCard:
    return visits.check_in(world)


@pytest.fixture
def approved(world: visits.World, card: JobCard) -> JobCard:
    visits.approve(world, visits.estimate(world, card))
    card.refresh_from_db()
    return card


@pytest.fixture
def shipped(world: visits.World, approved: JobCard) -> Order:
    [order] = services.order_missing_parts(world.advisor, approved)
    mark_ready(world.seller, start_picking(world.seller, confirm_order(world.seller, order)))
    ship_order(world.seller, order)
    return order


@pytest.fixture
def paid(world: visits.World, card: JobCard) -> Invoice:
    invoice = make_invoice(world.garage.organization, customer=card.customer, branch=world.garage.branch)
    pay(invoice, invoice.total)
    invoice.refresh_from_db()
    return invoice


def says(answer: Any, *texts: str) -> None:
    """The answer names what is wrong, in one of these words."""
    body = answer.content.decode()
    assert any(text in body for text in texts), body[:2000]


def rule_of(answer: Any) -> str:
    error = answer.json()["error"]
    return str(error["details"].get("rule", error["code"]))


def arrival(**changes: Any) -> dict[str, Any]:
    return {"plate": "51G-678.90", "make": "Kia", "model": "K3", "odometerKm": 10, "fuelPercent": 5,
            "name": "Lan", "phone": "0903111222", **changes}  # fmt: skip


def arrival_form(**changes: Any) -> dict[str, Any]:
    return {"plate": "51G-678.90", "make": "Kia", "model": "K3", "odometer_km": "10", "fuel_percent": "5",
            "name": "Lan", "phone": "0903111222", "marks": "[]", **changes}  # fmt: skip


def decision(made: Any, **changes: Any) -> dict[str, Any]:
    """The customer's answer over REST."""
    lines = [{"line": str(line.pk), "decision": "approved"} for line in made.lines.all()]
    return {"decisions": lines, "name": "Khoa", "documentHash": made.document_hash, "signature": SIGNATURE, **changes}


def decision_form(made: Any, **changes: Any) -> dict[str, Any]:
    """The customer's answer on the page."""
    lines = {f"line-{line.pk}": "approved" for line in made.lines.all()}
    return {**lines, "name": "Khoa", "document_hash": made.document_hash, "signature": SIGNATURE, **changes}


PLATES = ["hello", "51G-1", "99999", "5१G-123.45", "51G 123 45 67", "' OR 1=1 --", "🚗🚗🚗"]


@pytest.mark.parametrize("plate", PLATES)
def test_unknown_plate_format(world: visits.World, plate: str) -> None:
    slug, branch = world.garage.organization.slug, world.garage.branch
    booking = {"startsAt": visits.tomorrow(9).isoformat(), "name": "Khoa", "phone": "0903123456", "plate": plate}
    with nothing_left_behind():
        rest = api_client().post("/api/v1/appointments", {**booking, "branch": str(branch.pk), "services": ["OIL"]})
        assert (rest.status_code, rest.json()["error"]["field"]) == (400, "plate")
        page = {"service": "OIL", "starts_at": booking["startsAt"], "name": "Khoa", "phone": "0903123456"}
        assert Client().post(f"/g/{slug}/", {**page, "plate": plate}).status_code in (400, 422)
        desk = browser_of(world.advisor)
        assert desk.post("/garage/check-in/", arrival_form(plate=plate)).status_code in (400, 422)
        opened = api_client(actor=world.advisor).post(CARDS, arrival(plate=plate))
        assert (opened.status_code, opened.json()["error"]["field"]) == (400, "plate")


def test_odometer_going_back(world: visits.World, card: JobCard) -> None:
    services.cancel_card(world.manager, card, reason="Thử")
    plate = card.vehicle.plate
    with nothing_left_behind():
        rest = api_client(actor=world.advisor).post(CARDS, arrival(plate=plate, odometerKm=44_999))
        assert rest.status_code in (409, 422), rest.json()
        assert rule_of(rest) == "odometer_backwards"
        page = browser_of(world.advisor).post("/garage/check-in/", arrival_form(plate=plate, odometer_km="44999"))
        assert page.status_code in (409, 422)
        says(page, "45.000")
    assert JobCard.objects.count() == 1


@pytest.mark.parametrize("kind", ["forged", "expired", "revoked", "of another purpose"])
def test_a_link_that_is_no_key(world: visits.World, card: JobCard, kind: str) -> None:
    made = visits.estimate(world, card)
    company = world.garage.organization.pk
    purpose = "invoice" if kind == "of another purpose" else "estimate"
    token = create_link(company, purpose=AccessLink.Purpose(purpose), subject_id=card.pk)
    if kind == "forged":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    if kind == "expired":
        AccessLink.objects.update(expires_at=now() - timedelta(seconds=1))
    if kind == "revoked":
        revoke_links("estimate", card.pk)
    wanted = 410 if kind in ("expired", "revoked") else 404
    with nothing_left_behind():
        client = Client()
        for answer in (
            client.get(f"/e/{token}/"),
            client.post(f"/e/{token}/", decision_form(made)),
            api_client().get(f"/api/v1/public/estimates/{token}"),
            api_client().post(f"/api/v1/public/estimates/{token}/decision", decision(made)),
        ):
            assert answer.status_code == wanted
            assert card.vehicle.plate not in answer.content.decode()
            assert made.document_hash not in answer.content.decode()


def test_a_used_link_answers_once(world: visits.World, card: JobCard) -> None:
    made = visits.estimate(world, card)
    token = create_link(world.garage.organization.pk, purpose=AccessLink.Purpose.ESTIMATE, subject_id=card.pk)
    assert Client().post(f"/e/{token}/", decision_form(made)).status_code == 302
    with nothing_left_behind():
        assert Client().post(f"/e/{token}/", decision_form(made)).status_code == 409
        again = api_client().post(f"/api/v1/public/estimates/{token}/decision", decision(made))
        assert again.status_code == 409
    assert EstimateDecision.objects.count() == 1


def test_approving_a_changed_estimate(world: visits.World, card: JobCard) -> None:
    seen = visits.estimate(world, card)
    token = create_link(world.garage.organization.pk, purpose=AccessLink.Purpose.ESTIMATE, subject_id=card.pk)
    over_rest, on_page = decision(seen), decision_form(seen)
    line = EstimateLineInput(kind="fee", description="Rửa xe", unit_price=Decimal(99_000))
    services.send_estimate(world.advisor, services.save_estimate(world.advisor, card, lines=[line]))
    with nothing_left_behind():
        rest = api_client().post(f"/api/v1/public/estimates/{token}/decision", over_rest)
        assert (rest.status_code, rule_of(rest)) == (409, "estimate_changed")
        page = Client().post(f"/e/{token}/", on_page)
        assert page.status_code == 409
        says(page, "108.900")
        desk = browser_of(world.advisor).post(f"/garage/job-cards/{card.pk}/do/answer/", on_page)
        assert desk.status_code in (409, 422)


def test_issuing_more_than_there_is(world: visits.World, approved: JobCard) -> None:
    pads, oil_filter = approved.parts.get(variant=world.pads), approved.parts.get(variant=world.oil_filter)
    rest, desk = api_client(actor=world.technician), browser_of(world.technician)
    address, page = f"{CARDS}/{approved.pk}/issue-part", f"/garage/job-cards/{approved.pk}/do/issue/"
    with nothing_left_behind():
        for quantity in ("2", "1.001", "99999999999"):
            answer = rest.put(address, {"part": str(pads.pk), "quantity": quantity})
            assert (answer.status_code, rule_of(answer)) in ((422, "too_many_issued"), (400, "VALIDATION_001"))
        for quantity in ("0", "-1", "NaN", "Infinity"):
            assert rest.put(address, {"part": str(pads.pk), "quantity": quantity}).status_code in (400, 422)
        # Nothing of the filter is reserved, because there is none.
        missing = rest.put(address, {"part": str(oil_filter.pk)})
        assert missing.status_code in (409, 422), missing.json()
        assert desk.post(page, {"part": str(oil_filter.pk)}).status_code in (409, 422)
    assert desk.post(page, {"part": str(pads.pk)}).status_code == 302
    with nothing_left_behind():
        assert desk.post(page, {"part": str(pads.pk)}).status_code in (409, 422)
    assert StockMovement.objects.filter(kind="job_card").count() == 1


def test_receiving_more_than_was_sent(world: visits.World, shipped: Order) -> None:
    line = shipped.lines.get()
    rest, desk = api_client(actor=world.manager), browser_of(world.manager)
    address, page = f"/api/v1/orders/{shipped.pk}/receive", f"/garage/orders/{shipped.pk}/do/receive/"
    with nothing_left_behind():
        for quantity in ("2", "1.001", "1000000000"):
            answer = rest.put(address, {"lines": [{"lineId": str(line.pk), "quantity": quantity}]})
            assert rule_of(answer) in ("received_too_much", "VALIDATION_001")
            assert desk.post(page, {f"line-{line.pk}": quantity}).status_code == 422
        for quantity in ("-1", "NaN"):
            answer = rest.put(address, {"lines": [{"lineId": str(line.pk), "quantity": quantity}]})
            assert answer.status_code in (400, 422)
    receive_order(world.manager, shipped)
    with nothing_left_behind():
        for body in ({"lines": [{"lineId": str(line.pk), "quantity": "1"}]}, {}):
            again = rest.put(address, body)
            assert (again.status_code, rule_of(again)) == (422, "illegal_move")
        assert desk.post(page, {f"line-{line.pk}": "1"}).status_code in (403, 409, 422)


def test_paying_a_paid_invoice(world: visits.World, paid: Invoice) -> None:
    token = create_link(world.garage.organization.pk, purpose=AccessLink.Purpose.INVOICE, subject_id=paid.pk)
    rest, desk = api_client(actor=world.cashier), browser_of(world.cashier)
    counter = {"amount": "1000", "method": "cash"}
    with nothing_left_behind():
        for answer in (
            rest.post(f"/api/v1/invoices/{paid.pk}/payments", counter),
            rest.put(f"/api/v1/invoices/{paid.pk}/pay"),
            rest.post("/api/v1/payments", {**counter, "payableId": str(paid.pk)}),
            rest.post("/api/v1/payments", {"method": "online", "payableId": str(paid.pk)}),
        ):
            assert (answer.status_code, rule_of(answer)) == (409, "nothing_due")
        assert desk.post(f"/garage/invoices/{paid.pk}/do/receive/", counter).status_code in (403, 409, 422)
        assert Client().post(f"/i/{token}/pay/").status_code in (302, 409, 422)
    assert Payment.objects.count() == 1


def test_paying_more_than_is_due_or_nothing(world: visits.World, card: JobCard) -> None:
    invoice = make_invoice(world.garage.organization, customer=card.customer, branch=world.garage.branch)
    rest, desk = api_client(actor=world.cashier), browser_of(world.cashier)
    with nothing_left_behind():
        for amount in ("110001", "0", "-5", "NaN", "1e30", "Infinity", "0.001"):
            answer = rest.post(f"/api/v1/invoices/{invoice.pk}/payments", {"amount": amount, "method": "cash"})
            assert answer.status_code in (400, 422), answer.json()
            page = desk.post(f"/garage/invoices/{invoice.pk}/do/receive/", {"amount": amount, "method": "cash"})
            assert page.status_code in (400, 422)


@pytest.mark.parametrize("fault", ["signature", "amount in the body", "key", "cut off", "no signature", "other amount"])
def test_webhook_with_wrong_signature_or_amount(world: visits.World, card: JobCard, settings: Any, fault: str) -> None:
    settings.PAYOS_CLIENT_ID, settings.PAYOS_CHECKSUM_KEY = "client", KEY
    invoice = make_invoice(world.garage.organization, customer=card.customer, branch=world.garage.branch)
    payment = pending_payment(invoice)
    body = webhook_body(9001, int(invoice.total))
    if fault == "signature":
        body = body.replace(b'"signature": "', b'"signature": "0')
    if fault == "amount in the body":
        body = body.replace(b'"amount": 110000', b'"amount": 1')
    if fault == "key":
        body = webhook_body(9001, int(invoice.total), key="another")
    if fault == "cut off":
        body = body[:-20]
    if fault == "no signature":
        body = json.dumps({key: value for key, value in json.loads(body).items() if key != "signature"}).encode()
    if fault == "other amount":
        body = webhook_body(9001, 1_000)
    for _twice in range(2):
        answer = Client().post("/api/v1/payments/webhooks/payos", body, content_type="application/json")
        assert answer.status_code < 500
        assert (answer.status_code == 200) == (fault == "other amount"), answer.content
    payment.refresh_from_db()
    invoice.refresh_from_db()
    # A transfer of another amount is signed and true: the money is kept for a person, the payment is not done.
    assert payment.state != Payment.State.COMPLETED
    assert invoice.balance == invoice.total
    assert Payment.objects.count() == 1


def test_ids_of_a_stranger(world: visits.World, approved: JobCard) -> None:
    other = visits.make_world()
    theirs = visits.check_in(other)
    rest, desk = api_client(actor=world.advisor), browser_of(world.advisor)
    task, part = approved.tasks.first(), approved.parts.first()
    with nothing_left_behind():
        for answer in (
            rest.get(f"{CARDS}/{theirs.pk}"),
            rest.put(f"{CARDS}/{approved.pk}/assign", {"assignments": [
                {"task": str(task.pk), "technician": str(other.technician.user_id)}]}),
            rest.put(f"{CARDS}/{theirs.pk}/issue-part", {"part": str(part.pk)}),
            rest.put(f"{CARDS}/{approved.pk}/issue-part", {"part": str(uuid7())}),
            rest.post(f"{CARDS}/{approved.pk}/additional-services", {"lines": [
                {"kind": "part", "variant": str(other.pads.pk)}]}),
        ):  # fmt: skip
            assert answer.status_code in (400, 404), answer.json()
        assert desk.get(f"/garage/job-cards/{theirs.pk}/").status_code == 404
        assert desk.post(f"/garage/job-cards/{theirs.pk}/do/start/").status_code == 404
        assign = desk.post(
            f"/garage/job-cards/{approved.pk}/do/assign/", {f"task-{task.pk}": str(other.technician.user_id)}
        )
        assert assign.status_code in (400, 404, 422)


def test_double_clicks(world: visits.World, card: JobCard) -> None:
    invoice = make_invoice(world.garage.organization, customer=card.customer, branch=world.garage.branch)
    desk = browser_of(world.cashier)
    url = f"/garage/invoices/{invoice.pk}/do/receive/"
    version = str(Invoice.objects.get(pk=invoice.pk).version)
    form = {"amount": "60000", "method": "cash", "version": version}
    assert desk.post(url, form).status_code == 302
    with nothing_left_behind():
        assert desk.post(url, form).status_code == 409
    assert Payment.objects.get().amount == 60_000
    rest = api_client(actor=world.cashier)
    for _twice in range(2):
        answer = rest.post(
            f"/api/v1/invoices/{invoice.pk}/payments", {"amount": "50000", "method": "cash"}, HTTP_IDEMPOTENCY_KEY="k-1"
        )
        assert answer.status_code == 201
    assert Payment.objects.count() == 2


def test_a_form_that_is_sent_twice_opens_one_card(world: visits.World) -> None:
    desk = browser_of(world.advisor)
    page = desk.get("/garage/check-in/")
    form = arrival_form(**{"form_token": page.context["token"]})
    first = desk.post("/garage/check-in/", form)
    second = desk.post("/garage/check-in/", form)
    assert (first.status_code, second.status_code) == (302, 302), first.content.decode()[:3000]
    assert first.url == second.url
    assert JobCard.objects.count() == 1


def test_two_people_edit_one_card(world: visits.World, card: JobCard) -> None:
    rest, desk = api_client(actor=world.advisor), browser_of(world.manager)
    address, page = f"{CARDS}/{card.pk}", f"/garage/job-cards/{card.pk}/do/edit/"
    etag, version = rest.get(address).headers["ETag"], str(card.version)
    assert desk.post(page, {"concern": "Phanh kêu", "version": version}).status_code == 302
    with nothing_left_behind():
        stale = rest.patch(address, {"concern": "Thay lốp"}, HTTP_IF_MATCH=etag)
        assert (stale.status_code, stale.json()["error"]["code"]) == (409, "DUPLICATE_001")
        late = desk.post(page, {"concern": "Thay lốp", "version": version})
        assert late.status_code == 409
        says(late, "Thay lốp")
    card.refresh_from_db()
    assert card.concern == "Phanh kêu"


def test_a_taken_time(world: visits.World) -> None:
    for bay in world.garage.bays[1:]:
        bay.is_active = False
        bay.save()
    visits.book(world)
    booking = {"name": "Lan", "phone": "0903999888", "plate": "51g99999"}
    starts_at = visits.tomorrow(9).isoformat()
    with nothing_left_behind():
        rest = api_client().post("/api/v1/appointments", {
            **booking, "branch": str(world.garage.branch.pk), "startsAt": starts_at, "services": ["OIL"]})  # fmt: skip
        assert (rest.status_code, rule_of(rest)) == (409, "slot_taken")
        page = Client().post(
            f"/g/{world.garage.organization.slug}/", {**booking, "starts_at": starts_at, "service": "OIL"}
        )
        assert page.status_code == 409
    assert Appointment.objects.count() == 1
