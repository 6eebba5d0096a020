from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "apps.verticals.marketplace"
    label = "marketplace"
