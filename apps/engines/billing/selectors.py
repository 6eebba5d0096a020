"""Reads of invoices."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.engines.billing.models import Invoice


def list_invoices(actor: Actor) -> "QuerySet[Invoice]":
    """The invoices that exist for the actor, newest first."""
    return Invoice.objects.visible_to(actor).select_related("customer", "branch", "organization")


def find_invoice_of(source_type: str, source_id: UUID) -> Invoice | None:
    """The living invoice of a document."""
    rows = Invoice.objects.filter(source_type=source_type, source_id=source_id)
    return rows.exclude(state=Invoice.State.CANCELLED).select_related("organization").first()
