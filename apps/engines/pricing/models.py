"""Tax rates by time; price lists per buyer."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, TenantQuerySet, VersionedModel, money_field, quantity_field


class TaxRate(BaseModel):
    """The rate in percent of a class during a period; one at a time."""

    tax_class = models.ForeignKey("catalog.TaxClass", on_delete=models.CASCADE, related_name="rates")
    rate = models.DecimalField(_("rate (%)"), max_digits=5, decimal_places=2)
    period = DateRangeField(_("period"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            ExclusionConstraint(
                name="tax_rate_one_at_a_time",
                expressions=[("tax_class", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(rate__gte=0) & Q(rate__lte=100), name="tax_rate_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.rate} %"


class PriceList(VersionedModel):
    """A seller's prices for a tier of buyers: a general discount and single prices, by quantity."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(_("name"), max_length=80)
    discount_percent = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="price_list_name_unique"),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0) & Q(discount_percent__lte=100), name="price_list_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListItem(BaseModel):
    """The price of one variant from a quantity on, without tax."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    min_quantity = quantity_field(_("from quantity"), default=1)
    unit_price = money_field(_("unit price"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["variant", "min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "variant", "min_quantity"], name="price_list_item_unique"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0) & Q(min_quantity__gt=0), name="price_list_item_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit_price)


class PriceListAssignment(BaseModel):
    """Which buyer (a company on the platform, or one of the seller's customers) gets which list."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="assignments")
    seller = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+")
    buyer_organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("buyer of a price list")
        verbose_name_plural = _("buyers of a price list")
        constraints = [
            models.CheckConstraint(
                condition=Q(buyer_organization__isnull=False, customer__isnull=True)
                | Q(buyer_organization__isnull=True, customer__isnull=False),
                name="price_list_assignment_one_buyer",
            ),
            models.UniqueConstraint(
                fields=["seller", "buyer_organization", "customer"],
                name="price_list_assignment_unique",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list_id}"
