"""Settings, jobs, health, and the clean-up of what is kept for a time only."""

from apps.platform.system.services.check_health import Check, check_all
from apps.platform.system.services.clean_up import clean_up
from apps.platform.system.services.job_runs import queue_job, report_progress, run_job
from apps.platform.system.settings import declare_setting, get_setting, store_setting

__all__ = [
    "Check",
    "check_all",
    "clean_up",
    "declare_setting",
    "get_setting",
    "queue_job",
    "report_progress",
    "run_job",
    "store_setting",
]
