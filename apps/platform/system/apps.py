from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "apps.platform.system"
    label = "system"
