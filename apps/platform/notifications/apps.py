from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.platform.notifications"
    label = "notifications"

    def ready(self) -> None:
        from apps.platform.notifications import (  # noqa: F401
            declared,
            events,
            staff_audience,
            texts,
            topics,
            tracking,
            types,
        )
