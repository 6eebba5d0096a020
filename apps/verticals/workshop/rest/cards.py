"""/workshop/job-cards and /repair-orders: one resource under two names."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.serializers import ApiSerializer
from apps.core.api.viewsets import ResourceViewSet, action, step
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotFound
from apps.engines.scheduling.models import Resource
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, PartRequirement
from apps.verticals.workshop.portal.visitors import read_signature
from apps.verticals.workshop.rest import inputs, shapes
from apps.verticals.workshop.types import CheckInInput, EstimateLineInput, PointInput, VisitorInput

VISITOR_FIELDS = ("name", "phone", "email", "plate", "make", "model", "vin", "color")
ARRIVAL_FIELDS = ("odometer_km", "odometer_reason", "fuel_percent", "belongings", "notes")


class PartsShape(ApiSerializer):
    """The parts of a card against stock: what is promised, issued, short and on order."""

    parts = shapes.PartShape(many=True)
    is_complete = serializers.BooleanField()


class CardResource(ResourceViewSet):
    """What both names of the resource share: the shape, opening and changing a card."""

    queryset_for = staticmethod(selectors.list_job_cards)
    detail_queryset_for = staticmethod(selectors.cards_with_detail)
    serializer_class = shapes.JobCardShape
    list_serializer_class = shapes.JobCardListShape
    input_classes = {"create": inputs.JobCardInput, "update": inputs.JobCardChange}

    def perform_create(self, data: dict[str, Any]) -> JobCard:
        appointment = self.find_appointment(data.get("appointment"))
        branch = appointment.branch if appointment else self.find_branch(data.get("branch"))
        return services.check_in(
            self.actor,
            branch=branch,
            visitor=VisitorInput(year=data.get("year"), **{field: data[field] for field in VISITOR_FIELDS}),
            arrival=CheckInInput(
                marks=tuple(dict(mark) for mark in data["marks"]), **{field: data[field] for field in ARRIVAL_FIELDS}
            ),
            appointment=appointment,
            promised_at=data.get("promised_at"),
        )

    def perform_update(self, instance: JobCard, data: dict[str, Any]) -> JobCard:
        if data.get("bay"):
            data["bay"] = get_visible(Resource.objects.filter(branch_id=instance.branch_id), self.actor, data["bay"])
        return services.update_card(self.actor, instance, version=self.expected_version, **data)

    def find_appointment(self, appointment_id: Any) -> Appointment | None:
        rows = Appointment.objects.select_related("branch__organization", "customer", "resource")
        return get_visible(rows, self.actor, appointment_id) if appointment_id else None

    def find_branch(self, branch_id: Any) -> Branch:
        branch_id = branch_id or self.actor.branch_id
        if branch_id is None:
            raise BadInput(field="branch")
        branch: Branch = get_visible(Branch.objects.select_related("organization"), self.actor, branch_id)
        return branch


class JobCardViewSet(CardResource):
    """The document of a vehicle's visit. Each step refuses with BUSINESS_001 and names what is possible now."""

    filters = {
        "state": ("eq", "ne", "in"),
        "branch": ("eq",),
        "customer": ("eq",),
        "vehicle": ("eq",),
        "advisor": ("eq",),
        "createdAt": ("gte", "lte"),
        "promisedAt": ("gte", "lte", "isnull"),
    }
    sorts = ("createdAt", "promisedAt", "number", "total")
    search = staticmethod(selectors.search_job_cards)
    rights = {
        "list": "job_card.view",
        "retrieve": "job_card.view",
        "create": "job_card.open",
        "update": "job_card.open",
        "pre_inspection": "job_card.inspect",
        "photos": "job_card.view",
        "estimates": "job_card.estimate",
        "send_estimate": "job_card.estimate",
        "additional_services": "job_card.estimate",
        "assign": "job_card.assign",
        "start": "job_card.work",
        "parts_required": "job_card.view",
        "parts_request": "job_card.issue_parts",
        "issue_part": "job_card.issue_parts",
        "return_part": "job_card.issue_parts",
        "submit_check": "job_card.work",
        "quality_check": "job_card.check",
        "complete": "job_card.complete",
        "deliver": "job_card.deliver",
        "cancel": "job_card.cancel",
        "graphical_update": "job_card.view",
        "change_graphical": "job_card.inspect",
    }
    idempotent = {
        "create",
        "estimates",
        "parts_request",
        "issue_part",
        "return_part",
        "quality_check",
        "complete",
        "deliver",
    }

    @step("pre-inspection", input=inputs.InspectionInput)
    def pre_inspection(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Writes findings at the named points; the first one moves the card on."""
        return services.record_inspection(self.actor, card, points=[PointInput(**point) for point in data["points"]])

    @step("photos", input=inputs.PhotoInput, output=shapes.PhotoShape)
    def photos(self, card: JobCard, data: dict[str, Any]) -> Any:
        """Adds a picture (multipart)."""
        return services.add_photo(
            self.actor,
            card,
            upload=data["file"],
            stage=data["stage"],
            caption=data["caption"],
            point_id=data.get("point"),
        )

    @step("estimates", input=inputs.EstimateInput, output=shapes.EstimateShape)
    def estimates(self, card: JobCard, data: dict[str, Any]) -> Estimate:
        """Prices the lines and keeps them as the card's draft, or as the next version after an answer."""
        lines = [EstimateLineInput(**line) for line in data["lines"]]
        return services.save_estimate(self.actor, card, lines=lines, note=data["note"])

    @action(detail=True, methods=["put", "post"], url_path="estimates/(?P<estimate_id>[^/]+)/send")
    def send_estimate(self, request: Request, estimate_id: str, **_kwargs: Any) -> Response:
        """Sends the version to the customer by SMS and email."""
        card = self.get_object()
        estimate = next((row for row in card.estimates.all() if str(row.pk) == estimate_id), None)
        if estimate is None:
            raise NotFound
        return self.show(
            services.send_estimate(self.actor, estimate, version=self.expected_version), output=shapes.EstimateShape
        )

    @step("additional-services", input=inputs.EstimateInput)
    def additional_services(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Work found on the way: the approved lines stay, the given ones are added, the customer is asked."""
        lines = [EstimateLineInput(**line) for line in data["lines"]]
        services.add_services(self.actor, card, lines=lines, note=data["note"])
        return card

    @step("assign", input=inputs.AssignInput)
    def assign(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Gives tasks to technicians."""
        bay = (
            get_visible(Resource.objects.filter(branch_id=card.branch_id), self.actor, data["bay"])
            if data.get("bay")
            else None
        )
        assignments = {row["task"]: row["technician"] for row in data["assignments"]}
        return services.assign_tasks(self.actor, card, assignments=assignments, bay=bay)

    @step("start")
    def start(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Work begins."""
        return services.start_card(self.actor, card)

    @action(detail=True, methods=["get"], url_path="parts-required")
    def parts_required(self, request: Request, **_kwargs: Any) -> Response:
        """The parts of the card against stock."""
        parts = list(self.get_object().parts.all())
        waiting = (PartRequirement.State.MISSING, PartRequirement.State.ORDERED)
        is_complete = not any(part.state in waiting for part in parts)
        return Response(
            PartsShape({"parts": parts, "is_complete": is_complete}, context=self.get_serializer_context()).data
        )

    @step("parts-request", input=inputs.PartsRequestInput)
    def parts_request(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Reserves again; with `order` the missing parts become marketplace orders at the best offers."""
        if data["order"]:
            services.order_missing_parts(self.actor, card)
        else:
            services.request_parts(self.actor, card)
        return card

    @step("issue-part", input=inputs.IssueInput, output=shapes.PartShape)
    def issue_part(self, card: JobCard, data: dict[str, Any]) -> PartRequirement:
        """Takes a reserved part out of stock."""
        return services.issue_part(self.actor, self.part_of(card, data["part"]), quantity=data.get("quantity"))

    @step("return-part", input=inputs.ReturnInput, output=shapes.PartShape)
    def return_part(self, card: JobCard, data: dict[str, Any]) -> PartRequirement:
        """Brings an issued part back into stock."""
        part = self.part_of(card, data["part"])
        return services.return_part(self.actor, part, quantity=data["quantity"], reason=data["reason"])

    def part_of(self, card: JobCard, part_id: Any) -> PartRequirement:
        part = next((row for row in card.parts.all() if row.pk == part_id), None)
        if part is None:
            raise NotFound
        return part

    @step("submit-check")
    def submit_check(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """All tasks are done: to the quality check."""
        return services.submit_for_check(self.actor, card)

    @step("quality-check", input=inputs.QualityCheckInput)
    def quality_check(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Passes the work or sends it back with the reason; never by one who did the work."""
        points = [dict(point) for point in data["points"]]
        services.record_quality_check(self.actor, card, result=data["result"], points=points, reason=data["reason"])
        return card

    @step("complete")
    def complete(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Ends the work; the invoice is drafted."""
        return services.complete_card(self.actor, card)

    @step("deliver", input=inputs.DeliverInput)
    def deliver(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Hands the vehicle over; feedback is asked for."""
        return services.deliver_card(
            self.actor, card, name=data["name"], signature_png=read_signature(data["signature"])
        )

    @step("cancel", input=inputs.CancelCardInput)
    def cancel(self, card: JobCard, data: dict[str, Any]) -> JobCard:
        """Ends the visit before work is done."""
        return services.cancel_card(self.actor, card, reason=data["reason"])

    @action(detail=True, methods=["get"], url_path="graphical-update")
    def graphical_update(self, request: Request, **_kwargs: Any) -> Response:
        """What the visit changed on the vehicle's component map."""
        return Response(shapes.GraphicalShape(self.get_object(), context=self.get_serializer_context()).data)

    @graphical_update.mapping.put
    def change_graphical(self, request: Request, **_kwargs: Any) -> Response:
        """Writes findings on the component map."""
        card = self.get_object()
        data = self.read_body(inputs.InspectionInput)
        services.record_inspection(
            self.actor, card, points=[PointInput(**point) for point in data["points"]], version=self.expected_version
        )
        return self.show(card, output=None)


class RepairOrderViewSet(CardResource):
    """The job card under the name that garages' apps know: open and change."""

    rights = {"create": "job_card.open", "partial_update": "job_card.open"}
    idempotent = {"create"}
    http_method_names = ["post", "patch", "head"]
