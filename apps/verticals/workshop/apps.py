from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "apps.verticals.workshop"
    label = "workshop"
