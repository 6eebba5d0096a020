from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from apps.platform.audit import exports
