"""The distributor's customers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.portal.columns import Column
from apps.core.portal.filters import BoolFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.core.portal.registry import register_nav
from apps.verticals.marketplace.figures import list_buyers
from apps.verticals.marketplace.portal.order_board import list_live_topics


class GarageList(ListScreen):
    """Who orders here, how much, under which price list. A row leads to the garage's orders."""

    portal, permission = "distributor", "order.view"
    title = _("Garages")
    selector = staticmethod(list_buyers)
    columns = (
        Column("name", _("Garage"), sub="phone", sort="name"),
        Column("price_list", _("Price list"), sort="price_list", permission="price.view"),
        Column("open_orders", _("Open orders"), kind="number", sort="open_orders"),
        Column("orders", _("All orders"), kind="number", sort="orders"),
        Column("last_order", _("Last order"), kind="datetime", sort="last_order"),
        Column("spent", _("Spent"), kind="money", sort="spent"),
        Column("address", _("Address"), is_default=False),
    )
    filters = (BoolFilter("open", _("With open orders"), apply=lambda rows, _value: rows.filter(open_orders__gt=0)),)
    search = ("name", "phone", "address")
    search_placeholder = _("Garage, phone")
    default_sort = "-spent"
    opens = "page"
    row_url = staticmethod(lambda row: f"{reverse('distributor:order-list')}?buyer={row.pk}")
    live_topics = staticmethod(list_live_topics)
    empty = Empty(_("No garages yet"), _("A garage appears here with its first order."), "store")


register_nav(
    portal="distributor",
    group=_("Sales"),
    label=_("Garages"),
    url_name="distributor:garages",
    icon="store",
    permission="order.view",
    order=12,
)
urlpatterns = [GarageList.path("garages/", "garages")]
