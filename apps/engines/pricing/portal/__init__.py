"""Screens of price lists, and the prices on a product's page."""

from django.utils.translation import gettext_lazy as _

from apps.core.portal.actions import Fragment
from apps.core.portal.places import add_part
from apps.core.portal.registry import register_nav
from apps.engines.pricing.portal import screens

add_part(
    "catalog.product",
    Fragment("tiers", "pricing/of_product.html", screens.build_tiers, permission="price.edit", is_side=True),
)
register_nav(
    portal="distributor",
    group=_("Goods and prices"),
    label=_("Price lists"),
    url_name="distributor:price-lists",
    icon="tags",
    permission="price.view",
    order=22,
)
urlpatterns_distributor = [
    screens.PriceLists.path("price-lists/", "price-lists"),
    screens.NewPriceList.path("price-lists/new/", "price-list-new"),
    *screens.PriceListDetail.urls("price-lists/<uuid:id>/", "price-list"),
]
