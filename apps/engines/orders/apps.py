from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "apps.engines.orders"
    label = "orders"
