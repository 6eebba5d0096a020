from importlib import import_module

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "apps.verticals.workshop"
    label = "workshop"

    def ready(self) -> None:
        for module in (
            "declared",
            "events",
            "texts",
            "topics",
            "listeners",
            "reactions",
            "registrations",
            "first_data",
        ):
            import_module(f"{self.name}.{module}")
