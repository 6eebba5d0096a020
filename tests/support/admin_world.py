"""At least two rows of nearly every table, for the walk through the staff CMS."""

from datetime import time, timedelta
from decimal import Decimal

from allauth.idp.oidc.models import Client
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.core.actor import Actor, system_actor
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.engines.inventory.models import StockLevel, StockReservation, StockShortage
from apps.engines.payments.models import ProviderEvent
from apps.engines.payments.services import refund_payment
from apps.engines.scheduling.models import Reservation
from apps.engines.shipping.services import ship_order
from apps.platform.accounts.models import AccessLink, Consent, LoginHistory, OneTimeCode, SignUp, UserSession
from apps.platform.files.models import StoredFile
from apps.platform.notifications.models import (
    BulkSend,
    Delivery,
    Notification,
    NotificationTemplate,
    PushSubscription,
    QuietHours,
    TelegramLink,
)
from apps.platform.organizations.models import Invitation, Role
from apps.platform.system.models import JobRun, Setting
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop.models import (
    Appointment,
    Estimate,
    EstimateLine,
    JobCard,
    JobTask,
    PartRequirement,
    WorkLog,
)
from tests.factories.billing import make_draft, make_invoice
from tests.factories.catalog import FitmentFactory
from tests.factories.orders import Market
from tests.factories.payments import pay
from tests.factories.pricing import PriceListFactory, PriceListItemFactory
from tests.factories.workshop import Garage, VehicleFactory, make_garage


def build_world() -> None:
    """Two of everything."""
    market = Market()
    for number in (1, 2):
        garage = make_garage()
        actor = system_actor(garage.organization.pk)
        _sell(market)
        _visit(garage, market, actor, number)
        _bill(garage, actor)
        _platform(garage, market.buyer, number)


def _sell(market: Market) -> None:
    order = market.ready()
    ship_order(market.seller, order)
    market.place((market.oil, 1))
    price_list = PriceListFactory(organization=market.distributor)
    PriceListItemFactory(price_list=price_list, variant=market.pads)
    FitmentFactory(product=market.pads.product, year_from=2000 + market.pads.product.fitments.count())
    level = StockLevel.objects.get(variant=market.oil)
    StockShortage.objects.get_or_create(level=level)
    StockReservation.objects.create(
        organization=market.distributor, level=level, quantity=1,
        source_type="test", source_id=uuid7(), line_id=uuid7(),
    )  # fmt: skip


def _visit(garage: Garage, market: Market, actor: Actor, number: int) -> None:
    vehicle = VehicleFactory(customer__organization=garage.organization, vin="")
    where = {"organization": garage.organization, "branch": garage.branch}
    start = now() + timedelta(days=number)
    period = DateTimeTZRange(start, start + timedelta(hours=1))
    reservation = Reservation.objects.create(
        resource=garage.bays[0], period=period, source_type="test", source_id=uuid7(), **where
    )
    appointment = Appointment.objects.create(
        number=f"AP-{number}", customer=vehicle.customer, vehicle=vehicle, plate=vehicle.plate,
        resource=garage.bays[0], reservation=reservation, starts_at=start, ends_at=start + timedelta(hours=1),
        channel=Appointment.Channel.values[0], **where,
    )  # fmt: skip
    card = JobCard.objects.create(
        number=f"JC-{number}", appointment=appointment, customer=vehicle.customer, vehicle=vehicle,
        warehouse=garage.warehouse, **where,
    )  # fmt: skip
    estimate = Estimate.objects.create(job_card=card, number=1)
    EstimateLine.objects.create(
        estimate=estimate, position=1, kind=EstimateLine.Kind.values[0], description="Thay dầu",
        unit_price=100, net=100, tax=10, gross=110, tax_rate=10,
    )  # fmt: skip
    task = JobTask.objects.create(job_card=card, description="Thay dầu", technician_id=market.buyer.user_id, **where)
    WorkLog.objects.create(task=task, technician_id=market.buyer.user_id, period=period, is_open=False, **where)
    PartRequirement.objects.create(job_card=card, variant=market.pads, required=1)
    Feedback.objects.create(source_type="test", source_id=uuid7(), customer=vehicle.customer, **where)


def _bill(garage: Garage, actor: Actor) -> None:
    make_draft(garage.organization)
    invoice = make_invoice(garage.organization)
    payment = pay(invoice, 100_000)
    refund_payment(actor, payment, amount=Decimal(10_000), reason="Trả lại tiền thừa")
    ProviderEvent.objects.create(
        provider="payos", reference=str(uuid7()), raw_body="{}", amount=1, outcome=ProviderEvent.Outcome.values[0]
    )


def _platform(garage: Garage, buyer: Actor, number: int) -> None:
    company, moment = garage.organization, now()
    UserSession.objects.create(
        user_id=buyer.user_id, kind="app", last_seen_at=moment, expires_at=moment, session_key=str(uuid7())
    )
    LoginHistory.objects.create(user_id=buyer.user_id, identifier="a@example.com", method="password", succeeded=True)
    AccessLink.objects.create(
        token_hash=str(uuid7()), purpose="estimate", organization=company, subject_id=uuid7(), expires_at=moment
    )
    sign_up = SignUp.objects.create(
        email=f"khach{number}@example.com", first_name="Lan", password="x", user_id=buyer.user_id
    )
    Consent.objects.create(user_id=buyer.user_id, kind="terms", version=str(number), is_granted=True)
    OneTimeCode.objects.create(
        purpose="email_verification", channel="email", address=sign_up.email, sign_up=sign_up, expires_at=moment
    )
    StoredFile.objects.create(
        organization=company, kind="image", file="files/a.webp", original_name="a.webp",
        content_type="image/webp", size=1, sha256="0" * 64,
    )  # fmt: skip
    Invitation.objects.create(
        organization=company, role=Role.objects.filter(organization=None).first(), email=f"moi{number}@example.com",
        token_hash=str(uuid7()), invited_by_id=buyer.user_id, expires_at=moment,
    )  # fmt: skip
    Client.objects.create(name=f"Partner {number}", scopes="openid")
    Setting.objects.create(key="test.key", organization=company, value=number)
    JobRun.objects.create(name="nightly")
    NotificationTemplate.objects.create(
        organization=company, type="estimate.sent", channel="sms", language="vi", body="x"
    )
    Notification.objects.create(
        user_id=buyer.user_id, organization=company, type="estimate.sent", category="workshop", title="Báo giá",
        dedupe_key=str(uuid7()),
    )  # fmt: skip
    Delivery.objects.create(
        organization=company, type="estimate.sent", channel="sms", language="vi", address="+84901234567", body="x",
        dedupe_key=str(uuid7()),
    )  # fmt: skip
    BulkSend.objects.create(
        organization=company, name="Ưu đãi", audience="customers", channel="sms", body="x", created_by_id=buyer.user_id
    )
    person = {"user_id": buyer.user_id}
    TelegramLink.objects.get_or_create(**person, defaults={"chat_id": 1, "username": "mai"})
    QuietHours.objects.get_or_create(**person, defaults={"begins_at": time(22), "ends_at": time(7)})
    PushSubscription.objects.create(**person, endpoint=f"https://push.example/{uuid7()}", p256dh="p", auth="a")
    endpoint = WebhookEndpoint.objects.create(organization=company, url=f"https://cms{number}.example.vn/", secret=b"x")
    WebhookDelivery.objects.create(
        endpoint=endpoint, event_uid=uuid7(), name="webhook.test", payload={}, happened_at=moment
    )
