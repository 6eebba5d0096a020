"""The job queue: tasks of every app, and what runs by the clock."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, worker_process_init

from config import observability

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
app = Celery("baylink")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def _report_faults(**_: object) -> None:
    # Before the tasks are wrapped: a fault of a job is met there.
    observability.start_reports()


@worker_process_init.connect
def _trace(**_: object) -> None:
    # In each process of its own, and not in the one that waits for jobs.
    observability.start_traces()


def every(seconds: float, task: str) -> dict[str, object]:
    """What runs by the clock is worth nothing once the next one is due: a worker that was away does not catch up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "relay-outbox": every(5.0, "events.relay_outbox"),
    "send-due-deliveries": every(15.0, "notifications.send_due_deliveries"),
    "send-webhooks": every(15.0, "webhooks.send_due"),
    "release-expired-reservations": every(60.0, "inventory.release_expired_reservations"),
    "release-expired-holds": every(60.0, "scheduling.release_expired_holds"),
    "query-pending-payments": every(60.0, "payments.query_pending_payments"),
    "remind-visitors": every(300.0, "workshop.remind_visitors"),
    "mark-overdue-invoices": every(3600.0, "billing.mark_overdue_invoices"),
    "worker-heartbeat": every(10.0, "system.worker_heartbeat"),
    "look-after-jobs": every(30.0, "system.look_after_jobs"),
    "clean-up": {"task": "system.clean_up", "schedule": crontab(hour="3", minute="10")},
}
