"""Background entry points of payments."""

from uuid import UUID

from celery import shared_task

from apps.engines.payments import services


@shared_task(name="payments.query_pending_payments")
def query_pending_payments() -> None:
    services.query_pending_payments()


@shared_task(name="payments.withdraw_overtaken")
def withdraw_overtaken(payable_type: str, payable_id: str) -> None:
    services.withdraw_overtaken(payable_type, UUID(payable_id))
