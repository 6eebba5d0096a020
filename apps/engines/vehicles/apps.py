from importlib import import_module

from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    name = "apps.engines.vehicles"
    label = "vehicles"

    def ready(self) -> None:
        for module in ("events", "topics", "listeners", "grants"):
            import_module(f"{self.name}.{module}")
