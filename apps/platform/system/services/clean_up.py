"""What is kept for a time only."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from django.conf import settings

from apps.core.clock import now
from apps.platform.accounts.services.forget import forget_ended_sessions
from apps.platform.notifications.services.forget import forget_read_notifications
from apps.platform.system.idempotency import KEPT_FOR
from apps.platform.system.models import IdempotencyRecord, JobRun
from apps.platform.system.settings import get_setting

JOBS_KEPT_FOR = timedelta(days=30)
SESSIONS_KEPT_FOR = timedelta(days=90)


def clean_up() -> dict[str, int]:
    """Deletes what is older than its time; returns how many rows went, by kind."""
    steps: dict[str, Callable[[], int]] = {
        "idempotency_keys": forget_idempotency_keys,
        "jobs": forget_jobs,
        "notifications": lambda: forget_read_notifications(
            before=now() - timedelta(days=get_setting("notifications.keep_days"))
        ),
        "sessions": lambda: forget_ended_sessions(before=now() - SESSIONS_KEPT_FOR),
        "browser_sessions": forget_browser_sessions,
    }
    return {name: step() for name, step in steps.items()}


def forget_idempotency_keys() -> int:
    count, _by_table = IdempotencyRecord.objects.filter(created_at__lt=now() - KEPT_FOR).delete()
    return count


def forget_jobs() -> int:
    count, _by_table = JobRun.objects.filter(finished_at__lt=now() - JOBS_KEPT_FOR).delete()
    return count


def forget_browser_sessions() -> int:
    """Sessions of browsers whose cookie has run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0
