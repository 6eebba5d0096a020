from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.engines.inventory"
    label = "inventory"
