"""Bodies of the workshop's requests."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import ApiSerializer, MoneyField, QuantityField
from apps.verticals.workshop.models import EstimateLine, InspectionPoint, JobPhoto, QualityCheck


class AppointmentInput(ApiSerializer):
    """A booking; visitors need no log-in. Without `resource` any free bay is taken."""

    branch = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    services = serializers.ListField(child=serializers.CharField(max_length=24), min_length=1, max_length=10)
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=20)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    plate = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    make = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    model = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    concern = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    resource = serializers.UUIDField(required=False)


class AppointmentChange(ApiSerializer):
    """Move (`starts_at`, `resource`), or a step: `confirm`, `cancel` (with `reason`), `no_show`."""

    starts_at = serializers.DateTimeField(required=False)
    resource = serializers.UUIDField(required=False)
    action = serializers.ChoiceField(choices=["confirm", "cancel", "no_show"], required=False)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class MarkInput(ApiSerializer):
    view = serializers.ChoiceField(choices=["top", "left", "right", "front", "rear"])
    x = serializers.IntegerField(min_value=0, max_value=100)
    y = serializers.IntegerField(min_value=0, max_value=100)
    kind = serializers.ChoiceField(choices=["scratch", "dent", "crack", "missing", "other"])
    note = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class JobCardInput(ApiSerializer):
    """Check-in: opens the card. A known plate brings its vehicle and owner; a new one needs name, phone, make and model."""

    branch = serializers.UUIDField(required=False)
    appointment = serializers.UUIDField(required=False)
    plate = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    make = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    model = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    year = serializers.IntegerField(min_value=1950, max_value=2100, required=False)
    vin = serializers.CharField(max_length=24, required=False, default="", allow_blank=True)
    color = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    odometer_km = serializers.IntegerField(min_value=0, max_value=5_000_000)
    odometer_reason = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    fuel_percent = serializers.IntegerField(min_value=0, max_value=100)
    marks = MarkInput(many=True, required=False, default=list)
    belongings = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    notes = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    promised_at = serializers.DateTimeField(required=False)


class JobCardChange(ApiSerializer):
    concern = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    promised_at = serializers.DateTimeField(required=False, allow_null=True)
    bay = serializers.UUIDField(required=False, allow_null=True)


class PointChange(ApiSerializer):
    code = serializers.CharField(max_length=40)
    rating = serializers.ChoiceField(choices=InspectionPoint.Rating.choices)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class InspectionInput(ApiSerializer):
    points = PointChange(many=True, allow_empty=False)


class EstimateLineChange(ApiSerializer):
    """One of operation, package, variant; a fee needs description and unitPrice."""

    kind = serializers.ChoiceField(choices=EstimateLine.Kind.choices)
    group = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    description = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    operation = serializers.UUIDField(required=False, source="operation_id")
    package = serializers.UUIDField(required=False, source="package_id")
    variant = serializers.UUIDField(required=False, source="variant_id")
    quantity = QuantityField(required=False)
    unit_price = MoneyField(required=False)
    discount = MoneyField(required=False)
    inspection_point = serializers.UUIDField(required=False, source="inspection_point_id")
    severity = serializers.ChoiceField(choices=["", "yellow", "red"], required=False, default="")
    carried_from = serializers.UUIDField(required=False)


class EstimateInput(ApiSerializer):
    lines = EstimateLineChange(many=True, allow_empty=False)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class AssignmentInput(ApiSerializer):
    task = serializers.UUIDField()
    technician = serializers.UUIDField(allow_null=True)


class AssignInput(ApiSerializer):
    assignments = AssignmentInput(many=True, allow_empty=False)
    bay = serializers.UUIDField(required=False)


class PartsRequestInput(ApiSerializer):
    """`order` true orders what is missing from the distributor with the best offer."""

    order = serializers.BooleanField(required=False, default=False)


class IssueInput(ApiSerializer):
    part = serializers.UUIDField()
    quantity = QuantityField(required=False)


class ReturnInput(ApiSerializer):
    part = serializers.UUIDField()
    quantity = QuantityField()
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class QualityPointInput(ApiSerializer):
    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    is_ok = serializers.BooleanField()


class QualityCheckInput(ApiSerializer):
    result = serializers.ChoiceField(choices=QualityCheck.Result.choices)
    points = QualityPointInput(many=True, required=False, default=list)
    reason = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class DeliverInput(ApiSerializer):
    name = serializers.CharField(max_length=120)
    signature = serializers.CharField(max_length=400_000, required=False, default="", allow_blank=True)


class CancelCardInput(ApiSerializer):
    reason = serializers.CharField(max_length=200)


class PhotoInput(ApiSerializer):
    file = serializers.FileField()
    stage = serializers.ChoiceField(choices=JobPhoto.Stage.choices)
    caption = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    point = serializers.UUIDField(required=False)


class TaskStatusInput(ApiSerializer):
    """`completed` (cause, correction), `skipped` (reason), `paused` and `in_progress` move the caller's clock."""

    status = serializers.ChoiceField(choices=["in_progress", "paused", "completed", "skipped"])
    cause = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    correction = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class LineDecisionInput(ApiSerializer):
    line = serializers.UUIDField()
    decision = serializers.ChoiceField(choices=["approved", "declined"])
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DecisionBody(ApiSerializer):
    """An answer for every open line; `signature` is a PNG data URL, or `typedSignature` says that the name was typed."""

    decisions = LineDecisionInput(many=True, allow_empty=False)
    name = serializers.CharField(max_length=120)
    document_hash = serializers.CharField(max_length=64)
    signature = serializers.CharField(max_length=400_000, required=False, default="", allow_blank=True)
    typed_signature = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        rows = attrs.pop("decisions")
        attrs["decisions"] = {row["line"]: row["decision"] for row in rows}
        attrs["reasons"] = {row["line"]: row["reason"] for row in rows if row["reason"]}
        return attrs
