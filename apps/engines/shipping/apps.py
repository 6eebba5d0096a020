from importlib import import_module

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "apps.engines.shipping"
    label = "shipping"

    def ready(self) -> None:
        for module in (
            "events",
            "texts",
        ):
            import_module(f"{self.name}.{module}")
