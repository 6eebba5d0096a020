"""Category, Brand, TaxClass, Product, Variant, ProductMedia, Fitment."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords
from tree_queries.models import TreeNode

from apps.core.db import BaseModel, TenantQuerySet, VersionedModel, money_field


class Category(TreeNode):
    """A node of the platform's one category tree."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Brand(BaseModel):
    name = models.CharField(_("brand"), max_length=80, unique=True)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=40, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TaxClass(BaseModel):
    """A kind of goods or service for tax, per country."""

    country = models.CharField(_("country"), max_length=2, default="VN")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=80)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        ordering = ["country", "code"]
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="tax_class_unique")]

    def __str__(self) -> str:
        return self.name


class Product(VersionedModel):
    """What one organization sells or fits. `part_key` is the part number with letters and digits only."""

    class Kind(models.TextChoices):
        PART = "part", _("part")
        CONSUMABLE = "consumable", _("consumable")
        TOOL = "tool", _("tool")
        SERVICE = "service", _("service")
        GOODS = "goods", _("goods")
        KIT = "kit", _("kit")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", pgettext_lazy("product", "active")
        DISCONTINUED = "discontinued", _("discontinued")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="products")
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    slug = models.SlugField(_("address name"), max_length=220)
    description = models.TextField(_("description"), blank=True)
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("brand")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("category")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PART)
    part_number = models.CharField(_("part number"), max_length=60, blank=True)
    part_key = models.CharField(max_length=60, blank=True, editable=False)
    oem_numbers = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("OEM numbers"))
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="+", verbose_name=_("tax class"))
    warranty_months = models.PositiveSmallIntegerField(_("warranty (months)"), default=0)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    is_featured = models.BooleanField(_("featured"), default=False)
    popularity = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(default="", editable=False)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "part_key", "popularity"])

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="product_slug_unique")]
        indexes = [
            models.Index(fields=["organization", "status", "name"]),
            models.Index(fields=["brand", "part_key"]),
            models.Index(fields=["category", "status"]),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="product_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(VersionedModel):
    """The exact SKU that is stocked, priced and ordered. `price` is the list price without tax."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(_("SKU"), max_length=60)
    sku_key = models.CharField(max_length=60, editable=False)
    barcode = models.CharField(_("barcode"), max_length=32, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    unit = models.CharField(_("unit"), max_length=20, default="cái")
    price = money_field(_("list price"))
    cost = money_field(_("standard cost"), default=0)
    weight_g = models.PositiveIntegerField(_("weight (g)"), default=0)
    is_stocked = models.BooleanField(_("kept in stock"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sku_key"])

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["sku"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "sku_key"], name="variant_sku_unique"),
            models.UniqueConstraint(
                fields=["organization", "barcode"], condition=~Q(barcode=""), name="variant_barcode_unique"
            ),
            models.CheckConstraint(condition=Q(price__gte=0) & Q(cost__gte=0), name="variant_prices_positive"),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductMedia(BaseModel):
    """A picture of a product; at most one is the main one."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    alt_text = models.CharField(_("alternative text"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_main = models.BooleanField(_("main picture"), default=False)

    class Meta:
        verbose_name = _("product picture")
        verbose_name_plural = _("product pictures")
        ordering = ["-is_main", "position"]
        constraints = [
            models.UniqueConstraint(fields=["product"], condition=Q(is_main=True), name="product_one_main_picture")
        ]

    def __str__(self) -> str:
        return self.alt_text


class Fitment(BaseModel):
    """A vehicle model and span of years that a product fits."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="fitments")
    model = models.ForeignKey("vehicles.VehicleModel", on_delete=models.PROTECT, related_name="+")
    year_from = models.PositiveSmallIntegerField(_("from year"))
    year_to = models.PositiveSmallIntegerField(_("to year"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("fitment")
        verbose_name_plural = _("fitments")
        constraints = [
            models.CheckConstraint(condition=Q(year_from__lte=F("year_to")), name="fitment_years_forward"),
            models.UniqueConstraint(fields=["product", "model", "year_from"], name="fitment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.year_from}-{self.year_to}"
