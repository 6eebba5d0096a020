from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "apps.engines.catalog"
    label = "catalog"

    def ready(self) -> None:
        for module in ("texts", "first_data"):
            import_module(f"{self.name}.{module}")
