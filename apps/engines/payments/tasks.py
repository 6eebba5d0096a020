"""Background entry points of payments."""

from celery import shared_task

from apps.engines.payments import services


@shared_task(name="payments.query_pending_payments")
def query_pending_payments() -> None:
    services.query_pending_payments()
