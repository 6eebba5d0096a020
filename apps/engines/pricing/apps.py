from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "apps.engines.pricing"
    label = "pricing"
