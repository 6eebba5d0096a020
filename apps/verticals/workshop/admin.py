"""The workshop in the staff CMS: its menu is edited, its documents are read and moved by their steps."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin.document import DocumentAdmin, TrackedDocumentAdmin
from apps.core.admin.groups import WORKSHOP
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import LineInline, ReadOnlyInline
from apps.core.admin.master import MasterAdmin, TrackedMasterAdmin
from apps.core.portal.actions import ActionHandler
from apps.core.portal.fields import ReasonForm
from apps.verticals.workshop import services
from apps.verticals.workshop.models import (
    Appointment,
    CheckIn,
    Estimate,
    EstimateDecision,
    EstimateLine,
    InspectionPoint,
    InspectionTemplate,
    JobCard,
    JobPhoto,
    JobTask,
    LabourOperation,
    PartRequirement,
    QualityCheck,
    ServicePackage,
    ServicePackageLine,
    WorkLog,
)
from apps.verticals.workshop.states import APPOINTMENT, ESTIMATE, JOB_CARD, TASK


@admin.register(Appointment)
class AppointmentAdmin(TrackedDocumentAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 301, "event"
    table = APPOINTMENT
    steps = {
        "confirm": ActionHandler(services.confirm_appointment),
        "no_show": ActionHandler(services.mark_no_show),
        "cancel": ActionHandler(services.cancel_appointment, form=ReasonForm),
    }
    list_display = ("number", "starts_at", "customer", "plate", "resource", "channel", "state", "branch")
    list_select_related = ("customer", "resource", "branch")
    list_filter = ("state", "channel")
    search_fields = ("number", "plate", "customer__search_text")


class CheckInInline(ReadOnlyInline):
    model = CheckIn
    fields = ("odometer_km", "fuel_percent", "notes", "checked_in_by")


class PointInline(ReadOnlyInline):
    model = InspectionPoint
    fields = ("group", "name", "rating", "note")


class TaskInline(ReadOnlyInline):
    model = JobTask
    fields = ("position", "description", "technician", "estimated_minutes", "state")


class PartInline(ReadOnlyInline):
    model = PartRequirement
    fields = ("variant", "required", "reserved", "issued", "state", "order_number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PartRequirement]:
        return super().get_queryset(request).select_related("variant")


class PhotoInline(ReadOnlyInline):
    model = JobPhoto
    fields = ("stage", "caption", "is_public", "taken_by")


class CheckInline(ReadOnlyInline):
    model = QualityCheck
    fields = ("result", "reason", "checked_by", "created_at")


@admin.register(JobCard)
class JobCardAdmin(TrackedDocumentAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 300, "build"
    table = JOB_CARD
    steps = {
        "submit_check": ActionHandler(services.submit_for_check),
        "complete": ActionHandler(services.complete_card),
        "cancel": ActionHandler(services.cancel_card, form=ReasonForm),
    }
    list_display = ("number", "vehicle", "customer", "state", "total", "promised_at", "branch", "created_at")
    list_select_related = ("vehicle", "customer", "branch")
    list_filter = ("state",)
    search_fields = ("number", "vehicle__search_text", "customer__search_text")
    inlines = (CheckInInline, PointInline, TaskInline, PartInline, PhotoInline, CheckInline)


class EstimateLineInline(ReadOnlyInline):
    model = EstimateLine
    fields = ("position", "kind", "description", "quantity", "unit_price", "net", "tax", "gross", "decision")


class DecisionInline(ReadOnlyInline):
    model = EstimateDecision
    fields = ("channel", "decided_by_name", "total_seen", "ip", "created_at")


@admin.register(Estimate)
class EstimateAdmin(DocumentAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 302, "request_quote"
    organization_path = "job_card.organization_id"
    table = ESTIMATE
    steps = {"send": ActionHandler(services.send_estimate)}
    list_display = ("job_card", "number", "state", "total", "sent_at", "decided_at")
    list_select_related = ("job_card",)
    list_filter = ("state",)
    search_fields = ("job_card__number",)
    inlines = (EstimateLineInline, DecisionInline)


@admin.register(JobTask)
class JobTaskAdmin(DocumentAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 303, "task_alt"
    table = TASK
    steps = {"skip": ActionHandler(services.skip_task, form=ReasonForm)}
    list_display = ("description", "job_card", "technician", "state", "estimated_minutes", "branch")
    list_select_related = ("job_card", "technician", "branch")
    list_filter = ("state",)
    search_fields = ("description", "job_card__number")


@admin.register(WorkLog)
class WorkLogAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 304, "timer"
    list_display = ("technician", "task", "period", "is_open", "is_flagged", "branch")
    list_select_related = ("technician", "task", "branch")
    list_filter = ("is_open", "is_flagged")
    search_fields = ("task__description", "technician__email")


@admin.register(LabourOperation)
class LabourOperationAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 305, "handyman"
    list_display = ("name", "code", "minutes", "price", "is_bookable", "is_active", "organization")
    list_select_related = ("organization",)
    list_filter = ("is_active", "is_bookable")
    search_fields = ("name", "code")
    autocomplete_fields = ("organization", "tax_class")
    fixed_fields = ("organization",)


class PackageLineInline(LineInline):
    model = ServicePackageLine
    autocomplete_fields = ("operation", "variant")


@admin.register(ServicePackage)
class ServicePackageAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 306, "inventory"
    list_display = ("name", "code", "minutes", "price", "is_bookable", "is_active", "organization")
    list_select_related = ("organization",)
    list_filter = ("is_active", "is_bookable")
    search_fields = ("name", "code")
    autocomplete_fields = ("organization", "tax_class")
    fixed_fields = ("organization",)
    inlines = (PackageLineInline,)


@admin.register(InspectionTemplate)
class InspectionTemplateAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 307, "checklist"
    list_display = ("name", "organization", "is_default")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization",)
