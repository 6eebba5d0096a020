from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "apps.engines.payments"
    label = "payments"

    def ready(self) -> None:
        import_module(f"{self.name}.events")
        import_module(f"{self.name}.reactions")
        import_module(f"{self.name}.preview")
