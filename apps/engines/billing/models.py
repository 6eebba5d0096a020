"""Invoice and InvoiceLine."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, BranchQuerySet, VersionedModel, money_field, quantity_field


class Invoice(VersionedModel):
    """A bill. Draft: editable, without number. From finalising on its number, lines and totals are fixed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FINAL = "final", _("finalised")
        SENT = "sent", _("sent")
        PAID = "paid", _("paid")
        OVERDUE = "overdue", _("overdue")
        CANCELLED = "cancelled", _("cancelled")
        REFUNDED = "refunded", _("refunded")

    class PaymentStatus(models.TextChoices):
        PENDING = "pending", _("unpaid")
        PARTIAL = "partial", _("partly paid")
        PAID = "paid", _("paid")
        REFUNDED = "refunded", _("refunded")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("number"), max_length=32, blank=True)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True)
    source_label = models.CharField(max_length=40, blank=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="invoices")
    buyer_organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    billed_name = models.CharField(_("billed to"), max_length=200)
    billed_phone = models.CharField(_("phone"), max_length=20, blank=True)
    billed_email = models.EmailField(_("email"), blank=True)
    billed_address = models.CharField(_("address"), max_length=300, blank=True)
    billed_tax_code = models.CharField(_("tax code"), max_length=20, blank=True)
    currency = models.CharField(max_length=3, default="VND")
    subtotal = money_field(_("subtotal"), default=0)
    discount_total = money_field(_("discount"), default=0)
    tax_total = money_field(_("tax"), default=0)
    total = money_field(_("total"), default=0)
    paid_amount = money_field(_("paid"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    payment_status = models.CharField(_("payment"), max_length=10, choices=PaymentStatus, default=PaymentStatus.PENDING)
    issued_on = models.DateField(_("date"), null=True)
    due_on = models.DateField(_("due"), null=True)
    finalised_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(
        null=True, help_text=_("when nothing was due any more; stays when money is given back")
    )
    notes = models.TextField(_("notes"), blank=True)
    document = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )

    objects = BranchQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], condition=~Q(number=""), name="invoice_number_unique"
            ),
            models.UniqueConstraint(
                fields=["source_type", "source_id"],
                condition=~Q(source_type="") & ~Q(state="cancelled"),
                name="invoice_one_per_source",
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("tax_total")), name="invoice_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | ~Q(number=""), name="invoice_final_has_number"
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0) & Q(discount_total__gte=0), name="invoice_amounts_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["organization", "state", "due_on"]),
            models.Index(fields=["customer", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft invoice"))

    @property
    def balance(self) -> Decimal:
        return self.total - self.paid_amount


class InvoiceLine(BaseModel):
    """One line; net = quantity × price − discount, gross = net + tax, each rounded per line."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("labour")
        PART = "part", _("part")
        PACKAGE = "package", _("package")
        FEE = "fee", _("fee")
        GOODS = "goods", _("goods")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind)
    description = models.CharField(_("description"), max_length=200)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = quantity_field(_("quantity"), default=1)
    unit_price = money_field(_("unit price"))
    discount = money_field(_("discount"), default=0)
    net = money_field(_("net"))
    tax_rate = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)
    tax = money_field(_("tax"), default=0)
    gross = money_field(_("total"))
    cost = money_field(_("cost"), default=0)
    line_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="invoice_line_adds_up"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(discount__gte=0), name="invoice_line_positive"),
        ]

    def __str__(self) -> str:
        return self.description
