"""Asking a worker to send what is queued."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_after_commit() -> None:
    """Wakes the sender once after the present transaction, however many messages it queued."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is wake_sender for entry in waiting):
        transaction.on_commit(wake_sender)


def wake_sender() -> None:
    """Asks a worker to send now. When the queue cannot be reached the clock's sweep sends a little later."""
    try:
        current_app.send_task("webhooks.send_due", retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("sender not woken: %s", error)
