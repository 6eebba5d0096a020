"""What the workshop's documents look like outside."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions
from apps.platform.files.models import StoredFile
from apps.platform.files.selectors import file_url
from apps.verticals.workshop.models import (
    Appointment,
    CheckIn,
    Estimate,
    EstimateLine,
    InspectionPoint,
    JobCard,
    JobPhoto,
    JobTask,
    PartRequirement,
    QualityCheck,
    WorkLog,
)
from apps.verticals.workshop.states import APPOINTMENT, ESTIMATE, JOB_CARD, TASK


@extend_schema_field(OpenApiTypes.URI)
class FileUrl(serializers.Field):
    """A signed address of a stored file, good for about an hour."""

    def __init__(self, *, thumbnail: bool = False, **kwargs: Any) -> None:
        self.thumbnail = thumbnail
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: StoredFile) -> str:
        return file_url(value, thumbnail=self.thumbnail)


class AppointmentShape(ApiModelSerializer):
    """A visit agreed beforehand."""

    customer_name = serializers.CharField(source="customer.name", read_only=True)
    customer_phone = serializers.CharField(source="customer.phone", read_only=True)
    branch_name = serializers.CharField(source="branch.name", read_only=True)
    bay = serializers.CharField(source="resource.name", read_only=True)
    available_actions = AvailableActions(APPOINTMENT)

    class Meta:
        model = Appointment
        fields = [
            "id", "number", "state", "channel", "starts_at", "ends_at", "service_codes", "service_text", "concern", "plate",
            "vehicle_text", "vehicle", "customer", "customer_name", "customer_phone", "branch", "branch_name", "resource", "bay",
            "cancel_reason", "available_actions", "version", "created_at",
        ]  # fmt: skip


class CheckInShape(ApiModelSerializer):
    class Meta:
        model = CheckIn
        fields = ["odometer_km", "fuel_percent", "marks", "belongings", "notes", "created_at"]


class PhotoShape(ApiModelSerializer):
    url = FileUrl(source="file")
    thumbnail_url = FileUrl(source="file", thumbnail=True)

    class Meta:
        model = JobPhoto
        fields = ["id", "stage", "caption", "url", "thumbnail_url", "point", "created_at"]


class InspectionPointShape(ApiModelSerializer):
    class Meta:
        model = InspectionPoint
        fields = ["id", "group", "code", "name", "rating", "note"]


class EstimateLineShape(ApiModelSerializer):
    sku = serializers.CharField(source="variant.sku", read_only=True, default="")

    class Meta:
        model = EstimateLine
        fields = [
            "id", "position", "group", "kind", "description", "operation", "package", "variant", "sku", "severity", "minutes",
            "unit", "quantity", "unit_price", "discount", "net", "tax_rate", "tax", "gross", "decision", "decline_reason",
        ]  # fmt: skip


class EstimateShape(ApiModelSerializer):
    lines = EstimateLineShape(many=True, read_only=True)
    available_actions = AvailableActions(ESTIMATE)

    class Meta:
        model = Estimate
        fields = [
            "id", "number", "state", "currency", "subtotal", "discount_total", "tax_total", "total", "valid_until", "note",
            "document_hash", "sent_at", "decided_at", "lines", "available_actions", "version",
        ]  # fmt: skip


class PartShape(ApiModelSerializer):
    sku = serializers.CharField(source="variant.sku", read_only=True)
    name = serializers.CharField(source="variant.product.name", read_only=True)

    class Meta:
        model = PartRequirement
        fields = [
            "id",
            "variant",
            "sku",
            "name",
            "task",
            "required",
            "reserved",
            "issued",
            "state",
            "order_id",
            "order_number",
        ]


class WorkLogShape(ApiModelSerializer):
    started_at = serializers.DateTimeField(source="period.lower", read_only=True)
    ended_at = serializers.DateTimeField(source="period.upper", read_only=True, allow_null=True)

    class Meta:
        model = WorkLog
        fields = ["id", "task", "technician", "started_at", "ended_at", "is_open"]


class TaskShape(ApiModelSerializer):
    technician_name = serializers.CharField(source="technician.full_name", read_only=True, default="")
    available_actions = AvailableActions(TASK)

    class Meta:
        model = JobTask
        fields = [
            "id", "job_card", "position", "description", "technician", "technician_name", "estimated_minutes", "state",
            "skip_reason", "cause", "correction", "completed_at", "available_actions", "version",
        ]  # fmt: skip


class TaskListShape(TaskShape):
    plate = serializers.CharField(source="job_card.vehicle.plate", read_only=True)
    job_card_number = serializers.CharField(source="job_card.number", read_only=True)

    class Meta(TaskShape.Meta):
        fields = [*TaskShape.Meta.fields, "plate", "job_card_number"]


class QualityCheckShape(ApiModelSerializer):
    checked_by_name = serializers.CharField(source="checked_by.full_name", read_only=True)

    class Meta:
        model = QualityCheck
        fields = ["id", "result", "points", "reason", "checked_by_name", "created_at"]


class JobCardListShape(ApiModelSerializer):
    """A card as lists and boards show it."""

    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    vehicle_name = serializers.CharField(source="vehicle.model", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    customer_phone = serializers.CharField(source="customer.phone", read_only=True)
    branch_name = serializers.CharField(source="branch.name", read_only=True)
    advisor_name = serializers.CharField(source="advisor.full_name", read_only=True, default="")
    available_actions = AvailableActions(JOB_CARD)

    class Meta:
        model = JobCard
        fields = [
            "id", "number", "state", "plate", "vehicle", "vehicle_name", "customer", "customer_name", "customer_phone", "branch",
            "branch_name", "bay", "advisor", "advisor_name", "concern", "currency", "subtotal", "discount_total", "tax_total",
            "total", "promised_at", "comeback_count", "started_at", "completed_at", "delivered_at", "cancel_reason",
            "appointment", "available_actions", "version", "created_at",
        ]  # fmt: skip


class JobCardShape(JobCardListShape):
    """A card with all that hangs on it."""

    check_in = CheckInShape(read_only=True, allow_null=True)
    inspection_points = InspectionPointShape(many=True, read_only=True)
    photos = PhotoShape(many=True, read_only=True)
    estimates = EstimateShape(many=True, read_only=True)
    tasks = TaskShape(many=True, read_only=True)
    parts = PartShape(many=True, read_only=True)
    quality_checks = QualityCheckShape(many=True, read_only=True)

    class Meta(JobCardListShape.Meta):
        fields = [
            *JobCardListShape.Meta.fields,
            "check_in", "inspection_points", "photos", "estimates", "tasks", "parts", "quality_checks",
        ]  # fmt: skip


class MapComponentShape(ApiSerializer):
    """One component of the vehicle as this visit left it."""

    code = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField(source="group")
    status = serializers.SerializerMethodField()
    note = serializers.CharField()

    STATUS = {"green": "healthy", "yellow": "warning", "red": "critical"}

    def get_status(self, point: InspectionPoint) -> str:
        return self.STATUS[point.rating]


class GraphicalShape(ApiSerializer):
    """What the visit changed on the component map: findings, and marks on the drawing."""

    components = MapComponentShape(source="inspection_points", many=True)
    marks = serializers.SerializerMethodField()

    def get_marks(self, card: JobCard) -> list[dict[str, Any]]:
        check_in = getattr(card, "check_in", None)
        return list(check_in.marks) if check_in else []
