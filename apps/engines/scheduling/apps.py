from importlib import import_module

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "apps.engines.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        for module in ("declared", "texts"):
            import_module(f"{self.name}.{module}")
