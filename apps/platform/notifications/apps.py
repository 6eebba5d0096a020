from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.platform.notifications"
    label = "notifications"

    def ready(self) -> None:
        from apps.platform.notifications import (
            declared,
            events,
            staff_audience,
            texts,
            topics,
            tracking,
            types,
        )
