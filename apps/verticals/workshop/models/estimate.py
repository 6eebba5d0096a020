"""Estimates in versions, their lines, and the customer's decision kept as evidence."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, VersionedModel, money_field, quantity_field


class Estimate(VersionedModel):
    """One version of the offer for a job card. Once sent its lines do not change: a change makes the next version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        DECIDED = "decided", _("decided")
        SUPERSEDED = "superseded", _("replaced")
        EXPIRED = "expired", _("expired")

    job_card = models.ForeignKey("workshop.JobCard", on_delete=models.CASCADE, related_name="estimates")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    currency = models.CharField(max_length=3, default="VND")
    subtotal = money_field(_("subtotal"), default=0)
    discount_total = money_field(_("discount"), default=0)
    tax_total = money_field(_("tax"), default=0)
    total = money_field(_("total"), default=0)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    note = models.TextField(_("note for the customer"), blank=True)
    document_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["note"])

    class Meta:
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["job_card", "number"], name="estimate_version_unique"),
            models.UniqueConstraint(
                fields=["job_card"], condition=Q(state__in=["draft", "sent"]), name="estimate_one_open_per_card"
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("tax_total")), name="estimate_total_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class EstimateLine(BaseModel):
    """One line offered. `carried_from` is the approved line of an earlier version that it repeats unchanged."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("labour")
        PART = "part", _("part")
        PACKAGE = "package", _("package")
        FEE = "fee", _("fee")

    class Decision(models.TextChoices):
        OPEN = "open", _("open")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    class Severity(models.TextChoices):
        NONE = "", _("wish")
        YELLOW = "yellow", _("soon")
        RED = "red", _("now")

    estimate = models.ForeignKey(Estimate, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(_("job"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    description = models.CharField(_("description"), max_length=200)
    operation = models.ForeignKey("workshop.LabourOperation", on_delete=models.PROTECT, null=True, related_name="+")
    package = models.ForeignKey("workshop.ServicePackage", on_delete=models.PROTECT, null=True, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, related_name="+")
    inspection_point = models.ForeignKey(
        "workshop.InspectionPoint", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    severity = models.CharField(_("urgency"), max_length=6, choices=Severity, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = quantity_field(_("quantity"), default=1)
    unit_price = money_field(_("unit price"))
    discount = money_field(_("discount"), default=0)
    net = money_field(_("net"))
    tax_rate = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)
    tax = money_field(_("tax"), default=0)
    gross = money_field(_("total"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.OPEN)
    decline_reason = models.CharField(_("reason"), max_length=200, blank=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("estimate line")
        verbose_name_plural = _("estimate lines")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="estimate_line_adds_up"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(discount__gte=0) & Q(unit_price__gte=0), name="estimate_line_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.description


class EstimateDecision(BaseModel):
    """The customer's answer as evidence: who, how, from where, to exactly which document, signed. Never changed."""

    class Channel(models.TextChoices):
        LINK = "link", _("link")
        PHONE = "phone", _("phone")
        DESK = "desk", _("at the desk")

    estimate = models.ForeignKey(Estimate, on_delete=models.PROTECT, related_name="decisions")
    channel = models.CharField(max_length=8, choices=Channel)
    decided_by_name = models.CharField(max_length=120)
    keyed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    lines = models.JSONField(help_text=_("[{line, description, gross, decision, reason}] as seen"))
    total_seen = money_field()
    document_hash = models.CharField(max_length=64)
    signature = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("decision of the customer")
        verbose_name_plural = _("decisions of customers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.decided_by_name
