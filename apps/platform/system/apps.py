from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "apps.platform.system"
    label = "system"

    def ready(self) -> None:
        from apps.core.api.idempotency import use_store
        from apps.platform.system import (
            declared,  # noqa: F401
            texts,  # noqa: F401
        )
        from apps.platform.system.idempotency import DatabaseStore
        from apps.platform.system.jobs import topics  # noqa: F401

        use_store(DatabaseStore())
