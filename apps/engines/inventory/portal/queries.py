"""Rows and choices that the stock screens share."""

from typing import Any

from django.db.models import F, Q, QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.engines.catalog.selectors import main_picture
from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.engines.inventory.selectors import list_levels, list_movements, list_shared_levels, list_warehouses
from apps.platform.files.selectors import file_url
from apps.platform.organizations.grants import granted_ids
from apps.platform.organizations.selectors import list_branches


def stock_of(actor: Actor) -> "QuerySet[StockLevel]":
    """What can be sold or fitted, in the branch in which the actor stands, or in all open to them."""
    rows = list_levels(actor).filter(condition=StockLevel.Condition.SELLABLE)
    return _of_branch(rows, actor).prefetch_related("variant__product__media__file")


def shared_stock_of(actor: Actor) -> "QuerySet[StockLevel]":
    """What can be sold or fitted in all branches that the actor may look into."""
    rows = list_shared_levels(actor).filter(condition=StockLevel.Condition.SELLABLE)
    return rows.prefetch_related("variant__product__media__file")


def movements_of(actor: Actor) -> "QuerySet[StockMovement]":
    return _of_branch(list_movements(actor), actor)


def _of_branch(rows: Any, actor: Actor) -> Any:
    if actor.branch_id is None:
        return rows
    here = Q(warehouse__branch=actor.branch_id) | Q(warehouse__branch=None)
    return rows.filter(here | Q(warehouse__in=granted_ids(actor, "inventory.view", Warehouse)))


def search_stock(rows: QuerySet, text: str) -> QuerySet:
    """By every word of name, brand or number, without accents; by SKU or a scanned barcode."""
    key = compact_key(text)
    code = Q(variant__barcode=text.strip())
    if key:
        code |= Q(variant__sku_key__startswith=key)
    words = Q()
    for word in search_key(text).split():
        words &= Q(variant__product__search_text__contains=word)
    return rows.filter(words | code)


def list_warehouse_choices(actor: Actor) -> list[tuple[Any, str]]:
    return list(list_warehouses(actor).filter(is_active=True).values_list("pk", "name"))


def is_low(_actor: Actor) -> Q:
    """At or below the point at which to order again."""
    return Q(free__lte=F("reorder_point")) & Q(reorder_point__gt=0)


def is_out(_actor: Actor) -> Q:
    return Q(free__lte=0)


def list_live_topics(actor: Actor) -> list[str]:
    """The stock of the branches on the screen."""
    if actor.branch_id:
        return [f"inventory:{actor.branch_id}"]
    return [f"inventory:{branch.pk}" for branch in list_branches(actor)]


def add_pictures(levels: list[Any]) -> None:
    """Puts the small picture of its product on every row."""
    for level in levels:
        picture = main_picture(level.variant.product)
        level.picture = file_url(picture.file, thumbnail=True) if picture else ""


def label_of(level: StockLevel) -> str:
    """`out`, `low` or empty."""
    if level.available <= 0:
        return "out"
    return "low" if level.reorder_point and level.available <= level.reorder_point else ""
