"""The distributor's orders as a board of states and as a list."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler
from apps.core.portal.board import BoardColumn, BoardScreen
from apps.core.portal.columns import Column
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import MAX_ITEMS, PaletteItem, register_palette
from apps.core.portal.parts import Empty, find_rows
from apps.core.portal.registry import register_nav
from apps.engines.orders import services
from apps.engines.orders.models import Order
from apps.engines.orders.states import ORDER
from apps.engines.shipping.services import ship_order
from apps.verticals.marketplace.portal.conditions import is_overdue, list_buyer_choices
from apps.verticals.marketplace.portal.glance import WAY, add_faces
from apps.verticals.marketplace.selectors import list_board_sales, list_sales

SEARCH = ("number", "buyer_organization__name", "buyer_branch__name")
PLACEHOLDER = _("Order number, garage")
FILTERS = (
    ForeignFilter("buyer", _("Garage"), field="buyer_organization_id", choose=list_buyer_choices),
    BoolFilter("overdue", _("Overdue"), only=is_overdue),
)


def link_to_sale(order: Order) -> str:
    return reverse("distributor:order", args=[order.pk])


def list_live_topics(actor: Actor) -> list[str]:
    return [f"orders:{actor.organization_id}"]


class SaleBoard(BoardScreen):
    """Columns by state; dragging a card is the seller's next step."""

    portal, permission = "distributor", "order.view"
    title = _("Orders")
    template_name = "marketplace/board/page.html"
    card_template = "marketplace/board/card.html"
    selector = staticmethod(list_board_sales)
    table = ORDER
    states = WAY
    actions = {
        "confirm": ActionHandler(services.confirm_order),
        "start_picking": ActionHandler(services.start_picking),
        "mark_ready": ActionHandler(services.mark_ready),
        "ship": ActionHandler(ship_order),
    }
    filters = FILTERS
    search = SEARCH
    search_placeholder = PLACEHOLDER
    money_field = "total"
    ordering = (F("expected_on").asc(nulls_last=True), "pk")
    row_url = staticmethod(link_to_sale)
    live_topics = staticmethod(list_live_topics)

    def columns(self) -> list[BoardColumn]:
        """With what cards show beyond their rows."""
        columns = super().columns()
        for order in (place.row for column in columns for place in column.cards):
            order.steps = self.steps_of(order)
        return columns

    def enrich(self, rows: list[Any]) -> Iterable[Any]:
        add_faces(rows)
        return rows

    def steps_of(self, order: Order) -> list[tuple[str, Any]]:
        """Where the card's menu leads, for those who do not drag: (state, name of the step)."""
        steps = self.table.available(order, self.actor)
        return [(step.target, step.label) for name, step in steps if name in self.actions]


class SaleList(ListScreen):
    """All orders, also those that are done or cancelled."""

    portal, permission = "distributor", "order.view"
    title = _("Orders")
    template_name = "marketplace/board/list.html"
    selector = staticmethod(list_sales)
    columns = (
        Column("number", _("Number"), sort="number", css="num"),
        Column(
            "buyer",
            _("Garage"),
            value="buyer_organization.name",
            sub="buyer_branch.name",
            sort="buyer_organization__name",
        ),
        Column("state", _("State"), kind="badge", table=ORDER, sort="state"),
        Column("placed", _("Ordered"), value="placed_at", kind="datetime", sort="placed_at"),
        Column("expected", _("Expected"), value="expected_on", kind="date", sort="expected_on"),
        Column("lines", _("Lines"), value=lambda row: len(row.lines.all()), kind="number"),
        Column("fulfilment", _("Delivery"), value="fulfilment_status", kind="choice", is_default=False),
        Column("payment", _("Payment"), value="payment_status", kind="choice", is_default=False),
        Column("note", _("Note"), value="buyer_note", is_default=False),
        Column("total", _("Total"), kind="money", sort="total"),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=Order.State.choices[1:]),
        *FILTERS,
        DateRangeFilter("placed", _("Ordered"), field="placed_at"),
    )
    search = SEARCH
    search_placeholder = PLACEHOLDER
    scans = True
    default_sort = "-placed"
    row_url = staticmethod(link_to_sale)
    live_topics = staticmethod(list_live_topics)
    empty = Empty(
        _("No orders yet"), _("An order appears here the moment a garage places it on the marketplace."), "inbox"
    )


def find_sales(actor: Actor, text: str) -> list[PaletteItem]:
    """The newest orders that the typed words find."""
    rows = find_rows(list_sales(actor), SEARCH, text)[:MAX_ITEMS]
    return [
        PaletteItem(order.number, link_to_sale(order), "package", getattr(order.buyer_organization, "name", ""))
        for order in rows
    ]


register_nav(
    portal="distributor",
    group=_("Sales"),
    label=_("Orders"),
    url_name="distributor:orders",
    icon="square-kanban",
    permission="order.view",
    order=10,
)
register_palette("sales", find_sales, label=_("Orders"), portal="distributor", permission="order.view")

urlpatterns = [
    SaleList.path("orders/list/", "order-list"),
    *SaleBoard.urls("orders/", "orders"),
]
