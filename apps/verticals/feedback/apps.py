from importlib import import_module

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "apps.verticals.feedback"
    label = "feedback"

    def ready(self) -> None:
        for module in ("events", "reactions"):
            import_module(f"{self.name}.{module}")
