from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "apps.engines.shipping"
    label = "shipping"
