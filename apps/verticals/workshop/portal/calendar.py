"""The calendar: bays side by side for a day, or a week at a glance; appointments are dragged to where they fit."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.clock import local_date
from apps.core.db import get_visible
from apps.core.errors import BadInput, BusinessError
from apps.core.ids import parse_id
from apps.core.portal.actions import read_version
from apps.core.portal.columns import capitalize
from apps.core.portal.providers import providers
from apps.core.portal.registry import register_nav
from apps.core.portal.responses import add_toast, is_htmx
from apps.core.portal.views import PortalView
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.portal.branches import choose_branch, open_branches
from apps.verticals.workshop.selectors.calendar import calendar_day, calendar_week
from apps.verticals.workshop.services.appointments import get_bay
from apps.verticals.workshop.states import APPOINTMENT

State = Appointment.State


class CalendarView(PortalView):
    """`?day=2026-11-20&view=week&branch=…&bay=…`; `bay` is the one that a narrow screen shows."""

    portal, permission = "garage", "appointment.view"
    template_name = "workshop/calendar/page.html"
    title = _("Calendar")

    @cached_property
    def branches(self) -> list[Branch]:
        return open_branches(self.actor)

    @cached_property
    def branch(self) -> Branch:
        return choose_branch(self.branches, self.actor, self.request.GET.get("branch", ""))

    @cached_property
    def today(self) -> date:
        return local_date(self.branch.organization.timezone)

    @cached_property
    def day(self) -> date:
        try:
            return date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return self.today

    @property
    def is_week(self) -> bool:
        return self.request.GET.get("view") == "week"

    def link(self, **changes: Any) -> str:
        """The address of this calendar with some things changed."""
        asked = {key: self.request.GET[key] for key in ("day", "view", "branch", "bay") if self.request.GET.get(key)}
        asked |= {key: str(value) for key, value in changes.items()}
        return f"{reverse('garage:calendar')}?{urlencode({key: value for key, value in asked.items() if value})}"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        step = timedelta(days=7 if self.is_week else 1)
        topic = f"calendar:{self.branch.pk}"
        return super().get_context(
            branch=self.branch,
            branches=[
                {"label": row.name, "url": self.link(branch=row.pk, bay=""), "active": row.pk == self.branch.pk}
                for row in self.branches
            ],
            day=self.day,
            today=self.today,
            is_week=self.is_week,
            previous_url=self.link(day=self.day - step),
            next_url=self.link(day=self.day + step),
            today_url=self.link(day=""),
            views=[
                {"label": _("Day"), "url": self.link(view=""), "active": not self.is_week},
                {"label": _("Week"), "url": self.link(view="week"), "active": self.is_week},
            ],
            live=f"{topic} board:{self.branch.pk}",
            live_numbers=providers.live_numbers([topic, f"board:{self.branch.pk}"]),
            **(self.describe_week() if self.is_week else self.describe_day()),
            **extra,
        )

    def describe_day(self) -> dict[str, Any]:
        shown = calendar_day(self.actor, self.branch, self.day)
        wanted = parse_id(self.request.GET.get("bay", ""))
        ids = [column.bay.pk for column in shown.bays]
        chosen = wanted if wanted in ids else (ids[0] if ids else None)
        return {
            "calendar": shown,
            "chosen_bay": chosen,
            "bay_links": [
                {"label": column.bay.name, "url": self.link(bay=column.bay.pk), "active": column.bay.pk == chosen,
                 "count": len(column.blocks)}
                for column in shown.bays
            ],
            "table": APPOINTMENT,
            "keys": [
                {"label": capitalize(str(state.label)), "tone": APPOINTMENT.tone(state)}
                for state in (State.BOOKED, State.CONFIRMED, State.CHECKED_IN)
            ],
        }  # fmt: skip

    def describe_week(self) -> dict[str, Any]:
        monday = self.day - timedelta(days=self.day.weekday())
        days = calendar_week(self.actor, self.branch, monday)
        return {
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "week": [(row, self.link(day=row.day, view="")) for row in days],
            "table": APPOINTMENT,
        }

    def draw(self, context: Any, *, template: str = "", status: int = 200) -> HttpResponse:
        alone = is_htmx(self.request) and self.request.headers.get("HX-Target") == "calendar"
        part = "workshop/calendar/week.html" if self.is_week else "workshop/calendar/day.html"
        return super().draw(context, template=template or (part if alone else ""), status=status)


class DropView(PortalView):
    """A block dropped at another time or bay: moved, or refused with the reason (then it goes back)."""

    portal, permission = "garage", "appointment.move"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            appointment = get_visible(selectors.list_appointments(self.actor), self.actor, kwargs["id"])
            bay_id, starts_at = parse_id(request.POST.get("bay", "")), read_moment(request.POST.get("at", ""))
            bay = get_bay(appointment.branch, bay_id) if bay_id else None
            version = read_version(request.POST.get("version"))
            services.move_appointment(self.actor, appointment, starts_at=starts_at, resource=bay, version=version)
        except BusinessError as error:
            body = {"code": error.code, "message": str(error), "details": error.as_details(), "field": error.field}
            return JsonResponse({"success": False, "error": body}, status=error.status)
        return add_toast(HttpResponse(status=204), _("Moved."))


def read_moment(text: str) -> datetime:
    """A moment with its zone. Raises BadInput for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(field="starts_at")
    return moment


register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("Calendar"),
    url_name="garage:calendar",
    icon="calendar-days",
    permission="appointment.view",
    order=12,
)
urlpatterns = [
    CalendarView.path("calendar/", "calendar"),
    DropView.path("calendar/move/<uuid:id>/", "calendar-move"),
]
