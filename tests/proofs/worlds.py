"""Two garages, each with a distributor of its own, with a row of every kind, made by the services."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from apps.core.actor import Actor, visitor_actor
from apps.core.clock import now
from apps.core.testing.relay import run_relay
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.orders.services import confirm_order, mark_ready, start_picking
from apps.engines.payments.services import refund_payment
from apps.engines.shipping.services import ship_order
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, User, UserSession
from apps.platform.accounts.services import add_address
from apps.platform.accounts.services.own_data import keep_own_data
from apps.platform.audit.models import AuditLog
from apps.platform.files.services import store_image
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.notifications.services import create_bulk_send
from apps.platform.organizations.models import Branch, Membership
from apps.platform.organizations.services import create_role, invite
from apps.platform.system.jobs.files import keep_file
from apps.platform.system.jobs.running import RunningJob
from apps.platform.system.models import JobRun
from apps.platform.webhooks.models import WebhookDelivery
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop import services
from apps.verticals.workshop.types import CheckInInput, VisitorInput
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.billing import make_draft, make_invoice
from tests.factories.organizations import BranchFactory
from tests.factories.payments import pay
from tests.factories.pricing import PriceListFactory
from tests.factories.webhooks import endpoint_of
from tests.verticals.workshop import visits

# Visitors choose a branch before they book.
KNOWN_TO_ALL = {"branch"}


@dataclass
class Side:
    """A garage, its distributor, their people, and one row of each kind."""

    number: int
    world: visits.World
    visitor: VisitorInput
    owner: Actor
    seller: Actor
    of_other_branch: Actor
    rows: dict[str, Model] = field(default_factory=dict)
    sold: dict[str, Model] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        """Texts that nobody outside may ever read: names, plates, phones, ids."""
        person = self.visitor
        texts = [person.name, person.plate, person.phone[-9:], person.email, f"Nhân viên kín {self.number}"]
        ids = (str(row.pk) for kind, row in self.rows.items() if kind not in KNOWN_TO_ALL)
        return [*texts, *ids, *self.tokens.values()]

    def leaks_in(self, text: str, *, known: tuple[str, ...] = ()) -> list[str]:
        """Which of the marks stand in `text`, besides what the asker said."""
        return [mark for mark in self.marks if mark in text and mark not in known]


@dataclass
class TwoSides:
    ours: Side
    theirs: Side
    nobody: User

    def __iter__(self) -> Iterator[Side]:
        return iter((self.ours, self.theirs))


def make_sides() -> TwoSides:
    """Both sides, and a person who is a member of nothing."""
    sides = TwoSides(_make_side(1), _make_side(2), UserFactory())
    run_relay()
    for side in sides:
        members = Membership.objects.filter(organization=side.world.garage.organization)
        side.rows["notification"] = Notification.objects.filter(user__in=members.values("user")).first()
        assert all(side.rows.values()), side.rows
    return sides


def _make_side(number: int) -> Side:
    world = visits.make_world()
    # The distributor made last is the cheapest, so that each garage buys from its own.
    Variant.objects.filter(pk=world.offered_filter.pk).update(price=80_000 - number)
    organization = world.garage.organization
    plate = f"51H-{number}{number}{number}.{number}7"
    side = Side(
        number,
        world,
        VisitorInput(
            name=f"Khách Kín {number}{number}", phone=f"090{number}77665{number}", email=f"kin{number}@bimat.vn",
            plate=plate, make="Toyota", model="Vios",
        ),
        owner=actor_for("owner", organization),
        seller=world.seller,
        of_other_branch=actor_for("manager", organization, BranchFactory(organization=organization)),
    )  # fmt: skip
    User.objects.filter(pk=world.technician.user_id).update(last_name="Nhân viên", first_name=f"kín {number}")
    _visit(side)
    _money(side)
    _masters(side)
    for purpose in ("appointment", "estimate", "invoice", "feedback"):
        row = {"estimate": "job_card"}.get(purpose, purpose)
        side.tokens[purpose] = create_link(
            organization.pk, purpose=AccessLink.Purpose(purpose), subject_id=side.rows[row].pk
        )
    return side


def _visit(side: Side) -> None:
    world, rows = side.world, side.rows
    booker = visitor_actor(world.garage.organization.pk, frozenset({"appointment.book"}))
    appointment = services.book_appointment(
        booker, branch=world.garage.branch, starts_at=visits.tomorrow(9), service_codes=["OIL"], visitor=side.visitor
    )
    card = services.check_in(
        world.advisor,
        branch=world.garage.branch,
        visitor=side.visitor,
        arrival=CheckInInput(odometer_km=45_000, fuel_percent=40),
        appointment=appointment,
    )
    made = visits.estimate(world, card)
    visits.approve(world, made)
    tasks = list(card.tasks.all())
    services.assign_tasks(world.advisor, card, assignments={task.pk: world.technician.user_id for task in tasks})
    services.start_clock(world.technician, tasks[0])
    [order] = services.order_missing_parts(world.advisor, card)
    confirm_order(world.seller, order)
    mark_ready(world.seller, start_picking(world.seller, order))
    shipment = ship_order(world.seller, order)
    card.refresh_from_db()
    rows.update(
        customer=card.customer, vehicle=card.vehicle, appointment=appointment, job_card=card, estimate=made,
        task=tasks[0], part=card.parts.first(), order=order, shipment=shipment, bay=world.garage.bays[0],
        operation=world.garage.oil_change,
    )  # fmt: skip


def _money(side: Side) -> None:
    organization, rows = side.world.garage.organization, side.rows
    customer, branch = rows["customer"], side.world.garage.branch
    rows["draft"] = make_draft(organization, customer=customer, branch=branch)
    rows["invoice"] = make_invoice(organization, customer=customer, branch=branch)
    rows["payment"] = pay(rows["invoice"], 50_000)
    refund_payment(side.owner, rows["payment"], amount=Decimal(10_000), reason="Trả lại tiền thừa")
    rows["feedback"] = Feedback.objects.create(
        organization=organization, branch=branch, source_type="workshop.jobcard", source_id=rows["job_card"].pk,
        customer=customer,
    )  # fmt: skip


def _masters(side: Side) -> None:
    world, rows = side.world, side.rows
    rows["variant"], rows["product"] = world.pads, world.pads.product
    rows["level"] = StockLevel.objects.get(variant=world.pads)
    rows["movement"] = StockMovement.objects.filter(organization=world.garage.organization).first()
    rows["warehouse"] = world.garage.warehouse
    rows["file"] = store_image(world.advisor, SimpleUploadedFile("a.png", visits.png(), "image/png"))
    rows["member"] = Membership.objects.get(user_id=world.technician.user_id)
    rows["session"] = UserSession.objects.create(
        user_id=world.technician.user_id, kind="app", last_seen_at=now(), expires_at=now() + timedelta(days=1)
    )
    rows["person"] = User.objects.get(pk=world.technician.user_id)
    rows["download"] = keep_own_data(User.objects.get(pk=side.owner.user_id), b"PK")
    rows["address"] = add_address(
        side.owner, recipient="Kho kín", phone="0901234567", province="46", ward="Thuận Hóa", street="1 Lê Lợi"
    )
    keeper = UserFactory()
    # Numbers long enough to be told from others on a page.
    number = 7_700_000_000 + side.number * 1_001
    rows["passkey"] = Authenticator.objects.create(
        pk=number, user=keeper, type="webauthn", data={"name": "Kín", "credential": {}}
    )
    rows["identity"] = SocialAccount.objects.create(pk=number // 10, user=keeper, provider="google", uid=str(keeper.pk))
    rows["partner_program"] = Client.objects.create(name="Chương trình kín", scopes="openid")
    Token.objects.create(user=keeper, client=rows["partner_program"], type="at", hash=str(keeper.pk))
    rows["price_list"] = PriceListFactory(organization=world.garage.organization)
    rows.update(_settings_of(side.owner))
    sold = world.offered_filter
    side.sold.update(
        variant=sold,
        product=sold.product,
        level=StockLevel.objects.get(variant=sold),
        movement=StockMovement.objects.filter(organization=world.distributor).first(),
        warehouse=StockLevel.objects.get(variant=sold).warehouse,
        member=Membership.objects.get(user_id=world.seller.user_id),
        price_list=PriceListFactory(organization=world.distributor),
        **_settings_of(world.seller),
    )


def _settings_of(owner: Actor) -> dict[str, Model]:
    """What the owner of a company sets up beside the daily work."""
    company = owner.organization_id
    endpoint = endpoint_of(owner)
    role = create_role(owner, name="Vai trò kín", permissions=["customer.view"])
    return {
        "role": role,
        "invitation": invite(owner, role=role, email=f"moi-{company}@bimat.vn"),
        "branch": Branch.objects.filter(organization_id=company).first() or BranchFactory(organization_id=company),
        "webhook": endpoint,
        "webhook_delivery": WebhookDelivery.objects.create(
            endpoint=endpoint, event_uid=uuid.uuid4(), name="webhook.test", payload={}, happened_at=now()
        ),
        "bulk_send": create_bulk_send(
            owner, name="Đợt gửi kín", audience="staff", channel="email", subject="Kín", body="Nội dung kín"
        ),
        "delivery": Delivery.objects.create(
            organization_id=company, type="estimate.sent", channel="email", language="vi", address="kin@bimat.vn",
            body="Nội dung kín", dedupe_key=f"kin:{company}", state=Delivery.State.SENT,
        ),
        "audit_entry": AuditLog.objects.filter(organization_id=company).first(),
        "job": _job(owner, company),
    }  # fmt: skip


def _job(owner: Actor, company: uuid.UUID) -> JobRun:
    """One that is done and left a file."""
    job = JobRun.objects.create(
        name="accounts.own_data", organization_id=company, user_id=owner.user_id, label="Việc kín", state="done"
    )
    content = BytesIO("Tệp kín".encode())
    job.result = keep_file(RunningJob(job), content, name="kin.txt", content_type="text/plain")
    job.save(update_fields=["result"])
    return job
