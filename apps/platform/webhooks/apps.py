from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class WebhooksConfig(AppConfig):
    name = "apps.platform.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from apps.platform.webhooks import declared, texts, topics, types
        from apps.platform.webhooks.registry import send_through
        from apps.platform.webhooks.services.deliveries import queue_messages

        send_through(queue_messages)
        for config in apps.get_app_configs():
            name = f"{config.name}.webhooks"
            if config.name.startswith("apps.") and find_spec(name) is not None:
                import_module(name)
