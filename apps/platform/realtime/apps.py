from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "apps.platform.realtime"
    label = "realtime"

    def ready(self) -> None:
        from apps.platform.realtime import reactions
