"""What the front page of the staff CMS shows: the tables are known here, not in the core."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin.dashboard import ShownCheck, StaffFigure, register_figures, register_health
from apps.platform.system.services.check_health import check_all


def today() -> datetime:
    """The beginning of the day, in the zone of the page."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def _looked_at() -> Sequence[ShownCheck]:
    return [ShownCheck(one.label, one.is_good, one.detail) for one in check_all()]


def register_dashboard() -> None:
    """Called once, when the addresses are read."""
    register_health(_looked_at)
    register_figures(
        StaffFigure("organizations.Organization", _("Companies at work"), "domain", lambda: Q(status="active")),
        StaffFigure("accounts.User", _("Active users"), "person", lambda: Q(is_active=True), "is_active__exact=1"),
        StaffFigure("accounts.User", _("New users today"), "person_add", lambda: Q(created_at__gte=today())),
        StaffFigure("workshop.JobCard", _("Open job cards"), "build", lambda: ~Q(state__in=("delivered", "cancelled"))),
        StaffFigure(
            "workshop.Appointment",
            _("Appointments today"),
            "event",
            lambda: Q(starts_at__gte=today(), starts_at__lt=today() + timedelta(days=1)) & ~Q(state="cancelled"),
        ),
        StaffFigure("orders.Order", _("Orders placed today"), "shopping_cart", lambda: Q(placed_at__gte=today())),
        StaffFigure(
            "payments.MoneyMovement",
            _("Money received today"),
            "payments",
            lambda: Q(kind="receipt", occurred_at__gte=today()),
            amount="amount",
        ),
        StaffFigure(
            "system.JobRun",
            _("Failed jobs"),
            "sms_failed",
            lambda: Q(state="failed"),
            "state__exact=failed",
            is_bad=True,
        ),
        StaffFigure(
            "notifications.Delivery",
            _("Messages that could not be delivered"),
            "unsubscribe",
            lambda: Q(state="failed"),
            "state__exact=failed",
            is_bad=True,
        ),
        StaffFigure(
            "events.OutboxEvent",
            _("Events that nobody has passed on"),
            "outbox",
            lambda: Q(relayed_at__isnull=True, attempts__gt=0),
            "relayed_at__isempty=1",
            is_bad=True,
        ),
    )
