"""One order as the distributor works on it, and its pick list."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.db import get_visible
from apps.core.portal.actions import ActionButton, ActionHandler, Fragment
from apps.core.portal.detail import DetailScreen
from apps.core.portal.fields import ReasonForm
from apps.core.portal.views import PortalView
from apps.engines.orders import services
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.states import ORDER
from apps.engines.shipping.services import ship_order
from apps.platform.organizations.selectors import get_own_organization, logo_url
from apps.verticals.marketplace.portal import order_parts
from apps.verticals.marketplace.portal.order_forms import ConfirmLessForm, ShipForm
from apps.verticals.marketplace.selectors import list_sales

S = Order.State
LINES_DIALOG = "marketplace/order/lines_dialog.html"


class SaleDetail(DetailScreen):
    """The order with one next step on top; both companies look at the same row."""

    portal, permission = "distributor", "order.view"
    selector = staticmethod(list_sales)
    table = ORDER
    topics = ("order:{id}",)
    fragments = (
        Fragment("way", "marketplace/order/way.html", order_parts.build_way),
        Fragment("lines", "marketplace/order/sold_lines.html", order_parts.build_sold_lines),
        Fragment("shipments", "marketplace/order/shipments.html", order_parts.build_shipments),
        Fragment("money", "marketplace/order/sale_money.html", order_parts.build_sale_money, is_side=True),
        Fragment("buyer", "marketplace/order/buyer.html", is_side=True),
    )
    actions = {
        "confirm": ActionHandler(services.confirm_order, icon="check", done=_("Confirmed. The garage has been told.")),
        "confirm_less": ActionHandler(
            services.confirm_order,
            form=ConfirmLessForm,
            label=_("Confirm less"),
            permission="order.confirm",
            template=LINES_DIALOG,
            done=_("Confirmed. The garage has been told."),
        ),
        "start_picking": ActionHandler(services.start_picking, icon="list-checks", done=_("Picking has started.")),
        "mark_ready": ActionHandler(services.mark_ready, icon="package", done=_("Ready to ship.")),
        "ship": ActionHandler(ship_order, form=ShipForm, icon="truck", template=LINES_DIALOG, done=_("Shipped.")),
        "complete": ActionHandler(services.complete_order, icon="check-check", done=_("Closed.")),
        "cancel": ActionHandler(services.cancel_order, form=ReasonForm, done=_("Cancelled. The goods are free again.")),
    }
    list_url_name = "distributor:orders"
    list_label = _("Orders")

    def get_subtitle(self) -> str:
        order = self.instance
        return " · ".join(str(name) for name in (order.buyer_organization, order.buyer_branch) if name)

    def buttons(self) -> list[ActionButton]:
        """Confirming less is offered beside confirming."""
        is_new = self.instance.state == S.PENDING
        return [button for button in super().buttons() if is_new or button.name != "confirm_less"]


class PickList(PortalView):
    """What to take from which shelf, for paper."""

    portal, permission = "distributor", "order.view"
    template_name = "marketplace/order/pick_list.html"
    title = _("Pick list")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        order = get_visible(list_sales(self.actor), self.actor, self.kwargs["id"])
        own = get_own_organization(self.actor)
        company = {"name": own.name, "logo_url": logo_url(own), "address": own.address, "phone": own.phone}
        return super().get_context(order=order, places=group_by_warehouse(order), company=company, **extra)


def group_by_warehouse(order: Order) -> list[tuple[str, list[tuple[OrderLine, Decimal]]]]:
    """What is left to pick of each line, by the warehouse that promised it, in the order of the SKUs."""
    places: dict[str, list[tuple[OrderLine, Decimal]]] = {}
    for line in sorted(order.lines.all(), key=lambda line: line.sku):
        if line.shipped < line.quantity:
            places.setdefault(str(line.warehouse or ""), []).append((line, line.quantity - line.shipped))
    return sorted(places.items(), key=lambda place: place[0])


urlpatterns = [
    PickList.path("orders/<uuid:id>/pick-list/", "order-pick-list"),
    *SaleDetail.urls("orders/<uuid:id>/", "order"),
]
