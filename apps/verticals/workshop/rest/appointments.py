"""/appointments and the free times behind them."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor, visitor_actor
from apps.core.api.permissions import PUBLIC
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import PublicView
from apps.core.api.viewsets import ResourceViewSet
from apps.core.clock import local_date
from apps.core.errors import BadInput, NotFound
from apps.core.ids import parse_id
from apps.engines.scheduling.selectors import list_free_slots
from apps.platform.organizations.models import Branch, Organization
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.rest.inputs import AppointmentChange, AppointmentInput
from apps.verticals.workshop.rest.shapes import AppointmentShape
from apps.verticals.workshop.selectors import list_appointments, search_appointments
from apps.verticals.workshop.services.appointments import choose_services, get_bay
from apps.verticals.workshop.types import VisitorInput

VISITOR_FIELDS = ("name", "phone", "email", "plate", "make", "model")
MAX_DAYS = 14


def open_branch(branch_id: UUID | None) -> Branch:
    """An active branch of an active garage: what everybody may know. Raises NotFound."""
    branch = (
        Branch.objects.select_related("organization")
        .filter(
            pk=branch_id,
            is_active=True,
            organization__status=Organization.Status.ACTIVE,
            organization__kinds__contains=[Organization.Kind.GARAGE],
        )
        .first()
    )
    if branch is None:
        raise NotFound
    return branch


def booker(actor: Actor, branch: Branch) -> Actor:
    """The member acting at their own garage; anybody else books as a visitor."""
    if actor.organization_id == branch.organization_id and actor.can("appointment.book"):
        return actor
    return visitor_actor(
        branch.organization_id,
        frozenset({"appointment.book"}),
        name=actor.name,
        language=actor.language,
        ip=actor.ip,
        user_agent=actor.user_agent,
        request_id=actor.request_id,
    )


class AppointmentViewSet(ResourceViewSet):
    """Visits agreed beforehand. Booking needs no log-in."""

    queryset_for = staticmethod(list_appointments)
    serializer_class = AppointmentShape
    input_classes = {"create": AppointmentInput, "update": AppointmentChange}
    filters = {
        "state": ("eq", "in"),
        "startsAt": ("gte", "gt", "lte", "lt"),
        "branch": ("eq",),
        "resource": ("eq",),
        "customer": ("eq",),
    }
    sorts = ("startsAt", "createdAt", "number")
    search = staticmethod(search_appointments)
    rights = {
        "list": "appointment.view",
        "retrieve": "appointment.view",
        "create": PUBLIC,
        "partial_update": "appointment.view",
    }
    idempotent = {"create"}
    http_method_names = ["get", "post", "patch", "head"]

    def perform_create(self, data: dict[str, Any]) -> Appointment:
        branch = open_branch(data["branch"])
        actor = booker(self.actor, branch)
        is_staff = actor is self.actor
        return services.book_appointment(
            actor,
            branch=branch,
            starts_at=data["starts_at"],
            service_codes=data["services"],
            visitor=VisitorInput(**{field: data[field] for field in VISITOR_FIELDS}),
            resource=get_bay(branch, data["resource"]) if data.get("resource") else None,
            concern=data["concern"],
            channel=Appointment.Channel.PHONE if is_staff else Appointment.Channel.APP,
        )

    def perform_update(self, instance: Appointment, data: dict[str, Any]) -> Appointment:
        action = data.get("action")
        if action == "confirm":
            return services.confirm_appointment(self.actor, instance)
        if action == "cancel":
            return services.cancel_appointment(self.actor, instance, reason=data.get("reason", ""))
        if action == "no_show":
            return services.mark_no_show(self.actor, instance)
        if "starts_at" not in data and "resource" not in data:
            raise BadInput(_("Say what to change: startsAt, resource or action."))
        bay = get_bay(instance.branch, data["resource"]) if data.get("resource") else None
        return services.move_appointment(
            self.actor, instance, starts_at=data.get("starts_at", instance.starts_at), resource=bay
        )


class FreeSlotShape(ApiSerializer):
    resource_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class FreeSlotsShape(ApiSerializer):
    minutes = serializers.IntegerField()
    slots = FreeSlotShape(many=True)


class FreeSlotsView(PublicView):
    """Free times of a branch: `branch`, `services` (codes, comma separated), `day` (default today), `days` (1–14)."""

    rights = {"get": PUBLIC}
    http_method_names = ["get", "head"]
    parameters = {"get": ("branch", "services", "day", "days")}
    output_classes = {"get": FreeSlotsShape}

    def get(self, request: Request) -> Response:
        branch = open_branch(parse_id(self.query.get("branch") or ""))
        codes = [code for code in (self.query.get("services") or "").split(",") if code]
        minutes = choose_services(branch.organization_id, codes).minutes
        slots = list_free_slots(branch, day=self.read_day(branch), minutes=minutes, days=self.read_days())
        return Response(FreeSlotsShape({"minutes": minutes, "slots": [asdict(slot) for slot in slots]}).data)

    def read_day(self, branch: Branch) -> date:
        text = self.query.get("day") or ""
        try:
            return date.fromisoformat(text) if text else local_date(branch.organization.timezone)
        except ValueError as error:
            raise BadInput(field="day") from error

    def read_days(self) -> int:
        text = self.query.get("days") or "1"
        if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MAX_DAYS:
            raise BadInput(field="days")
        return int(text)
