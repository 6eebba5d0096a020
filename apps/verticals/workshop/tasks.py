"""Background entry points of the workshop."""

from celery import shared_task

from apps.verticals.workshop.reminders import remind_visitors


@shared_task(name="workshop.remind_visitors")
def remind_visitors_of_appointments() -> int:
    """Every five minutes."""
    return remind_visitors()
