"""Settings → Webhooks, the same in each portal."""

from apps.platform.webhooks.portal.screens import build_urls

urlpatterns_garage = build_urls("garage")
urlpatterns_distributor = build_urls("distributor")
