"""Shipment and ShipmentLine."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.db import BaseModel, TenantQuerySet, VersionedModel, money_field, quantity_field


class ShipmentQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The shipments of orders that exist for the actor."""
        if actor.organization_id is None:
            return self.none()
        return self.filter(
            Q(organization_id=actor.organization_id) | Q(order__buyer_organization_id=actor.organization_id)
        )


class Shipment(VersionedModel):
    """Parcels of one order that leave together."""

    class Carrier(models.TextChoices):
        OWN = "own", _("own delivery")
        PICK_UP = "pick_up", _("pick-up")

    class State(models.TextChoices):
        CREATED = "created", _("packed")
        IN_TRANSIT = "in_transit", _("on the way")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="shipments")
    number = models.CharField(_("number"), max_length=32)
    carrier = models.CharField(_("carrier"), max_length=12, choices=Carrier, default=Carrier.OWN)
    tracking_code = models.CharField(_("tracking code"), max_length=60, blank=True)
    parcels = models.PositiveSmallIntegerField(_("parcels"), default=1)
    fee = money_field(_("fee"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.CREATED)
    note = models.CharField(_("note"), max_length=200, blank=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    shipped_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ShipmentQuerySet.as_manager()

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["note"])

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="shipment_number_unique"),
            models.CheckConstraint(condition=Q(fee__gte=0), name="shipment_fee_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(BaseModel):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = quantity_field(_("quantity"))
    received = quantity_field(_("received"), default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=models.F("quantity")),
                name="shipment_line_received_within",
            ),
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_unique"),
        ]

    def __str__(self) -> str:
        return str(self.quantity)
