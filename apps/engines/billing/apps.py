from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.engines.billing"
    label = "billing"

    def ready(self) -> None:
        for module in ("declared", "events", "texts", "topics", "listeners", "reactions"):
            import_module(f"{self.name}.{module}")
