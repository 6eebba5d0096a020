"""The routes of /api/v1: each app's `rest` module offers ROUTES (resources) and URLS (single addresses)."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, re_path

from apps.core.api.fallbacks import UnknownAddress
from apps.core.api.routing import build_router

# One line per app, in the order of the layers.
REST_MODULES: list[str] = [
    "apps.platform.accounts.rest",
    "apps.platform.organizations.rest",
    "apps.platform.audit.rest",
    "apps.platform.system.rest",
    "apps.platform.files.rest",
    "apps.platform.notifications.rest",
    "apps.platform.webhooks.rest",
    "apps.engines.catalog.rest",
    "apps.engines.inventory.rest",
    "apps.engines.payments.rest",
    "apps.engines.billing.rest",
    "apps.engines.orders.rest",
    "apps.engines.shipping.rest",
    "apps.verticals.marketplace.rest",
    "apps.engines.customers.rest",
    "apps.engines.vehicles.rest",
    "apps.verticals.workshop.rest",
    "apps.verticals.feedback.rest",
]


def collect() -> list[URLPattern | URLResolver]:
    """All addresses of the API; the last one answers what nobody serves with the API's own 404."""
    modules = [import_module(name) for name in REST_MODULES]
    single = [url for module in modules for url in getattr(module, "URLS", [])]
    router = build_router(route for module in modules for route in getattr(module, "ROUTES", []))
    return [*single, *router.urls, re_path(r"^.*$", UnknownAddress.as_view(), name="api-unknown")]


urlpatterns = collect()
