"""Background entry points of billing."""

from celery import shared_task

from apps.engines.billing import services


@shared_task(name="billing.mark_overdue_invoices")
def mark_overdue_invoices() -> None:
    services.mark_overdue_invoices()
