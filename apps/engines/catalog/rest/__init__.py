"""/products, /variants, /categories."""

from django.urls import path

from apps.core.api.routing import route
from apps.engines.catalog.rest.categories import CategoriesView, CategoryView
from apps.engines.catalog.rest.products import ProductViewSet
from apps.engines.catalog.rest.variants import VariantViewSet

URLS = [
    path("categories", CategoriesView.as_view(), name="category-list"),
    path("categories/<int:category_id>", CategoryView.as_view(), name="category-detail"),
]
ROUTES = [
    route("products", ProductViewSet, "product"),
    route("variants", VariantViewSet, "variant"),
]
