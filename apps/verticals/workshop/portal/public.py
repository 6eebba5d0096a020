"""A garage's public page: what it offers, free times, booking; and the visitor's own appointment behind its link."""

from collections import OrderedDict
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.clock import local_date, local_time
from apps.core.errors import BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal.actions import add_refusal
from apps.core.portal.fields import PhoneField, PlateField
from apps.core.portal.views import PortalView
from apps.engines.scheduling.selectors import list_free_slots
from apps.platform.accounts.links import create_link, open_link
from apps.platform.accounts.models import AccessLink
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.selectors import garage_public, list_garages
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.portal.visitors import company_of, visitor_of
from apps.verticals.workshop.selectors import bookable_services
from apps.verticals.workshop.services import book_appointment, cancel_appointment
from apps.verticals.workshop.services.appointments import choose_services
from apps.verticals.workshop.states import APPOINTMENT
from apps.verticals.workshop.types import VisitorInput

DAYS_SHOWN = 10


class BookingForm(forms.Form):
    """Who comes and with what; service, day and time are chosen beside it."""

    starts_at = forms.DateTimeField(
        label=_("Time"), widget=forms.HiddenInput, error_messages={"required": _("Please choose a time.")}
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PhoneField(label=_("Phone"))
    email = forms.EmailField(label=_("Email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    plate = PlateField(label=_("Number plate"), required=False)
    make = forms.CharField(label=_("Make"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=40, required=False)
    concern = forms.CharField(
        label=_("What is the matter?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class GarageListView(PortalView):
    """The first page for visitors: which garages can be booked."""

    is_public = True
    portal = "public"
    template_name = "workshop/public/garages.html"
    title = _("Book a visit")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(garages=list_garages(), **extra)


class BookingView(PortalView):
    """`/g/<slug>/`: the garage, its menu, its free times, and the form."""

    is_public = True
    portal = "public"
    template_name = "workshop/public/booking.html"

    @cached_property
    def garage(self) -> Organization:
        return garage_public(self.kwargs["slug"])

    @cached_property
    def branches(self) -> list[Branch]:
        return list(self.garage.branches.filter(is_active=True).select_related("organization"))

    @cached_property
    def branch(self) -> Branch:
        wanted = parse_id(self.values.get("branch", "")) if self.values.get("branch") else None
        found = next((row for row in self.branches if row.pk == wanted), self.branches[0] if self.branches else None)
        if found is None:
            raise NotFound
        return found

    @property
    def values(self) -> Any:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def codes(self) -> list[str]:
        return self.values.getlist("service")

    def get_title(self) -> Any:
        return self.garage.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("part") == "times":
            return self.draw(self.get_context(**self.times()), template="workshop/public/times.html")
        return self.draw(self.get_context(form=BookingForm(), **self.times()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = BookingForm(request.POST)
        if not form.is_valid():
            return self.draw(self.get_context(form=form, **self.times()), status=422)
        try:
            appointment = self.book(form.cleaned_data)
        except BusinessError as error:
            add_refusal(form, error)
            return self.draw(self.get_context(form=form, refusal=error, **self.times()), status=error.status)
        token = create_link(self.garage.pk, purpose=AccessLink.Purpose.APPOINTMENT, subject_id=appointment.pk, days=60)
        return redirect("public:appointment", token=token)

    def book(self, data: dict[str, Any]) -> Appointment:
        visitor = VisitorInput(**{field: data[field] for field in ("name", "phone", "email", "plate", "make", "model")})
        return book_appointment(
            visitor_of(self.request, self.garage, "appointment.book", name=visitor.name),
            branch=self.branch,
            starts_at=data["starts_at"],
            service_codes=self.codes,
            visitor=visitor,
            concern=data["concern"],
        )

    def times(self) -> dict[str, Any]:
        """The days with their free times for the chosen services; several bays show each time once.

        Without a chosen day it is the first one that has a free time.
        """
        zone = self.garage.timezone
        today = local_date(zone)
        days = [today + timedelta(days=offset) for offset in range(DAYS_SHOWN)]
        free: dict[date, OrderedDict[datetime, str]] = {day: OrderedDict() for day in days}
        for slot in list_free_slots(self.branch, day=today, minutes=self.minutes(), days=DAYS_SHOWN):
            local = local_time(slot.starts_at, zone)
            free[local.date()].setdefault(slot.starts_at, local.strftime("%H:%M"))
        first = next((day for day in days if free[day]), today)
        day = _read_day(self.values.get("day", ""), days) or first
        return {
            "day": day,
            "days": [{"day": row, "is_free": bool(free[row])} for row in days],
            "slots": [{"value": at.isoformat(), "label": label} for at, label in free[day].items()],
            "chosen_time": self.values.get("starts_at", ""),
        }

    def minutes(self) -> int:
        """How long the chosen services take; an hour as long as nothing is chosen."""
        try:
            return choose_services(self.garage.pk, self.codes).minutes
        except BusinessError:
            return 60

    def get_context(self, **extra: Any) -> dict[str, Any]:
        services = bookable_services(self.garage.pk)
        return super().get_context(
            garage=self.garage,
            branches=self.branches,
            branch=self.branch,
            services=services,
            chosen=set(self.codes) or {row.code for row in services[:1]},
            company=company_of(self.garage, self.branch),
            **extra,
        )


def _read_day(text: str, days: list[date]) -> date | None:
    """The day asked for, if it is one of those shown."""
    return next((day for day in days if day.isoformat() == text), None)


class AppointmentLinkView(PortalView):
    """`/a/<token>/`: the visitor's appointment, with cancelling until it begins."""

    is_public = True
    template_name = "workshop/public/appointment.html"
    fragment_template_name = "workshop/public/appointment_state.html"

    @cached_property
    def appointment(self) -> Appointment:
        link = open_link(AccessLink.Purpose.APPOINTMENT, self.kwargs["token"])
        rows = Appointment.objects.select_related("organization", "branch", "customer", "resource", "job_card")
        return rows.get(pk=link.subject_id)

    def get_title(self) -> Any:
        return _("Appointment %(number)s") % {"number": self.appointment.number}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = visitor_of(
            request,
            self.appointment.organization,
            "appointment.cancel",
            name=self.appointment.customer.name,
            by_link=True,
        )
        cancel_appointment(
            actor, self.appointment, reason=request.POST.get("reason") or str(_("Cancelled by the customer"))
        )
        return redirect(request.path)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        appointment = self.appointment
        return super().get_context(
            appointment=appointment,
            table=APPOINTMENT,
            local_start=local_time(appointment.starts_at, appointment.organization.timezone),
            can_cancel="cancel" in APPOINTMENT.allowed(appointment),
            token=self.kwargs["token"],
            company=company_of(appointment.organization, appointment.branch),
            book_again_url=reverse("public:booking", args=[appointment.organization.slug]),
            **extra,
        )


urlpatterns = [
    GarageListView.path("", "home"),
    BookingView.path("g/<slug:slug>/", "booking"),
    AppointmentLinkView.path("a/<str:token>/", "appointment"),
]
