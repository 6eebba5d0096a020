from importlib import import_module

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "apps.engines.shipping"
    label = "shipping"

    def ready(self) -> None:
        import_module("apps.engines.shipping.events")
