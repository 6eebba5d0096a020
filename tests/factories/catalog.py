"""Products, their variants and what they belong to."""

import factory

from apps.core.text import compact_key, search_key
from apps.engines.catalog.models import Brand, Category, Fitment, Product, TaxClass, Variant
from apps.engines.vehicles.models import Make, VehicleModel


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Nhóm {n}")
    slug = factory.Sequence(lambda n: f"nhom-{n}")


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Hãng {n}")
    slug = factory.Sequence(lambda n: f"hang-{n}")


class TaxClassFactory(factory.django.DjangoModelFactory):
    """A class without a rate; `tests.factories.pricing.TaxRateFactory` gives it one."""

    class Meta:
        model = TaxClass

    code = factory.Sequence(lambda n: f"class-{n}")
    name = factory.Sequence(lambda n: f"Nhóm thuế {n}")


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    organization = factory.SubFactory("tests.factories.organizations.OrganizationFactory")
    name = factory.Sequence(lambda n: f"Má phanh {n}")
    slug = factory.Sequence(lambda n: f"ma-phanh-{n}")
    brand = factory.SubFactory(BrandFactory)
    category = factory.SubFactory(CategoryFactory)
    tax_class = factory.SubFactory(TaxClassFactory)
    part_number = factory.Sequence(lambda n: f"AT-{n:05d}")
    part_key = factory.LazyAttribute(lambda product: compact_key(product.part_number))
    search_text = factory.LazyAttribute(
        lambda product: search_key(
            f"{product.name} {product.part_number} {product.part_key} {product.brand.name if product.brand else ''}"
        )
    )


class VariantFactory(factory.django.DjangoModelFactory):
    """`VariantFactory(organization=garage)` makes the product in the same company."""

    class Meta:
        model = Variant

    organization = factory.SubFactory("tests.factories.organizations.OrganizationFactory")
    product = factory.SubFactory(ProductFactory, organization=factory.SelfAttribute("..organization"))
    sku = factory.Sequence(lambda n: f"SKU-{n:05d}")
    sku_key = factory.LazyAttribute(lambda variant: compact_key(variant.sku))
    price = 100_000


class MakeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Make
        django_get_or_create = ["name"]

    name = "Toyota"


class VehicleModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VehicleModel
        django_get_or_create = ["make", "name"]

    make = factory.SubFactory(MakeFactory)
    name = "Vios"


class FitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fitment

    product = factory.SubFactory(ProductFactory)
    model = factory.SubFactory(VehicleModelFactory)
    year_from = 2014
    year_to = 2023
