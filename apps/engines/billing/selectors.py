"""Reads of invoices."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.text import search_key
from apps.engines.billing.models import Invoice


def list_invoices(actor: Actor) -> "QuerySet[Invoice]":
    """The invoices that exist for the actor, newest first."""
    return Invoice.objects.visible_to(actor).select_related("customer", "branch", "organization")


def list_invoices_with_lines(actor: Actor) -> "QuerySet[Invoice]":
    """The same with their lines."""
    return list_invoices(actor).prefetch_related("lines")


def find_invoices(rows: "QuerySet[Invoice]", text: str) -> "QuerySet[Invoice]":
    """Those with this in number, billed document, or the customer's name, phone or email."""
    wanted = Q(number__icontains=text) | Q(source_label__icontains=text) | Q(billed_name__icontains=text)
    return rows.filter(wanted | Q(billed_phone__icontains=text) | Q(customer__search_text__contains=search_key(text)))


def find_invoice_of(source_type: str, source_id: UUID) -> Invoice | None:
    """The living invoice of a document."""
    rows = Invoice.objects.filter(source_type=source_type, source_id=source_id)
    return rows.exclude(state=Invoice.State.CANCELLED).select_related("organization").first()
