from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    name = "apps.engines.vehicles"
    label = "vehicles"
