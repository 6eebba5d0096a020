"""Check-in: one page on a tablet beside the vehicle, from the plate to the signature; it opens the job card."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.db import get_visible
from apps.core.errors import BadInput
from apps.core.ids import parse_id
from apps.core.portal.forms import FormScreen
from apps.core.portal.links import find_url
from apps.core.portal.registry import register_nav
from apps.core.portal.views import PortalView
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.selectors import find_vehicle_by_plate
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import Appointment, JobCard, JobPhoto
from apps.verticals.workshop.portal.branches import choose_branch, open_branches
from apps.verticals.workshop.portal.desk_forms import MARK_KINDS, MARK_VIEWS, ArrivalForm, VisitorForm
from apps.verticals.workshop.portal.visitors import read_signature
from apps.verticals.workshop.selectors.visits import list_arrivals, visit_hint
from apps.verticals.workshop.services.appointments import get_bay
from apps.verticals.workshop.types import CheckInInput, VisitorInput

VISITOR_FIELDS = ("name", "phone", "email", "plate", "make", "model", "year", "vin", "color")
ARRIVAL_FIELDS = ("odometer_km", "fuel_percent", "odometer_reason", "marks", "belongings", "notes", "concern")


def describe_known(actor: Any, vehicle: Vehicle | None) -> dict[str, Any]:
    """What the desk is told about a vehicle that was here before."""
    if vehicle is None:
        return {}
    hint = visit_hint(actor, vehicle.pk)
    return {
        "known": vehicle,
        "visits": hint.visits,
        "last_card": hint.last,
        "open_card": hint.open_card,
        "declined": hint.declined,
    }


def values_of(vehicle: Vehicle) -> dict[str, Any]:
    """What the form knows of a vehicle and its owner."""
    owner, model = vehicle.customer, vehicle.model
    own = {"year": vehicle.year, "color": vehicle.color, "vin": vehicle.vin}
    return {
        "name": owner.name,
        "phone": owner.phone,
        "email": owner.email,
        "make": model.make.name,
        "model": model.name,
        **own,
    }


class VisitorView(PortalView):
    """The fields of customer and vehicle, filled in for a plate that is known; else as they were typed."""

    portal, permission = "garage", "customer.view"
    template_name = "workshop/check_in/visitor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.GET
        form_class = ArrivalForm if "odometer_km" in typed else VisitorForm
        vehicle = find_vehicle_by_plate(self.actor, typed.get("plate", ""))
        values = {name: typed.get(name, "") for name in form_class.base_fields}
        if vehicle is not None:
            values |= values_of(vehicle)
        known = describe_known(self.actor, vehicle)
        return self.draw(self.get_context(form=form_class(initial=values), looked_up=bool(typed.get("plate")), **known))


class CheckInScreen(FormScreen):
    """`?appointment=` brings what was agreed; without it somebody walked in."""

    portal, permission = "garage", "job_card.open"
    title = _("Check in")
    template_name = "workshop/check_in/page.html"
    form_template = "workshop/check_in/form.html"
    form_class = ArrivalForm
    submit_label = _("Open the job card")
    done = _("Job card opened.")

    @cached_property
    def appointment(self) -> Appointment | None:
        asked = self.request.GET.get("appointment")
        rows = selectors.list_appointments(self.actor).select_related("vehicle__model__make", "branch__organization")
        return get_visible(rows, self.actor, asked) if asked else None

    @cached_property
    def branch(self) -> Branch:
        if self.appointment is not None:
            return self.appointment.branch
        return choose_branch(open_branches(self.actor), self.actor, self.request.GET.get("branch", ""))

    @cached_property
    def form(self) -> Any:
        form = ArrivalForm(**self.form_arguments())
        form.offer(self.actor, self.branch.pk)
        return form

    @cached_property
    def vehicle(self) -> Vehicle | None:
        plate = self.request.POST.get("plate") or self.get_initial().get("plate", "")
        return find_vehicle_by_plate(self.actor, str(plate)) if plate else None

    def get_initial(self) -> Mapping[str, Any]:
        if self.appointment is None:
            plate = self.request.GET.get("plate", "")
            found = find_vehicle_by_plate(self.actor, plate) if plate else None
            return {"plate": plate, **(values_of(found) if found else {})}
        agreed = self.appointment
        make, _space, model = agreed.vehicle_text.partition(" ")
        found = agreed.vehicle or find_vehicle_by_plate(self.actor, agreed.plate)
        customer = agreed.customer
        return {
            "make": make,
            "model": model,
            **(values_of(found) if found else {}),
            "name": customer.name,
            "phone": customer.phone,
            "email": customer.email,
            "plate": agreed.plate,
            "concern": agreed.concern or agreed.service_text,
            "bay": str(agreed.resource_id),
            "promised_at": agreed.ends_at,
        }

    def save(self, data: Mapping[str, Any]) -> JobCard:
        signature = read_signature(self.request.POST.get("signature", ""))
        bay_id = parse_id(data["bay"]) if data["bay"] else None
        promised: datetime | None = data["promised_at"]
        card = services.check_in(
            self.actor,
            branch=self.branch,
            visitor=VisitorInput(**{field: data[field] for field in VISITOR_FIELDS}),
            arrival=CheckInInput(**{field: data[field] for field in ARRIVAL_FIELDS}),
            appointment=self.appointment,
            bay=get_bay(self.branch, bay_id) if bay_id else None,
            promised_at=promised,
            signature_png=signature,
        )
        self.add_photos(card)
        return card

    def add_photos(self, card: JobCard) -> None:
        """The pictures, each by itself: one that cannot be read does not undo the check-in."""
        unread = 0
        for upload in self.request.FILES.getlist("photos"):
            try:
                services.add_photo(self.actor, card, upload=upload, stage=JobPhoto.Stage.CHECK_IN)
            except BadInput:
                unread += 1
        if unread:
            self.done = gettext("Job card opened. %(count)s pictures could not be read.") % {"count": unread}

    def get_success_url(self, result: Any) -> str:
        return find_url("garage:job-card", result.pk) or reverse("garage:dashboard")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(
            appointment=self.appointment,
            branch=self.branch,
            mark_kinds=list(MARK_KINDS.items()),
            mark_views=list(MARK_VIEWS.items()),
            arrivals=self.list_arrivals() if self.appointment is None else [],
            **describe_known(self.actor, self.vehicle),
            **extra,
        )

    def list_arrivals(self) -> list[Appointment]:
        """Who is expected today and has not come yet."""
        return list_arrivals(self.actor, self.branch)


register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("Check in"),
    url_name="garage:check-in",
    icon="log-in",
    permission="job_card.open",
    order=16,
)
urlpatterns = [
    CheckInScreen.path("check-in/", "check-in"),
    VisitorView.path("visitor/", "visitor"),
]
