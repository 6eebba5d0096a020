"""Reads of invoices."""

from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.money import ZERO
from apps.core.text import search_key
from apps.engines.billing.models import Invoice
from apps.platform.organizations.sharing import SALES, branch_reach


def list_invoices(actor: Actor) -> "QuerySet[Invoice]":
    """The invoices that exist for the actor, newest first."""
    return Invoice.objects.visible_to(actor).select_related("customer", "branch", "organization")


def list_shared_invoices(actor: Actor) -> "QuerySet[Invoice]":
    """The invoices that the actor may read: their own, and other branches' where the company shares sales."""
    if actor.organization_id is None or branch_reach(actor, SALES) is not None:
        return list_invoices(actor)
    rows = Invoice.objects.filter(organization_id=actor.organization_id)
    return rows.select_related("customer", "branch", "organization")


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


def sum_invoices(actor: Actor) -> dict[str, Decimal]:
    """What is open, what of it is overdue, and what was issued this month, over the actor's invoices."""
    today = local_date()
    open_states = Q(state__in=[Invoice.State.FINAL, Invoice.State.SENT, Invoice.State.OVERDUE])
    rest = F("total") - F("paid_amount")
    sums = Invoice.objects.visible_to(actor).aggregate(
        open=Coalesce(Sum(rest, filter=open_states), ZERO),
        overdue=Coalesce(Sum(rest, filter=open_states & Q(due_on__lt=today)), ZERO),
        issued=Coalesce(Sum("total", filter=~Q(number="") & Q(issued_on__gte=today.replace(day=1))), ZERO),
    )
    return dict(sums)
