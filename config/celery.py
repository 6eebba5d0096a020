"""The job queue: tasks of every app, and what runs by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
app = Celery("baylink")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "relay-outbox": {"task": "events.relay_outbox", "schedule": 5.0},
    "send-due-deliveries": {"task": "notifications.send_due_deliveries", "schedule": 15.0},
    "release-expired-reservations": {"task": "inventory.release_expired_reservations", "schedule": 60.0},
    "release-expired-holds": {"task": "scheduling.release_expired_holds", "schedule": 60.0},
    "query-pending-payments": {"task": "payments.query_pending_payments", "schedule": 60.0},
    "worker-heartbeat": {"task": "system.worker_heartbeat", "schedule": 10.0},
    "clean-up": {"task": "system.clean_up", "schedule": 3600.0},
}
