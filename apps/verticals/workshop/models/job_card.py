"""The job card, the parts it needs, and its quality checks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, BranchQuerySet, VersionedModel, money_field, quantity_field


class JobCard(VersionedModel):
    """One visit of a vehicle, from check-in to hand-over. The totals are of the estimate in force."""

    class State(models.TextChoices):
        CREATED = "created", _("opened")
        INSPECTED = "inspected", _("inspected")
        ESTIMATED = "estimated", _("estimated")
        WAITING_CUSTOMER_APPROVAL = "waiting_customer_approval", _("waiting for the customer")
        APPROVED = "approved", _("approved")
        ASSIGNED = "assigned", _("assigned")
        IN_PROGRESS = "in_progress", _("in progress")
        WAITING_PARTS = "waiting_parts", _("waiting for parts")
        QUALITY_CHECK = "quality_check", _("quality check")
        COMPLETED = "completed", _("completed")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    number = models.CharField(_("number"), max_length=32)
    appointment = models.OneToOneField(
        "workshop.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="job_card"
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="job_cards")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="job_cards")
    bay = models.ForeignKey(
        "scheduling.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bay")
    )
    advisor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("advisor")
    )
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=28, choices=State, default=State.CREATED)
    concern = models.TextField(_("concern"), blank=True)
    currency = models.CharField(max_length=3, default="VND")
    subtotal = money_field(_("subtotal"), default=0)
    discount_total = money_field(_("discount"), default=0)
    tax_total = money_field(_("tax"), default=0)
    total = money_field(_("total"), default=0)
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    comeback_count = models.PositiveSmallIntegerField(default=0)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    handover_signature = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    handover_name = models.CharField(max_length=120, blank=True)

    objects = BranchQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("job card")
        verbose_name_plural = _("job cards")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="job_card_number_unique"),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=~Q(state__in=["delivered", "cancelled"]),
                name="job_card_one_open_per_vehicle",
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("tax_total")), name="job_card_total_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "state", "-id"]),
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["vehicle", "-id"]),
            models.Index(fields=["customer", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class PartRequirement(VersionedModel):
    """A part that an approved line needs. required ≥ reserved + issued − returned at all times."""

    class State(models.TextChoices):
        MISSING = "missing", _("missing")
        ORDERED = "ordered", _("ordered")
        RESERVED = "reserved", _("reserved")
        ISSUED = "issued", _("issued")
        CANCELLED = "cancelled", _("not needed")

    job_card = models.ForeignKey(JobCard, on_delete=models.CASCADE, related_name="parts")
    task = models.ForeignKey("workshop.JobTask", on_delete=models.SET_NULL, null=True, related_name="parts")
    estimate_line = models.ForeignKey(
        "workshop.EstimateLine", on_delete=models.PROTECT, null=True, related_name="requirements"
    )
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    required = quantity_field(_("required"))
    reserved = quantity_field(_("reserved"), default=0)
    issued = quantity_field(_("issued"), default=0)
    unit_cost = models.DecimalField(_("unit cost"), max_digits=18, decimal_places=4, default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MISSING)
    order_id = models.UUIDField(null=True, help_text=_("the order that brings it"))
    order_number = models.CharField(max_length=32, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("part of a job card")
        verbose_name_plural = _("parts of job cards")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(required__gt=0), name="part_required_positive"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(issued__gte=0) & Q(required__gte=F("reserved") + F("issued")),
                name="part_within_required",
            ),
        ]
        indexes = [models.Index(fields=["order_id"])]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.required}"


class QualityCheck(BaseModel):
    """One check of finished work by somebody who did not do it; never changed."""

    class Result(models.TextChoices):
        PASSED = "passed", _("passed")
        REWORK = "rework", _("back to work")

    job_card = models.ForeignKey(JobCard, on_delete=models.CASCADE, related_name="quality_checks")
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=8, choices=Result)
    points = models.JSONField(default=list)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("quality check")
        verbose_name_plural = _("quality checks")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(result="passed") | ~Q(reason=""), name="quality_check_rework_has_reason")
        ]

    def __str__(self) -> str:
        return self.result
