from importlib import import_module

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "apps.verticals.marketplace"
    label = "marketplace"

    def ready(self) -> None:
        for module in ("notices", "reactions"):
            import_module(f"{self.name}.{module}")
