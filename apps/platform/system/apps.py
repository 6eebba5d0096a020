from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "apps.platform.system"
    label = "system"

    def ready(self) -> None:
        from apps.core.api.idempotency import use_store
        from apps.platform.system import (
            declared,
            texts,
        )
        from apps.platform.system.idempotency import DatabaseStore
        from apps.platform.system.jobs import topics

        use_store(DatabaseStore())
