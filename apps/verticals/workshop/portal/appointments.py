"""Appointments: the list, one appointment with its steps, and booking by the garage's own people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.core.phones import format_phone
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.fields import ReasonForm
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.links import find_url
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import MAX_ITEMS, PaletteItem, register_palette
from apps.core.portal.parts import Button, Empty
from apps.core.portal.registry import register_nav
from apps.engines.vehicles.selectors import find_vehicle_by_plate
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.portal.branches import choose_branch, open_branches
from apps.verticals.workshop.portal.desk_forms import MoveForm, StaffBookingForm, bay_choices
from apps.verticals.workshop.services.appointments import get_bay
from apps.verticals.workshop.states import APPOINTMENT
from apps.verticals.workshop.types import VisitorInput

OPEN = (Appointment.State.BOOKED, Appointment.State.CONFIRMED)
VISITOR_FIELDS = ("name", "phone", "email", "plate", "make", "model")


def link_to(appointment: Appointment) -> str:
    return reverse("garage:appointment", args=[appointment.pk])


def is_upcoming(_actor: Actor) -> Q:
    return Q(starts_at__gte=clock.now(), state__in=OPEN)


class AppointmentList(ListScreen):
    portal, permission = "garage", "appointment.view"
    title = _("Appointments")
    selector = staticmethod(selectors.list_appointments)
    columns = (
        Column("starts", _("Time"), value="starts_at", kind="datetime", sort="starts_at", sub="number"),
        Column("plate", _("Plate"), kind="plate", sort="plate"),
        Column(
            "customer",
            _("Customer"),
            value="customer.name",
            sub=lambda row: format_phone(row.customer.phone),
            sort="customer__name",
        ),
        Column("service", _("Service"), value="service_text"),
        Column("bay", _("Bay"), value="resource.name", sort="resource__name"),
        Column("channel", _("Channel"), kind="choice", sort="channel", is_default=False),
        Column("branch", _("Branch"), value="branch.name", sort="branch__name", is_default=False),
        Column("state", _("State"), kind="badge", table=APPOINTMENT, sort="state"),
    )
    filters = (
        BoolFilter("upcoming", _("Still to come"), only=is_upcoming),
        ChoiceFilter("state", _("State"), choices=Appointment.State.choices),
        DateRangeFilter("day", _("Day"), field="starts_at"),
        ChoiceFilter("channel", _("Channel"), choices=Appointment.Channel.choices),
        ForeignFilter("bay", _("Bay"), field="resource_id", choose=lambda actor: bay_choices(actor, actor.branch_id)),
    )
    search = staticmethod(selectors.search_appointments)
    search_placeholder = _("Number, plate, customer")
    default_sort = "-starts"
    primary = Button(_("New appointment"), "garage:appointment-new", "calendar-plus", "appointment.book")
    buttons = (Button(_("Calendar"), "garage:calendar", "calendar-days", variant="secondary"),)
    row_url = staticmethod(link_to)
    row_css = staticmethod(lambda row: "is-cancelled" if row.state == Appointment.State.CANCELLED else "")
    live_topics = staticmethod(lambda actor: [f"dashboard:{actor.organization_id}"])
    empty = Empty(
        _("No appointments yet"), _("Customers book on your page, or you book for them here."), "calendar-days"
    )


def move_to(
    actor: Actor, appointment: Appointment, *, starts_at: datetime, resource: str, version: int | None
) -> Appointment:
    """Moves to the bay that was chosen in a form."""
    bay = get_bay(appointment.branch, parse_id(resource))
    return services.move_appointment(actor, appointment, starts_at=starts_at, resource=bay, version=version)


def go_to_check_in(_actor: Actor, appointment: Appointment) -> Appointment:
    """The desk asks for everything else; nothing changes until it is saved."""
    APPOINTMENT.check(appointment, "check_in")
    return appointment


def build_facts(actor: Actor, appointment: Appointment) -> dict[str, Any]:
    card = getattr(appointment, "job_card", None)
    vehicle = appointment.vehicle or (find_vehicle_by_plate(actor, appointment.plate) if appointment.plate else None)
    return {
        "vehicle": vehicle if actor.can("vehicle.view") else None,
        "card": card,
        "card_url": find_url("garage:job-card", card.pk) if card else "",
    }


class AppointmentDetail(DetailScreen):
    portal, permission = "garage", "appointment.view"
    selector = staticmethod(selectors.list_appointments)
    table = APPOINTMENT
    topics = ("appointment:{id}",)
    fragments = (Fragment("facts", "workshop/appointments/facts.html", build_facts),)
    actions = {
        "check_in": ActionHandler(
            go_to_check_in,
            icon="log-in",
            done=_("Now write down how the vehicle came."),
            go_to=lambda row: f"{reverse('garage:check-in')}?appointment={row.pk}",
        ),
        "confirm": ActionHandler(
            services.confirm_appointment, icon="calendar-check", variant="secondary", done=_("Confirmed.")
        ),
        "move": ActionHandler(
            move_to,
            form=MoveForm,
            initial=MoveForm.initial_of,
            label=_("Move"),
            icon="calendar-clock",
            permission="appointment.move",
            when=lambda row, _actor: row.state in OPEN,
            done=_("Moved."),
        ),
        "no_show": ActionHandler(
            services.mark_no_show,
            icon="calendar-x",
            variant="ghost",
            confirm=_("Did the customer not come? The bay becomes free."),
            done=_("The bay is free again."),
        ),
        "cancel": ActionHandler(
            services.cancel_appointment, form=ReasonForm, icon="x", variant="ghost", done=_("Cancelled.")
        ),
    }
    list_url_name = "garage:appointments"
    list_label = _("Appointments")

    def get_title(self) -> str:
        return str(self.instance.plate or self.instance.customer.name)

    def get_subtitle(self) -> str:
        return str(self.instance.number)


class BookAppointment(FormScreen):
    """Booking for a customer on the phone or at the desk; `?bay=&at=` come from a free time in the calendar."""

    portal, permission = "garage", "appointment.book"
    title = _("New appointment")
    template_name = "workshop/appointments/book_page.html"
    form_template = "workshop/appointments/book.html"
    form_class = StaffBookingForm
    submit_label = _("Book")
    done = _("Booked.")

    @cached_property
    def branches(self) -> list[Branch]:
        return open_branches(self.actor)

    @cached_property
    def branch(self) -> Branch:
        return choose_branch(self.branches, self.actor, self.request.GET.get("branch", ""))

    @cached_property
    def form(self) -> Any:
        form = StaffBookingForm(**self.form_arguments())
        form.offer(self.actor, self.branch.pk)
        return form

    def get_initial(self) -> Mapping[str, Any]:
        asked = self.request.GET
        found = {
            "resource": asked.get("bay", ""),
            "starts_at": asked.get("at", "")[:16],
            "plate": asked.get("plate", ""),
        }
        vehicle = find_vehicle_by_plate(self.actor, found["plate"]) if found["plate"] else None
        if vehicle is not None:
            owner, model = vehicle.customer, vehicle.model
            found |= {"name": owner.name, "phone": owner.phone, "make": model.make.name, "model": model.name}
        return found

    def save(self, data: Mapping[str, Any]) -> Appointment:
        bay_id = parse_id(data["resource"]) if data["resource"] else None
        return services.book_appointment(
            self.actor,
            branch=self.branch,
            starts_at=data["starts_at"],
            service_codes=data["service_codes"],
            visitor=VisitorInput(**{field: data[field] for field in VISITOR_FIELDS}),
            resource=get_bay(self.branch, bay_id) if bay_id else None,
            concern=data["concern"],
            channel=data["channel"],
        )

    def get_success_url(self, result: Any) -> str:
        day = clock.local_date(self.branch.organization.timezone, result.starts_at)
        return f"{reverse('garage:calendar')}?day={day}&branch={self.branch.pk}"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(branch=self.branch, branches=self.branches, **extra)

    def draw_form(self, *, status: int = 200) -> HttpResponse:
        if self.request.headers.get("HX-Target") == "dialog" or self.request.GET.get("in") == "dialog":
            return self.draw(self.get_context(), template="workshop/appointments/book_dialog.html", status=status)
        return super().draw_form(status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw_form()


def find_appointments(actor: Actor, text: str) -> Iterable[PaletteItem]:
    """Appointments for the palette, the next ones first."""
    rows = selectors.search_appointments(selectors.list_appointments(actor), text).order_by("-starts_at")[:MAX_ITEMS]
    return [
        PaletteItem(
            f"{row.plate or row.customer.name} · {row.service_text}",
            link_to(row),
            "calendar-days",
            f"{clock.local_time(row.starts_at):%d/%m %H:%M}",
        )
        for row in rows
    ]


register_palette(
    "appointments", find_appointments, label=_("Appointments"), portal="garage", permission="appointment.view", order=20
)
register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("Appointments"),
    url_name="garage:appointments",
    icon="calendar-check",
    permission="appointment.view",
    order=14,
)
urlpatterns = [
    AppointmentList.path("appointments/", "appointments"),
    BookAppointment.path("appointments/new/", "appointment-new"),
    *AppointmentDetail.urls("appointments/<uuid:id>/", "appointment"),
]
