"""What the garage has ordered from distributors: list, page, receiving."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import ActionButton, ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.fields import ReasonForm
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import MAX_ITEMS, PaletteItem, register_palette
from apps.core.portal.parts import Button, Empty, find_rows
from apps.core.portal.registry import register_nav
from apps.engines.orders import services
from apps.engines.orders.models import Order
from apps.engines.orders.states import ORDER
from apps.verticals.marketplace.portal import order_parts
from apps.verticals.marketplace.portal.conditions import is_overdue, list_seller_choices
from apps.verticals.marketplace.portal.order_forms import ReceiveForm
from apps.verticals.marketplace.selectors import list_purchases

S = Order.State
SEARCH = ("number", "seller__name", "source_label")


def link_to_purchase(order: Order) -> str:
    return reverse("garage:order", args=[order.pk])


def receive_all(actor: Actor, order: Order, *, version: int | None = None) -> Order:
    """Takes in everything that is on its way."""
    return services.receive_order(actor, order, version=version)


class PurchaseList(ListScreen):
    """Everything ordered, newest first."""

    portal, permission = "garage", "order.view"
    title = _("Purchases")
    selector = staticmethod(list_purchases)
    columns = (
        Column("number", _("Number"), sort="number", css="num"),
        Column("seller", _("Distributor"), value="seller.name", sort="seller__name"),
        Column("state", _("State"), kind="badge", table=ORDER, sort="state"),
        Column("source", _("For"), value="source_label"),
        Column("branch", _("Branch"), value="buyer_branch.name", is_default=False),
        Column("placed", _("Ordered"), value="placed_at", kind="datetime", sort="placed_at"),
        Column("expected", _("Expected"), value="expected_on", kind="date", sort="expected_on"),
        Column("lines", _("Lines"), value=lambda row: len(row.lines.all()), kind="number", is_default=False),
        Column("fulfilment", _("Delivery"), value="fulfilment_status", kind="choice", is_default=False),
        Column("total", _("Total"), kind="money", sort="total"),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=S.choices[1:]),
        ForeignFilter("seller", _("Distributor"), field="seller_id", choose=list_seller_choices),
        BoolFilter("overdue", _("Overdue"), only=is_overdue),
        DateRangeFilter("placed", _("Ordered"), field="placed_at"),
    )
    search = SEARCH
    search_placeholder = _("Order number, distributor, job card")
    scans = True
    default_sort = "-placed"
    primary = Button(_("Find parts"), "garage:marketplace", "search", "order.place")
    row_url = staticmethod(link_to_purchase)
    live_topics = staticmethod(lambda actor: [f"orders:{actor.organization_id}"])
    empty = Empty(
        _("Nothing ordered yet"), _("Compare the offers of distributors and order what is missing."), "shopping-basket"
    )


class PurchaseDetail(DetailScreen):
    """One order as its buyer follows it; the distributor sees the same row."""

    portal, permission = "garage", "order.view"
    selector = staticmethod(list_purchases)
    table = ORDER
    topics = ("order:{id}",)
    fragments = (
        Fragment("way", "marketplace/order/way.html", order_parts.build_way),
        Fragment("lines", "marketplace/order/bought_lines.html", order_parts.build_bought_lines),
        Fragment("shipments", "marketplace/order/shipments.html", order_parts.build_shipments),
        Fragment("money", "marketplace/order/purchase_money.html", is_side=True),
        Fragment("facts", "marketplace/order/seller.html", order_parts.build_purchase_facts, is_side=True),
    )
    actions = {
        "receive_all": ActionHandler(
            receive_all,
            label=_("Receive everything"),
            icon="package-check",
            variant="primary",
            permission="order.receive",
            done=_("Received into your stock."),
        ),
        "receive": ActionHandler(
            services.receive_order,
            form=ReceiveForm,
            label=_("Receive a part"),
            icon="package-plus",
            variant="secondary",
            template="marketplace/order/lines_dialog.html",
            done=_("Received into your stock."),
        ),
        "call_off": ActionHandler(
            services.cancel_order,
            form=ReasonForm,
            label=_("Cancel the order"),
            variant="danger",
            done=_("Cancelled. The distributor has been told."),
        ),
    }
    list_url_name = "garage:orders"
    list_label = _("Purchases")

    def get_subtitle(self) -> str:
        order = self.instance
        return " · ".join(str(name) for name in (order.seller, order.buyer_branch) if name)

    def buttons(self) -> list[ActionButton]:
        """Receiving is offered while something is on its way, calling off until something has left."""
        shown = {"receive_all": self.is_coming(), "receive": self.is_coming(), "call_off": self.may_call_off()}
        return [button for button in super().buttons() if shown[button.name]]

    def is_coming(self) -> bool:
        return any(line.shipped > line.received for line in self.instance.lines.all())

    def may_call_off(self) -> bool:
        """Who orders may call off until the distributor confirms, who cancels until goods have left."""
        order, actor = self.instance, self.actor
        if order.state == S.PENDING and actor.can("order.place"):
            return True
        is_open = order.state in ORDER.steps["cancel"].sources and not any(line.shipped for line in order.lines.all())
        return is_open and actor.can("order.cancel")


def find_purchases(actor: Actor, text: str) -> list[PaletteItem]:
    """The newest purchases that the typed words find."""
    rows = find_rows(list_purchases(actor), SEARCH, text)[:MAX_ITEMS]
    return [PaletteItem(order.number, link_to_purchase(order), "package", order.seller.name) for order in rows]


register_nav(
    portal="garage",
    group=_("Parts"),
    label=_("Purchases"),
    url_name="garage:orders",
    icon="package",
    permission="order.view",
    order=42,
)
register_palette("purchases", find_purchases, label=_("Purchases"), portal="garage", permission="order.view")

urlpatterns: list[Any] = [
    PurchaseList.path("orders/", "orders"),
    *PurchaseDetail.urls("orders/<uuid:id>/", "order"),
]
