from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "apps.engines.orders"
    label = "orders"

    def ready(self) -> None:
        for module in (
            "events",
            "texts",
            "topics",
        ):
            import_module(f"{self.name}.{module}")
