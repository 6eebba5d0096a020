"""Settings, maintenance, health and jobs in the staff CMS."""

from apps.platform.system.admin import jobs, settings

__all__ = ["jobs", "settings"]
