from importlib import import_module

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "apps.engines.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        import_module(f"{self.name}.texts")
