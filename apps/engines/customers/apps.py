from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "apps.engines.customers"
    label = "customers"

    def ready(self) -> None:
        for module in ("events", "topics", "audience"):
            import_module(f"{self.name}.{module}")
