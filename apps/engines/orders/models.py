"""Order and OrderLine."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.db import BaseModel, TenantQuerySet, VersionedModel, money_field, quantity_field


class OrderQuerySet(TenantQuerySet):
    """An order exists for the seller (in the selling branch) and for the buying company, once it is placed."""

    def visible_to(self, actor: Actor) -> Self:
        return self.sold_by(actor) | self.bought_by(actor)

    def sold_by(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self.none()
        rows = self.filter(seller_id=actor.organization_id)
        if actor.branch_ids is not None:
            rows = rows.filter(Q(seller_branch__isnull=True) | Q(seller_branch__in=actor.branch_ids))
        return rows

    def bought_by(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self.none()
        rows = self.filter(buyer_organization_id=actor.organization_id)
        if actor.branch_ids is not None:
            rows = rows.filter(Q(buyer_branch__isnull=True) | Q(buyer_branch__in=actor.branch_ids))
        return rows


class Order(VersionedModel):
    """One sale of goods."""

    class Channel(models.TextChoices):
        STORE = "store", _("store")
        COUNTER = "counter", _("counter")
        MARKETPLACE = "marketplace", _("marketplace")
        SMART_CART = "smart_cart", _("smart cart")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PENDING = "pending", _("new")
        CONFIRMED = "confirmed", _("confirmed")
        PROCESSING = "processing", _("picking")
        READY = "ready", _("ready to ship")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        RETURNED = "returned", _("returned")

    class PaymentStatus(models.TextChoices):
        PENDING = "pending", _("unpaid")
        PARTIAL = "partial", _("partly paid")
        PAID = "paid", _("paid")
        REFUNDED = "refunded", _("refunded")

    class FulfilmentStatus(models.TextChoices):
        NONE = "none", _("nothing shipped")
        PARTIAL = "partial", _("partly shipped")
        SHIPPED = "shipped", _("shipped")
        RECEIVED = "received", _("received")

    number = models.CharField(_("number"), max_length=32)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    seller = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="sales", verbose_name=_("seller")
    )
    seller_branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    buyer_organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        verbose_name=_("buyer"),
    )
    buyer_branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    placed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3, default="VND")
    subtotal = money_field(_("subtotal"), default=0)
    discount_total = money_field(_("discount"), default=0)
    tax_total = money_field(_("tax"), default=0)
    shipping_fee = money_field(_("shipping fee"), default=0)
    total = money_field(_("total"), default=0)
    paid_amount = money_field(_("paid"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    payment_status = models.CharField(_("payment"), max_length=10, choices=PaymentStatus, default=PaymentStatus.PENDING)
    fulfilment_status = models.CharField(
        _("delivery"), max_length=10, choices=FulfilmentStatus, default=FulfilmentStatus.NONE
    )
    delivery_address = models.CharField(_("delivery address"), max_length=300, blank=True)
    buyer_note = models.CharField(_("note of the buyer"), max_length=300, blank=True)
    seller_note = models.CharField(_("internal note"), max_length=300, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True)
    source_label = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    expected_on = models.DateField(_("expected"), null=True)

    objects = OrderQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="order_number_unique"),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("tax_total") + F("shipping_fee")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(shipping_fee__gte=0) & Q(discount_total__gte=0), name="order_amounts_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "state", "-id"]),
            models.Index(fields=["buyer_organization", "-id"]),
            models.Index(fields=["source_type", "source_id"]),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(BaseModel):
    """One variant of the seller; `buyer_variant` is the same part in the buyer's own catalogue, where known."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    buyer_variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, related_name="+")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, null=True, related_name="+")
    sku = models.CharField(_("SKU"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = quantity_field(_("quantity"))
    unit_price = money_field(_("unit price"))
    discount = money_field(_("discount"), default=0)
    net = money_field(_("net"))
    tax_rate = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)
    tax = money_field(_("tax"), default=0)
    gross = money_field(_("total"))
    cost = money_field(_("cost"), default=0)
    shipped = quantity_field(_("shipped"), default=0)
    received = quantity_field(_("received"), default=0)
    price_breakdown = models.JSONField(default=list)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="order_line_adds_up"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(discount__gte=0), name="order_line_positive"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0) & Q(shipped__lte=F("quantity")), name="order_line_shipped_within"
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("shipped")), name="order_line_received_within"
            ),
        ]
        indexes = [models.Index(fields=["source_type", "source_id"])]

    def __str__(self) -> str:
        return self.name
