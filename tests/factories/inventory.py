"""Warehouses, and stock put into them through the ledger."""

from decimal import Decimal

import factory

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import StockLevel, Warehouse
from apps.engines.inventory.services import Source, move_stock


class WarehouseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Warehouse

    organization = factory.SubFactory("tests.factories.organizations.OrganizationFactory")
    code = factory.Sequence(lambda n: f"KHO{n}")
    name = factory.Sequence(lambda n: f"Kho {n}")
    kind = Warehouse.Kind.SERVICE_CENTRE


def put_stock(
    variant: Variant, warehouse: Warehouse, quantity: Decimal | int, *, unit_cost: Decimal | int = 60_000
) -> StockLevel:
    """Goods bought into a warehouse; returns the level as it stands now."""
    movement = move_stock(
        system_actor(warehouse.organization_id),
        variant_id=variant.pk,
        warehouse_id=warehouse.pk,
        quantity=Decimal(quantity),
        kind="purchase",
        unit_cost=Decimal(unit_cost),
        source=Source("test.delivery", uuid7(), "PN-1"),
    )
    return StockLevel.objects.get(pk=movement.level_id)
