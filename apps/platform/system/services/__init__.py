"""Settings, jobs and health. The clean-up stands apart in `services.clean_up`, because it calls other apps."""

from apps.platform.system.services.check_health import Check, check_all
from apps.platform.system.settings import declare_setting, get_setting, store_setting

__all__ = [
    "Check",
    "check_all",
    "declare_setting",
    "get_setting",
    "store_setting",
]
