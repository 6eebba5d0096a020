from importlib import import_module

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.engines.inventory"
    label = "inventory"

    def ready(self) -> None:
        for module in (
            "events",
            "texts",
            "topics",
            "first_data",
            "grants",
            "reactions",
        ):
            import_module(f"{self.name}.{module}")
