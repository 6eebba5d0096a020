"""All addresses."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from apps.platform.system.health import live, ready
from config.graphql import view as graphql
from config.metrics import metrics
from config.staff import register_dashboard

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", live, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("config.api")),
    path("api/", include("config.api_docs")),
    path("graphql", graphql, name="graphql"),
    path("admin/", admin.site.urls),
    path("", include("apps.platform.accounts.provider.urls")),
    path("files/", include("apps.platform.files.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("config.portals")),
]

register_dashboard()

handler400 = "apps.core.api.fallbacks.bad_request"
handler403 = "apps.core.api.fallbacks.refused"
handler404 = "apps.core.api.fallbacks.not_found"
handler500 = "apps.core.api.fallbacks.server_error"
