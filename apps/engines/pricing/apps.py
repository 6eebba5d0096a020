from importlib import import_module

from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "apps.engines.pricing"
    label = "pricing"

    def ready(self) -> None:
        for module in ("texts",):
            import_module(f"{self.name}.{module}")
