from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "apps.engines.payments"
    label = "payments"
