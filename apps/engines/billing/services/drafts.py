"""Drafts: made once per source document, editable until they are finalised."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import Conflict, NotAllowed, NotFound
from apps.engines.billing.errors import InvoiceFinal
from apps.engines.billing.events import InvoiceChanged, InvoiceDrafted
from apps.engines.billing.models import Invoice
from apps.engines.billing.services.inputs import InvoiceLineInput, attach, build_lines, sum_up
from apps.engines.billing.settlement import identity
from apps.engines.customers.models import Customer
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.models import Branch, Organization

EDITABLE = ("billed_name", "billed_phone", "billed_email", "billed_address", "billed_tax_code", "notes", "due_on")


class _AlreadyDrafted(Conflict):
    """Somebody else drafted the invoice of this source at the same moment."""


@transaction.atomic
def draft_invoice(
    actor: Actor,
    *,
    customer: Customer,
    lines: Sequence[InvoiceLineInput],
    branch_id: UUID | None = None,
    source_type: str = "",
    source_id: UUID | None = None,
    source_label: str = "",
) -> Invoice:
    """A draft for the customer. Asked again for the same source it answers with the one that is there.

    Raises InvoiceEmpty, BadInput for lines that make no sense, NotFound for a customer or branch of somebody else.
    """
    actor.require("invoice.draft")
    organization = Organization.objects.get(pk=actor.require_organization())
    if found := _find(organization, source_type, source_id):
        return found
    _check_places(actor, customer, branch_id)
    rows = build_lines(lines, organization.currency)
    invoice = Invoice(
        organization=organization,
        branch_id=branch_id,
        customer=customer,
        currency=organization.currency,
        source_type=source_type,
        source_id=source_id,
        source_label=source_label,
        **_billed_to(customer),
        **sum_up(rows),
    )
    try:
        with translate_violations({"invoice_one_per_source": _AlreadyDrafted}):
            invoice.save(force_insert=True)
    except _AlreadyDrafted:
        if found := _find(organization, source_type, source_id):
            return found
        raise
    attach(invoice, rows)
    record(actor, "invoice.drafted", invoice)
    publish(actor, InvoiceDrafted(**identity(invoice)))
    return invoice


@transaction.atomic
def update_draft(
    actor: Actor,
    invoice: Invoice,
    *,
    lines: Sequence[InvoiceLineInput] | None = None,
    version: int | None = None,
    **changes: Any,
) -> Invoice:
    """Changes a draft's addressee, notes, due date, or replaces its lines. Raises InvoiceFinal, StaleWrite, InvoiceEmpty."""
    actor.require("invoice.edit")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    if invoice.state != Invoice.State.DRAFT:
        raise InvoiceFinal
    fields = [field for field in EDITABLE if field in changes]
    for field in fields:
        setattr(invoice, field, changes[field])
    if lines is not None:
        rows = build_lines(lines, invoice.currency)
        invoice.lines.all().delete()
        attach(invoice, rows)
        for field, amount in sum_up(rows).items():
            setattr(invoice, field, amount)
            fields.append(field)
    invoice.save_changes(*fields)
    record(actor, "invoice.updated", invoice, new={field: str(getattr(invoice, field)) for field in fields})
    publish(actor, InvoiceChanged(**identity(invoice)))
    return invoice


def _find(organization: Organization, source_type: str, source_id: UUID | None) -> Invoice | None:
    if not source_type:
        return None
    rows = Invoice.objects.filter(organization=organization, source_type=source_type, source_id=source_id)
    return rows.exclude(state=Invoice.State.CANCELLED).first()


def _check_places(actor: Actor, customer: Customer, branch_id: UUID | None) -> None:
    if customer.organization_id != actor.organization_id:
        raise NotFound(field="customer")
    if branch_id is None:
        return
    if not Branch.objects.filter(pk=branch_id, organization_id=actor.organization_id).exists():
        raise NotFound(field="branch")
    if not actor.reaches_branch(branch_id):
        raise NotAllowed(field="branch")


def _billed_to(customer: Customer) -> dict[str, str]:
    """The customer's details as they are today; later changes do not reach the invoice."""
    return {
        "billed_name": customer.name,
        "billed_phone": customer.phone,
        "billed_email": customer.email,
        "billed_address": customer.address,
        "billed_tax_code": customer.tax_code,
    }
