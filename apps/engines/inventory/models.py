"""Warehouse, StockLevel, StockMovement, StockReservation."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.db import BaseModel, BranchQuerySet, TenantQuerySet, VersionedModel, money_field, quantity_field
from apps.platform.organizations.grants import visible_or_granted


class WarehouseQuerySet(BranchQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's branches, and those that were opened to the actor."""
        return visible_or_granted(self, actor, right="inventory.view", model=Warehouse)


class Warehouse(VersionedModel):
    """A place that keeps stock."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("central")
        SERVICE_CENTRE = "service_centre", _("service centre")
        SHOP = "shop", _("shop")
        TRANSIT = "transit", _("in transit")
        QUARANTINE = "quarantine", _("quarantine")
        VAN = "van", _("van")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="warehouses")
    branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="warehouses"
    )
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    address = models.CharField(_("address"), max_length=300, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = WarehouseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="warehouse_code_unique")]

    def __str__(self) -> str:
        return self.name


class StockQuerySet(TenantQuerySet):
    organization_field = "organization_id"
    branch_field = "warehouse__branch_id"

    def visible_to(self, actor: Actor) -> Self:
        """What lies in the warehouses that exist for the actor."""
        return visible_or_granted(
            self,
            actor,
            right="inventory.view",
            model=Warehouse,
            path="warehouse_id",
            branch_field=self.branch_field,
        )


class StockLevel(VersionedModel):
    """One variant in one warehouse in one condition. `average_cost` is the moving average per base unit.

    The database counts `version` with every change: who counted an older stock is told so.
    """

    class Condition(models.TextChoices):
        SELLABLE = "sellable", _("sellable")
        QUARANTINE = "quarantine", _("quarantine")
        DAMAGED = "damaged", _("damaged")
        CORE = "core", _("core")
        RETURN = "return", _("return")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="levels")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="levels")
    condition = models.CharField(_("condition"), max_length=12, choices=Condition, default=Condition.SELLABLE)
    on_hand = quantity_field(_("on hand"), default=0)
    reserved = quantity_field(_("reserved"), default=0)
    incoming = quantity_field(_("incoming"), default=0)
    reorder_point = quantity_field(_("reorder point"), default=0)
    max_level = quantity_field(_("most to keep"), default=0)
    average_cost = models.DecimalField(_("average cost"), max_digits=18, decimal_places=4, default=0)

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["variant", "warehouse", "condition"], name="stock_level_unique"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_level_on_hand_positive"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_level_reserved_positive"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_level_reserved_within_on_hand"),
            models.CheckConstraint(condition=Q(incoming__gte=0), name="stock_level_incoming_positive"),
        ]
        indexes = [models.Index(fields=["organization", "warehouse"])]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.on_hand}"

    @property
    def audit_label(self) -> str:
        """What the audit log calls it: the article."""
        return self.variant.sku

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


class StockShortage(BaseModel):
    """Stands as long as a level is low: whoever looks after the stock was told once. Ends above the limit by a margin."""

    level = models.OneToOneField(StockLevel, on_delete=models.CASCADE, related_name="shortage")

    class Meta:
        verbose_name = _("stock shortage")
        verbose_name_plural = _("stock shortages")

    def __str__(self) -> str:
        return str(self.level_id)


class StockMovement(BaseModel):
    """One line of the stock ledger; never changed, never deleted. `quantity` is signed, `unit_cost` per base unit."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("purchase")
        SALE = "sale", _("sale")
        JOB_CARD = "job_card", _("job card")
        TRANSFER_OUT = "transfer_out", _("transfer out")
        TRANSFER_IN = "transfer_in", _("transfer in")
        ADJUSTMENT = "adjustment", _("adjustment")
        RETURN_IN = "return_in", _("return in")
        RETURN_OUT = "return_out", _("return out")
        COUNT = "count", _("count")
        SCRAP = "scrap", _("scrap")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="movements")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="movements")
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    quantity = quantity_field(_("quantity"))
    unit_cost = models.DecimalField(_("unit cost"), max_digits=18, decimal_places=4)
    value = money_field(_("value"))
    balance_after = quantity_field(_("balance after"))
    sequence = models.BigIntegerField(default=0, editable=False)  # given by the database, rising within a level
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True)
    source_label = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    effective_at = models.DateTimeField(_("effective"))
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_movement_moves"),
            models.CheckConstraint(condition=Q(balance_after__gte=0), name="stock_movement_balance_positive"),
            models.UniqueConstraint(fields=["level", "sequence"], name="stock_movement_in_sequence"),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["source_type", "source_id"]),
            models.Index(fields=["variant", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class StockReservation(BaseModel):
    """A promise of stock to one document line. `quantity` = `consumed` + `released` + what is still promised."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        CONSUMED = "consumed", _("consumed")
        RELEASED = "released", _("released")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="reservations")
    quantity = quantity_field(_("quantity"))
    consumed = quantity_field(_("consumed"), default=0)
    released = quantity_field(_("released"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    source_type = models.CharField(max_length=40)
    source_id = models.UUIDField()
    line_id = models.UUIDField()
    expires_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock reservation")
        verbose_name_plural = _("stock reservations")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_reservation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(consumed__gte=0) & Q(released__gte=0) & Q(quantity__gte=F("consumed") + F("released")),
                name="stock_reservation_parts_within",
            ),
        ]
        indexes = [
            models.Index(fields=["source_type", "source_id"]),
            models.Index(fields=["line_id"]),
            models.Index(fields=["expires_at"], name="stock_reservation_expiring", condition=Q(state="active")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"
