"""A person who was a customer, a colleague and a shopper is forgotten: nothing in the database names them, books still sum.

Beside this: what they download before is all there is, and nothing about anybody else.
"""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.db import connection

from apps.core.actor import visitor_actor
from apps.core.clock import now
from apps.core.errors import BusinessError
from apps.core.testing.relay import run_relay
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice
from apps.engines.customers.models import Customer
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.services import confirm_order, mark_ready, receive_order, start_picking
from apps.engines.payments.services import receive_cash, verify_money
from apps.engines.shipping.services import ship_order
from apps.engines.vehicles.models import Vehicle
from apps.platform.accounts import services
from apps.platform.accounts.models import LoginHistory, User, UserSession
from apps.platform.accounts.services.erase import erase_own_account
from apps.platform.accounts.services.own_data import build_own_data
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Membership
from apps.platform.organizations.services import add_member, build_actor
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.services import acknowledge_feedback, give_feedback
from apps.verticals.workshop import services as workshop
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import MembershipFactory, OrganizationFactory, role
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db

NAME, PHONE, EMAIL = "Lê Minh Khoa", "+84903123456", "khoa@example.com"
STREET = "27 Ngõ Bí Mật"
MARKS = ("Lê Minh Khoa", "le minh khoa", "Khoa Lê Minh", "L\\u00ea", EMAIL, "903123456", "903 123 456", STREET)
# Documents of money as the law has them kept, and the signed approval on which the invoice rests.
KEPT = {
    ("billing_invoice", "billed_name"),
    ("billing_invoice", "billed_phone"),
    ("billing_invoice", "billed_email"),
    ("billing_invoice", "billed_address"),
    ("billing_historicalinvoice", "billed_name"),
    ("billing_historicalinvoice", "billed_phone"),
    ("billing_historicalinvoice", "billed_email"),
    ("billing_historicalinvoice", "billed_address"),
    ("payments_payment", "payer_name"),
    ("workshop_estimatedecision", "decided_by_name"),
}


def find_marks(marks: tuple[str, ...] = MARKS) -> dict[tuple[str, str], str]:
    """Every column of every table that holds one of the marks in any case, with the value that was found first."""
    found: dict[tuple[str, str], str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type NOT IN ('bytea', 'uuid', 'boolean')"
        )
        for table, column in cursor.fetchall():
            shown = f'"{column}"::text'
            tests = " OR ".join([f"{shown} ILIKE %s"] * len(marks))
            cursor.execute(f'SELECT {shown} FROM "{table}" WHERE {tests} LIMIT 1', [f"%{mark}%" for mark in marks])
            if row := cursor.fetchone():
                found[(table, column)] = row[0]
    return found


def live_through_everything() -> tuple[visits.World, User]:
    """A visit from booking to rating, and besides a job at the garage, addresses, log-ins and consents."""
    world = visits.make_world()
    user = UserFactory(email=EMAIL, phone=PHONE, last_name="Lê Minh", first_name="Khoa", bio=f"{NAME} ở Huế")
    User.objects.filter(pk=user.pk).update(phone_verified_at=now())
    user.refresh_from_db()
    card = visits.check_in(world, visits.book(world))
    Customer.objects.filter(pk=card.customer_id).update(notes=f"Gọi {NAME} trước", address=STREET)
    card.customer.refresh_from_db()
    card.customer.save_changes("notes")
    made = visits.estimate(world, card)
    visits.approve(world, made)
    run_relay()
    workshop.complete_card(world.advisor, finish(world, card))
    invoice = finalise_invoice(world.cashier, Invoice.objects.get())
    receive_cash(world.cashier, payable_type="invoice", payable_id=invoice.pk, amount=invoice.total)
    workshop.deliver_card(world.advisor, card, name=NAME, signature_png=visits.png())
    run_relay()
    feedback = Feedback.objects.get()
    guest = visitor_actor(world.garage.organization.pk, frozenset({"feedback.give"}))
    give_feedback(guest, feedback, rating=5, comment=f"{NAME} rất hài lòng")
    acknowledge_feedback(world.manager, feedback, answer=f"Cảm ơn anh {NAME}")
    live_as_user(world, user)
    run_relay()
    return world, user


def finish(world: visits.World, card):
    """The missing filter is forgone; the rest is worked and checked."""
    tasks = list(card.tasks.all())
    workshop.assign_tasks(world.advisor, card, assignments={task.pk: world.technician.user_id for task in tasks})
    workshop.start_clock(world.technician, tasks[0])
    workshop.issue_part(world.technician, card.parts.get(variant=world.pads))
    workshop.complete_task(world.technician, tasks[0], correction=f"Đã thay cho {NAME}")
    [order] = workshop.order_missing_parts(world.advisor, card)
    visits_order(world, order)
    workshop.start_clock(world.technician, tasks[1])
    workshop.issue_part(world.technician, card.parts.get(variant=world.oil_filter))
    workshop.complete_task(world.technician, tasks[1])
    workshop.submit_for_check(world.technician, card)
    workshop.record_quality_check(world.manager, card, result="passed", points=[{"code": "test_drive", "is_ok": True}])
    return card


def visits_order(world: visits.World, order) -> None:
    confirm_order(world.seller, order)
    mark_ready(world.seller, start_picking(world.seller, order))
    ship_order(world.seller, order)
    receive_order(world.manager, order)


