"""Tax rates and price lists."""

from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem, TaxRate


class TaxRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaxRate

    tax_class = factory.SubFactory("tests.factories.catalog.TaxClassFactory")
    rate = 10
    period = DateRange(date(2020, 1, 1), None)


class PriceListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceList

    organization = factory.SubFactory("tests.factories.organizations.OrganizationFactory")
    name = factory.Sequence(lambda n: f"Bảng giá {n}")


class PriceListItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceListItem

    price_list = factory.SubFactory(PriceListFactory)
    unit_price = 90_000


class PriceListAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceListAssignment

    price_list = factory.SubFactory(PriceListFactory)
    seller = factory.SelfAttribute("price_list.organization")
