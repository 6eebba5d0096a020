from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.engines.billing"
    label = "billing"
