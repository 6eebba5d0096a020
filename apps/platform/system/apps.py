from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SystemConfig(AppConfig):
    name = "apps.platform.system"
    label = "system"

    def ready(self) -> None:
        from apps.core.api.idempotency import use_store
        from apps.platform.system import texts  # noqa: F401
        from apps.platform.system.idempotency import DatabaseStore
        from apps.platform.system.jobs import topics  # noqa: F401
        from apps.platform.system.settings import declare_setting

        use_store(DatabaseStore())
        declare_setting("maintenance.is_on", False, bool, _("Maintenance mode"))
        declare_setting("maintenance.message", "", str, _("Words shown during maintenance"))
        declare_setting("jobs.at_once", 2, int, _("Long jobs at once on all workers"))
        declare_setting("notifications.keep_days", 90, int, _("Days that read notifications are kept"))
