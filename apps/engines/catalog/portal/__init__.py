"""Screens of the catalogue in the garage's and the distributor's portal."""

from django.utils.translation import gettext_lazy as _

from apps.core.portal.palette import register_palette
from apps.core.portal.registry import register_nav
from apps.engines.catalog.portal import products

for _portal, _group, _order in (("garage", _("Parts"), 47), ("distributor", _("Goods and prices"), 20)):
    register_nav(
        portal=_portal,
        group=_group,
        label=_("Products"),
        url_name=f"{_portal}:products",
        icon="package-search",
        permission="catalog.view",
        order=_order,
    )
    register_palette(
        f"products-{_portal}",
        products.find_products(_portal),
        label=_("Products"),
        portal=_portal,
        permission="catalog.view",
        order=60,
    )

urlpatterns_garage = [
    products.GarageProducts.path("products/", "products"),
    products.GarageNewProduct.path("products/new/", "product-new"),
    *products.GarageProduct.urls("products/<uuid:id>/", "product"),
]
urlpatterns_distributor = [
    products.DistributorProducts.path("products/", "products"),
    products.DistributorNewProduct.path("products/new/", "product-new"),
    *products.DistributorProduct.urls("products/<uuid:id>/", "product"),
]
