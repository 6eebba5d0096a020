"""Every screen of the demo world with somebody who may open it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.core.actor import system_actor
from apps.demo.masters.companies import ADMINISTRATOR
from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.catalog.models import Product, Variant
from apps.engines.customers.models import Customer
from apps.engines.inventory.models import StockLevel
from apps.engines.orders.models import Order
from apps.engines.payments.models import Payment
from apps.engines.pricing.models import PriceList
from apps.engines.vehicles.models import Vehicle
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, User
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import BulkSend, Delivery
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.webhooks.models import WebhookEndpoint
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop.models import Appointment, JobCard, JobTask
from apps.verticals.workshop.services import make_estimate_link

S = JobCard.State
OWN = (
    "account",
    "account-security",
    "account-devices",
    "account-addresses",
    "account-notifications",
    "account-privacy",
    "choose",
    "notifications",
    "own-jobs",
)
GARAGE, DISTRIBUTOR = "minh-phat", "distributor"
# Answers to clicks, and parts of pages.
_NO_SCREENS = ("visitor", "-do", "-part", "-move", "-add", "-again", "-link", "-change", "-pdf", "-receipt")


@dataclass(frozen=True)
class Screen:
    """`who` is the email of the person who looks; empty for a visitor. `is_main`: in the dark theme too."""

    name: str
    path: str
    who: str = ""
    is_main: bool = False
    is_error: bool = False


class ScreenUnknown(LookupError):
    """A screen with a document in its address that nobody has chosen a document for."""


def list_screens() -> list[Screen]:
    """Public pages, both portals, the technician's phone, the staff CMS, and what goes wrong."""
    garage = Organization.objects.get(slug=GARAGE)
    distributor = Organization.objects.filter(kinds__contains=["distributor"]).get()
    owner, seller = _person(garage, "owner"), _person(distributor, "owner")
    return [
        *_visitor_screens(garage),
        *_portal_screens("garage", owner, garage),
        *_card_screens(owner, garage),
        *_technician_screens(garage),
        *_portal_screens("distributor", seller, distributor),
        *(Screen(f"own-{name}", reverse(name), owner) for name in OWN),
        Screen("start", "/start/", owner),
        *_staff_screens(),
        Screen("dev-ui", "/dev/ui/", is_main=True),
        Screen("dev-inbox", "/dev/inbox/"),
        Screen("api-docs", "/api/docs/"),
        Screen("error-404", "/nowhere/", is_error=True),
        Screen("error-404-inside", "/garage/job-cards/00000000-0000-7000-8000-000000000000/", owner, is_error=True),
        Screen("error-403", "/garage/invoices/", _person(garage, "technician"), is_error=True),
        Screen("error-link", "/e/no-such-link/", is_error=True),
    ]


def _person(organization: Organization, role: str) -> str:
    membership = Membership.objects.filter(organization=organization, role__code=role).order_by("pk")
    email: str = membership[0].user.email
    return email


def _first(rows: Any, **values: Any) -> Model:
    found = rows.filter(**values).order_by("-pk").first()
    if found is None:
        raise ScreenUnknown(f"no {rows.model.__name__} with {values}")
    return found


