"""Make, VehicleModel, Vehicle, PlateAssignment, Ownership, OdometerReading."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.db import BaseModel, BranchQuerySet, TenantQuerySet, VersionedModel
from apps.platform.organizations.grants import visible_or_granted


class Make(BaseModel):
    name = models.CharField(_("make"), max_length=60, unique=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("make")
        verbose_name_plural = _("makes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class VehicleModel(BaseModel):
    class Body(models.TextChoices):
        SEDAN = "sedan", _("sedan")
        HATCHBACK = "hatchback", _("hatchback")
        SUV = "suv", _("SUV")
        MPV = "mpv", _("MPV")
        PICKUP = "pickup", _("pickup")
        TRUCK = "truck", _("truck")
        MOTORBIKE = "motorbike", _("motorbike")

    make = models.ForeignKey(Make, on_delete=models.PROTECT, related_name="models")
    name = models.CharField(_("model"), max_length=60)
    body = models.CharField(_("body"), max_length=12, choices=Body, default=Body.SEDAN)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("vehicle model")
        verbose_name_plural = _("vehicle models")
        ordering = ["make__name", "name"]
        constraints = [models.UniqueConstraint(fields=["make", "name"], name="vehicle_model_unique")]

    def __str__(self) -> str:
        return f"{self.make} {self.name}"


class VehicleQuerySet(BranchQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's branches, and those that were opened to the actor."""
        return visible_or_granted(self, actor, right="vehicle.view", model=Vehicle)


class Vehicle(VersionedModel):
    """A customer's vehicle. `plate`, `customer` and `odometer_km` repeat the newest row of their histories."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        IN_SERVICE = "in_service", _("in the workshop")
        COMPLETED = "completed", _("service completed")
        ARCHIVED = "archived", _("archived")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="vehicles")
    branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="vehicles"
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="vehicles")
    model = models.ForeignKey(VehicleModel, on_delete=models.PROTECT, related_name="+", verbose_name=_("model"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    color = models.CharField(_("colour"), max_length=40, blank=True)
    plate = models.CharField(_("plate"), max_length=16, blank=True)
    plate_key = models.CharField(max_length=16, blank=True, editable=False)
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    engine_number = models.CharField(_("engine number"), max_length=40, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    odometer_km = models.PositiveIntegerField(_("odometer (km)"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    search_text = models.TextField(default="", editable=False)

    objects = VehicleQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "plate_key"])

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "vin"], condition=~Q(vin=""), name="vehicle_vin_unique"),
            models.CheckConstraint(
                condition=Q(vin="") | Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"), name="vehicle_vin_form"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-created_at"]),
            models.Index(fields=["organization", "plate_key"]),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="vehicle_search"),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin


class PlateAssignment(BaseModel):
    """Which vehicle carried a plate from when to when; at most one vehicle per plate at any time."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="plates")
    plate = models.CharField(max_length=16)
    plate_key = models.CharField(max_length=16)
    period = DateRangeField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("plate")
        verbose_name_plural = _("plates")
        ordering = ["-created_at"]
        constraints = [
            ExclusionConstraint(
                name="plate_one_vehicle_at_a_time",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("plate_key", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.plate


class Ownership(BaseModel):
    """Who owned the vehicle from when to when."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="ownerships")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    period = DateRangeField()

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        ordering = ["-created_at"]
        constraints = [
            ExclusionConstraint(
                name="ownership_one_at_a_time",
                expressions=[("vehicle", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.customer_id}"


class OdometerReading(BaseModel):
    """One reading; a lower one than before is kept only with a reason."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="odometer_readings")
    km = models.PositiveIntegerField(_("odometer (km)"))
    read_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=160, blank=True)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    read_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("odometer reading")
        verbose_name_plural = _("odometer readings")
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return f"{self.km} km"
