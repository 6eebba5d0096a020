"""Levels, movements and warehouses as screens, the API and other engines read them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from apps.core.actor import Actor
from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.platform.organizations.sharing import PRICES, STOCK, branch_reach

FREE = ExpressionWrapper(F("on_hand") - F("reserved"), output_field=DecimalField(max_digits=14, decimal_places=3))
NOT_SELLING = (Warehouse.Kind.TRANSIT, Warehouse.Kind.QUARANTINE)


def list_levels(actor: Actor) -> QuerySet[StockLevel]:
    """The stock of the actor's branches, with `free` = on hand − reserved."""
    return (
        StockLevel.objects.visible_to(actor)
        .select_related("variant__product__brand", "variant__product__category", "warehouse__branch")
        .annotate(free=FREE)
        .order_by("variant__product__name", "variant__sku", "pk")
    )


def list_shared_levels(actor: Actor) -> QuerySet[StockLevel]:
    """The stock that the actor may read: their own, and other branches' where the company shares stock.

    `seen_cost` is the average cost where the company shares prices with the actor's branch, else None: a branch that
    shows what it has does not thereby show what it paid.
    """
    if actor.organization_id is None or branch_reach(actor, STOCK) is not None:
        rows = StockLevel.objects.visible_to(actor)
    else:
        rows = StockLevel.objects.filter(organization_id=actor.organization_id)
    return (
        rows.select_related("variant__product__brand", "variant__product__category", "warehouse__branch")
        .annotate(free=FREE, seen_cost=_seen_cost(actor))
        .order_by("variant__product__name", "variant__sku", "pk")
    )


def _seen_cost(actor: Actor) -> Any:
    branches = branch_reach(actor, PRICES)
    if branches is None:
        return F("average_cost")
    own = Q(warehouse__branch__isnull=True) | Q(warehouse__branch__in=branches)
    return Case(When(own, then=F("average_cost")), default=None)


def list_movements(actor: Actor) -> QuerySet[StockMovement]:
    """The ledger of the actor's branches, newest first."""
    return StockMovement.objects.visible_to(actor).select_related("variant__product", "warehouse", "made_by")


def list_warehouses(actor: Actor) -> QuerySet[Warehouse]:
    return Warehouse.objects.visible_to(actor).select_related("branch")


def availability(variant_ids: Iterable[UUID], warehouse_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """What is free now of each variant in each warehouse, by (variant, warehouse); nothing there, no entry."""
    rows = _sellable().filter(variant__in=list(variant_ids), warehouse__in=list(warehouse_ids))
    return {(variant, warehouse): free for variant, warehouse, free in rows.values_list("variant", "warehouse", "free")}


def available_by_warehouse(variant_ids: Iterable[UUID]) -> dict[UUID, list[tuple[Warehouse, Decimal]]]:
    """For each variant the open, selling warehouses that have it free, fullest first."""
    rows = (
        _sellable()
        .filter(variant__in=list(variant_ids), warehouse__is_active=True, free__gt=0)
        .exclude(warehouse__kind__in=NOT_SELLING)
        .select_related("warehouse")
        .order_by("-free", "pk")
    )
    found: dict[UUID, list[tuple[Warehouse, Decimal]]] = {}
    for level in rows:
        found.setdefault(level.variant_id, []).append((level.warehouse, level.available))
    return found


def total_available(organization_id: UUID) -> Subquery:
    """A column for queries of variants: what is free of each in all warehouses of a company; null without any."""
    rows = _sellable().filter(variant=OuterRef("pk"), organization_id=organization_id).order_by()
    return Subquery(rows.values("variant").annotate(total=Sum("free")).values("total"))


def selling_warehouses(organization_id: UUID) -> list[Warehouse]:
    """The open warehouses of a company from which goods are sold, in id order."""
    rows = Warehouse.objects.filter(organization_id=organization_id, is_active=True).exclude(kind__in=NOT_SELLING)
    return list(rows.order_by("pk"))


def receiving_warehouse(organization_id: UUID, branch_id: UUID | None) -> Warehouse | None:
    """Where goods for a branch go: its first open warehouse (without a branch: the company's first), or None."""
    warehouses = selling_warehouses(organization_id)
    if branch_id is not None:
        warehouses = [warehouse for warehouse in warehouses if warehouse.branch_id == branch_id]
    return min(warehouses, key=lambda warehouse: (warehouse.kind == Warehouse.Kind.VAN, warehouse.pk), default=None)


def _sellable() -> QuerySet[Any]:
    return StockLevel.objects.filter(condition=StockLevel.Condition.SELLABLE).annotate(free=FREE)