def _visitor_screens(garage: Organization) -> Iterator[Screen]:
    yield Screen("public-garages", "/", is_main=True)
    yield Screen("public-booking", f"/g/{garage.slug}/", is_main=True)
    yield Screen("log-in", "/login/", is_main=True)
    yield Screen("sign-up", "/sign-up/")
    yield Screen("terms", "/terms/")
    yield Screen("privacy", "/privacy/")
    yield Screen("log-in-code", "/login/code/")
    yield Screen("forgot-password", "/password/forgot/")
    appointment = _first(Appointment.objects.filter(organization=garage), state=Appointment.State.BOOKED)
    yield Screen("public-appointment", _link("a", appointment, AccessLink.Purpose.APPOINTMENT))
    for name, state in (("open", S.WAITING_CUSTOMER_APPROVAL), ("answered", S.IN_PROGRESS)):
        card = _first(JobCard.objects.filter(organization=garage), state=state)
        url = make_estimate_link(system_actor(garage.pk), card)
        yield Screen(f"public-estimate-{name}", _path(url), is_main=name == "open")
    for name, state in (("open", Invoice.State.SENT), ("paid", Invoice.State.PAID)):
        invoice = Invoice.objects.filter(organization=garage, state=state).order_by("-pk").first()
        if invoice:
            yield Screen(f"public-invoice-{name}", _path(make_invoice_link(invoice)), is_main=name == "open")
    for name, state in (("open", Feedback.State.REQUESTED), ("given", Feedback.State.PENDING)):
        row = Feedback.objects.filter(organization=garage, state=state).order_by("-pk").first()
        if row:
            yield Screen(f"public-feedback-{name}", _link("f", row, AccessLink.Purpose.FEEDBACK))


def _link(letter: str, row: Any, purpose: str) -> str:
    return f"/{letter}/{create_link(row.organization_id, purpose=purpose, subject_id=row.pk, days=30)}/"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _portal_screens(portal: str, who: str, company: Organization) -> Iterator[Screen]:
    """Every address of the portal that is a page."""
    for name, route in _routes(portal):
        if name.endswith(_NO_SCREENS) or name.startswith("tech"):
            continue
        if "<" not in route:
            yield Screen(f"{portal}-{name}", reverse(f"{portal}:{name}"), who, is_main=name in MAIN)
        elif route.count("<") == 1 and "<uuid:id>" in route:
            row = _rows_of(name, company).order_by("-pk").first()
            if row is None and name not in RARE:
                raise ScreenUnknown(f"the demo world has nothing to show as {name}")
            if row is not None:
                yield Screen(f"{portal}-{name}", reverse(f"{portal}:{name}", args=[row.pk]), who, is_main=name in MAIN)


# Documents that only some demo worlds have.
RARE = {"audit-entry", "bulk-send", "delivery", "invitation", "job", "role", "role-edit", "webhook", "webhook-edit"}
MAIN = {"dashboard", "calendar", "check-in", "job-cards", "job-card", "invoice", "orders", "order", "home", "stock"}