def live_as_user(world: visits.World, user: User) -> None:
    owner = actor_for("owner", world.garage.organization)
    MembershipFactory(user=user, organization=world.garage.organization, role=role("cashier"))
    add_member(owner, user=user, role=role("technician"), branch=world.garage.branch, title=f"Thợ {NAME}")
    services.log_in_app(EMAIL, PASSWORD, device=f"Điện thoại của {NAME}", ip="203.0.113.9", user_agent="App/1")
    with pytest.raises(BusinessError):
        services.log_in(PHONE, "wrong-password", ip="203.0.113.9")
    actor = build_actor(user, ip="203.0.113.9", user_agent="App/1")
    services.add_address(
        actor, recipient=NAME, phone=PHONE, province="46", ward="Phường Thuận Hóa", street=STREET, note=f"Gọi {NAME}"
    )
    services.record_consent(actor, kind="marketing")
    services.update_profile(actor, bio=f"{NAME} ở Đà Nẵng")
    services.change_password(actor, current_password=PASSWORD, new_password="mat-khau-moi-1")


def test_a_forgotten_person_is_nowhere_and_books_still_sum() -> None:
    world, user = live_through_everything()
    before = find_marks()
    assert {table for table, _column in before} >= {
        "accounts_user", "accounts_address", "accounts_loginhistory", "audit_auditlog", "customers_customer",
        "customers_historicalcustomer", "feedback_feedback", "notifications_delivery", "notifications_notification",
        "vehicles_vehicle", "workshop_jobcard", "organizations_membership",
    }  # fmt: skip
    total = Invoice.objects.get().total

    erase_own_account(build_actor(user, ip="203.0.113.9"), password="mat-khau-moi-1")
    run_relay()

    left = find_marks()
    assert {place: left[place] for place in set(left) - KEPT} == {}
    assert set(left) == KEPT & set(before)
    assert verify_money() == []
    assert verify_stock() == []
    assert Invoice.objects.get().total == total
    assert (Feedback.objects.get().rating, Feedback.objects.get().comment) == (5, "••• rất hài lòng")
    assert Customer.objects.get(user=user).name == "Khách đã xóa"
    assert Vehicle.objects.filter(search_text__contains="51g12345").count() == 1
    assert not Membership.objects.filter(user=user).exists()
    assert not UserSession.objects.filter(user=user).exists()
    assert not LoginHistory.objects.filter(user=user).exists()
    assert AuditLog.objects.filter(user=user).exclude(actor_name="").count() == 0
    assert AuditLog.objects.filter(user=user, ip__isnull=False).count() == 0
    again = services.create_user(world.advisor, first_name="Khoa", email=EMAIL, phone=PHONE, password="mat-khau-moi-2")
    assert again.email == EMAIL


def test_another_person_of_the_same_family_stays() -> None:
    """A brother with the same phone at the same garage, and a namesake elsewhere, are not touched."""
    _world, user = live_through_everything()
    own = Customer.objects.get(name=NAME)
    brother = Customer.objects.create(organization=own.organization, code="KH-B", name="Lê Minh Khôi", phone=PHONE)
    namesake = Customer.objects.create(organization=OrganizationFactory(), code="KH-N", name=NAME, email="other@x.vn")
    erase_own_account(build_actor(user), password="mat-khau-moi-1")
    brother.refresh_from_db()
    namesake.refresh_from_db()
    assert (brother.name, brother.phone) == ("Lê Minh Khôi", PHONE)
    assert (namesake.name, namesake.email) == (NAME, "other@x.vn")


def test_a_phone_that_nobody_proved_opens_no_record() -> None:
    """Else whoever types somebody's number into their profile could read and erase what a garage keeps about them."""
    _world, user = live_through_everything()
    User.objects.filter(pk=user.pk).update(phone_verified_at=None)
    user.refresh_from_db()
    archive = zipfile.ZipFile(io.BytesIO(build_own_data(user)))
    assert {"customers.json", "vehicles.json", "workshop.json", "billing.json"} & set(archive.namelist()) == {
        "customers.json"
    }
    assert json.loads(archive.read("customers.json")) == {"customers": []}


def test_the_download_is_complete_and_holds_nothing_of_others() -> None:
    world, user = live_through_everything()
    other = UserFactory(last_name="Phạm Bảo", first_name="Ngọc", email="ngoc@example.com", phone="+84907654321")
    Customer.objects.create(
        organization=world.garage.organization, user=other, code="KH-X", name=other.full_name, phone=other.phone
    )
    services.add_address(
        build_actor(other),
        recipient="Phạm Bảo Ngọc",
        phone="0907654321",
        province="Hà Nội",
        ward="Ba Đình",
        street="1 A",
    )
    archive = zipfile.ZipFile(io.BytesIO(build_own_data(user)))
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) >= {f"{app}.json" for app in APPS}
    assert len(json.loads(texts["workshop.json"])["job_cards"]) == 1
    assert json.loads(texts["vehicles.json"])["vehicles"][0]["plate"] == "51G-123.45"
    invoice = json.loads(texts["billing.json"])["invoices"][0]
    assert Decimal(invoice["total"]) == Decimal(invoice["payments"][0]["amount"])
    assert json.loads(texts["accounts.json"])["addresses"][0]["street"] == STREET
    assert json.loads(texts["feedback.json"])["feedback"][0]["rating"] == 5
    everything = "".join(texts.values())
    assert not [
        word
        for word in ("password", "argon2", "refresh_hash", "session_key", "token_hash")
        if word
        in everything.replace("password_changed", "").replace('"method": "password"', "").replace("wrong_password", "")
    ]
    people = User.objects.exclude(pk=user.pk)
    named = [str(one) for person in people for one in (person.full_name, person.email, person.phone) if one]
    assert [word for word in named if word in everything] == []


APPS = (
    "accounts", "audit", "billing", "customers", "feedback", "notifications", "organizations", "vehicles", "workshop",
)  # fmt: skip
