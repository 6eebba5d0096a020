"""What the workshop offers: labour operations with flat-rate minutes, and fixed-price packages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, TenantQuerySet, VersionedModel, money_field, quantity_field


class LabourOperation(VersionedModel):
    """A piece of work with its standard time and price without tax."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(_("standard minutes"))
    price = money_field(_("price"))
    tax_class = models.ForeignKey("catalog.TaxClass", on_delete=models.PROTECT, related_name="+")
    is_bookable = models.BooleanField(_("bookable online"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("labour operation")
        verbose_name_plural = _("labour operations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="labour_code_unique"),
            models.CheckConstraint(condition=Q(price__gte=0) & Q(minutes__gt=0), name="labour_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ServicePackage(VersionedModel):
    """A menu of labour and parts at one fixed price without tax."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    description = models.TextField(_("description"), blank=True)
    price = money_field(_("price"))
    tax_class = models.ForeignKey("catalog.TaxClass", on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("standard minutes"))
    is_bookable = models.BooleanField(_("bookable online"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("service package")
        verbose_name_plural = _("service packages")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="package_code_unique"),
            models.CheckConstraint(condition=Q(price__gte=0) & Q(minutes__gt=0), name="package_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ServicePackageLine(BaseModel):
    """What a package contains: an operation or a part."""

    package = models.ForeignKey(ServicePackage, on_delete=models.CASCADE, related_name="lines")
    operation = models.ForeignKey(LabourOperation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = quantity_field(_("quantity"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(operation__isnull=False, variant__isnull=True)
                | Q(operation__isnull=True, variant__isnull=False),
                name="package_line_one_kind",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="package_line_positive"),
        ]

    def __str__(self) -> str:
        return str(self.operation or self.variant)
