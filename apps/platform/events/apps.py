from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "apps.platform.events"
    label = "events"