def _routes(namespace: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for pattern, inside in _walk(get_resolver(), ""):
        if inside == namespace and pattern.name and pattern.name not in seen and _can_be_opened(pattern):
            seen.add(pattern.name)
            yield pattern.name, str(pattern.pattern)


def _can_be_opened(pattern: URLPattern) -> bool:
    view: Any = getattr(pattern.callback, "view_class", None)
    return view is None or (hasattr(view, "get") and "get" in view.http_method_names)


def _walk(resolver: URLResolver, namespace: str) -> Iterator[tuple[URLPattern, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, entry.namespace or namespace)
        else:
            yield entry, namespace


def _rows_of(name: str, company: Organization) -> Any:
    """The documents among which the screen of this name is shown, the last one first."""
    own: dict[str, Callable[[], Any]] = {
        "audit-entry": lambda: AuditLog.objects.filter(organization=company),
        "branch": lambda: Branch.objects.filter(organization=company),
        "branch-edit": lambda: Branch.objects.filter(organization=company),
        "bulk-send": lambda: BulkSend.objects.filter(organization=company),
        "delivery": lambda: Delivery.objects.filter(organization=company),
        "invitation": lambda: Invitation.objects.filter(organization=company),
        "role": lambda: Role.objects.filter(Q(organization=company) | Q(organization=None, code="advisor")),
        "role-edit": lambda: Role.objects.filter(organization=company),
        "webhook": lambda: WebhookEndpoint.objects.filter(organization=company),
        "webhook-edit": lambda: WebhookEndpoint.objects.filter(organization=company),
        "appointment": lambda: Appointment.objects.filter(organization=company, state="booked"),
        "customer": lambda: Customer.objects.filter(organization=company, vehicles__job_cards__isnull=False),
        "estimate-edit": lambda: JobCard.objects.filter(organization=company, state=S.ESTIMATED),
        "estimate-preview": lambda: JobCard.objects.filter(organization=company, state=S.WAITING_CUSTOMER_APPROVAL),
        "feedback-detail": lambda: Feedback.objects.filter(organization=company, rating__isnull=False),
        "invoice": lambda: Invoice.objects.filter(organization=company, state=Invoice.State.PAID),
        "invoice-edit": lambda: Invoice.objects.filter(organization=company, state=Invoice.State.DRAFT),
        "job-card": lambda: JobCard.objects.filter(organization=company, state=S.IN_PROGRESS),
        "job-card-print": lambda: JobCard.objects.filter(organization=company, state=S.IN_PROGRESS),
        "marketplace-part": lambda: Variant.objects.filter(organization__kinds__contains=["distributor"]),
        "order": lambda: Order.objects.filter(**{_side(company): company}),
        "order-pick-list": lambda: Order.objects.filter(seller=company),
        "payment-refund": lambda: Payment.objects.filter(organization=company, state="completed"),
        "price-list": lambda: PriceList.objects.filter(organization=company),
        "product": lambda: Product.objects.filter(organization=company),
        "staff-member": lambda: Membership.objects.filter(organization=company),
        "stock-level": lambda: StockLevel.objects.filter(organization=company),
        "vehicle": lambda: Vehicle.objects.filter(organization=company, job_cards__isnull=False),
    }
    if name not in own:
        raise ScreenUnknown(f"{name}: which document shall it show? Say it in {__name__}.")
    return own[name]()


def _side(company: Organization) -> str:
    return "seller" if DISTRIBUTOR in company.kinds else "buyer_organization"


def _card_screens(who: str, garage: Organization) -> Iterator[Screen]:
    """A card of each state as it opens, and every tab of one that has everything."""
    for state in S.values:
        card = JobCard.objects.filter(organization=garage, state=state).order_by("-pk").first()
        if card:
            yield Screen(f"card-{state.replace('_', '-')}", reverse("garage:job-card", args=[card.pk]), who)
    full = _first(JobCard.objects.filter(organization=garage), state=S.DELIVERED)
    for tab in ("overview", "inspection", "estimate", "work", "finish"):
        yield Screen(f"card-tab-{tab}", f"{reverse('garage:job-card', args=[full.pk])}?tab={tab}", who)
    yield Screen("calendar-week", f"{reverse('garage:calendar')}?view=week", who)


def _technician_screens(garage: Organization) -> Iterator[Screen]:
    busy = JobTask.objects.filter(organization=garage, state=JobTask.State.IN_PROGRESS, technician__isnull=False)
    task = busy.order_by("-pk").select_related("technician").first()
    who = task.technician.email if task else _person(garage, "technician")
    for name in ("tech", "tech-parts", "tech-scan", "tech-me"):
        yield Screen(name, reverse(f"garage:{name}"), who, is_main=name == "tech")
    if task:
        yield Screen("tech-card", reverse("garage:tech-card", args=[task.job_card_id]), who)


def _staff_screens() -> Iterator[Screen]:
    who = User.objects.get(email=ADMINISTRATOR).email
    yield Screen("admin-home", "/admin/", who)
    for name, rows in (
        ("workshop_jobcard", JobCard.objects),
        ("orders_order", Order.objects),
        ("billing_invoice", Invoice.objects),
        ("catalog_product", Product.objects),
        ("organizations_organization", Organization.objects),
    ):
        yield Screen(f"admin-{name}-list", reverse(f"admin:{name}_changelist"), who)
        yield Screen(f"admin-{name}", reverse(f"admin:{name}_change", args=[_first(rows.all()).pk]), who)
