from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.platform.notifications"
    label = "notifications"
