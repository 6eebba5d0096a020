"""Every change of invoices. A finalised invoice never changes; being paid follows from payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.core.db import lock_row
from apps.core.errors import BadInput
from apps.core.money import total
from apps.engines.billing.errors import InvoiceEmpty, InvoiceFinal, NoAddressToSend
from apps.engines.billing.events import InvoiceChanged, InvoiceDrafted, InvoiceFinalised, InvoiceSent
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.settlement import show_payments
from apps.engines.billing.states import INVOICE
from apps.engines.customers.models import Customer
from apps.engines.pricing.rules import calculate_line
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.models import Organization
from apps.platform.system.numbers import next_yearly_number

DUE_DAYS = 7
EDITABLE = ("billed_name", "billed_phone", "billed_email", "billed_address", "billed_tax_code", "notes", "due_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineInput:
    """One line to bill; amounts in the invoice's currency, tax rate in percent, `cost` of the whole line."""

    kind: str
    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    discount: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    unit: str = ""
    variant_id: UUID | None = None
    line_id: UUID | None = None


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

    Raises InvoiceEmpty, BadInput for lines that make no sense.
    """
    actor.require("invoice.draft")
    organization = Organization.objects.select_for_update().get(pk=actor.require_organization())
    if source_type:
        existing = Invoice.objects.filter(source_type=source_type, source_id=source_id).exclude(
            state=Invoice.State.CANCELLED
        )
        if found := existing.first():
            return found
    if not lines:
        raise InvoiceEmpty(field="lines")
    rows = [_build_line(position, line, organization.currency) for position, line in enumerate(lines)]
    invoice = Invoice.objects.create(
        organization=organization,
        branch_id=branch_id,
        customer=customer,
        currency=organization.currency,
        source_type=source_type,
        source_id=source_id,
        source_label=source_label,
        **_billed_to(customer),
        **_totals(rows),
    )
    _attach(invoice, rows)
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
        if not lines:
            raise InvoiceEmpty(field="lines")
        rows = [_build_line(position, line, invoice.currency) for position, line in enumerate(lines)]
        invoice.lines.all().delete()
        _attach(invoice, rows)
        for field, amount in _totals(rows).items():
            setattr(invoice, field, amount)
            fields.append(field)
    invoice.save_changes(*fields)
    record(actor, "invoice.updated", invoice, new={field: str(getattr(invoice, field)) for field in fields})
    publish(actor, InvoiceChanged(**identity(invoice)))
    return invoice


@transaction.atomic
def finalise_invoice(actor: Actor, invoice: Invoice, *, version: int | None = None) -> Invoice:
    """Gives the gapless number and fixes everything. Raises IllegalMove, StaleWrite."""
    actor.require("invoice.finalise")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    INVOICE.move(invoice, "finalise")
    invoice.number = next_yearly_number(invoice.organization_id, "INV")
    invoice.issued_on = local_date(invoice.organization.timezone)
    invoice.due_on = invoice.due_on or invoice.issued_on + timedelta(days=DUE_DAYS)
    invoice.finalised_at = now()
    invoice.save_changes("state", "number", "issued_on", "due_on", "finalised_at")
    record(actor, "invoice.finalised", invoice, data={"number": invoice.number}, is_public=True)
    publish(actor, InvoiceFinalised(**identity(invoice)))
    if invoice.total == 0:
        show_payments(actor, invoice)
    return invoice


@transaction.atomic
def send_invoice(actor: Actor, invoice: Invoice, *, version: int | None = None) -> Invoice:
    """Sends the PDF by email and the link by SMS, as far as there are addresses. Raises NoAddressToSend, IllegalMove."""
    actor.require("invoice.send")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    if not invoice.billed_email and not invoice.billed_phone:
        raise NoAddressToSend
    if invoice.state != Invoice.State.PAID:
        INVOICE.move(invoice, "send")
    invoice.sent_at = now()
    invoice.save_changes("state", "sent_at")
    record(actor, "invoice.sent", invoice, is_public=True)
    publish(actor, InvoiceSent(send_count=invoice.version, **identity(invoice)))
    return invoice


@transaction.atomic
def cancel_invoice(actor: Actor, invoice: Invoice, *, reason: str, version: int | None = None) -> Invoice:
    """Drops a draft. A finalised invoice stays: it is corrected by a credit note. Raises IllegalMove, StaleWrite."""
    actor.require("invoice.cancel")
    if not reason.strip():
        raise BadInput(field="reason")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    INVOICE.move(invoice, "cancel")
    invoice.save_changes("state")
    record(actor, "invoice.cancelled", invoice, data={"reason": reason.strip()})
    publish(actor, InvoiceChanged(**identity(invoice)))
    return invoice


def identity(invoice: Invoice) -> dict[str, Any]:
    """The fields that every event of the invoice carries."""
    return {
        "subject_id": invoice.pk,
        "organization_id": invoice.organization_id,
        "branch_id": invoice.branch_id,
        "source_type": invoice.source_type,
        "source_id": invoice.source_id,
    }


def _billed_to(customer: Customer) -> dict[str, str]:
    """The customer's details as they are today; later changes do not reach the invoice."""
    return {
        "billed_name": customer.name,
        "billed_phone": customer.phone,
        "billed_email": customer.email,
        "billed_address": customer.address,
        "billed_tax_code": customer.tax_code,
    }


def _build_line(position: int, given: InvoiceLineInput, currency: str) -> InvoiceLine:
    if given.quantity <= 0 or given.discount < 0 or given.discount > given.quantity * given.unit_price:
        raise BadInput(field=f"lines.{position}")
    amounts = calculate_line(given.quantity, given.unit_price, given.discount, given.tax_rate, currency)
    return InvoiceLine(
        position=position,
        kind=given.kind,
        description=given.description,
        variant_id=given.variant_id,
        unit=given.unit,
        quantity=given.quantity,
        unit_price=given.unit_price,
        discount=given.discount,
        net=amounts.net,
        tax_rate=given.tax_rate,
        tax=amounts.tax,
        gross=amounts.gross,
        cost=given.cost,
        line_id=given.line_id,
    )


def _totals(rows: Sequence[InvoiceLine]) -> dict[str, Decimal]:
    return {
        "subtotal": total(row.net + row.discount for row in rows),
        "discount_total": total(row.discount for row in rows),
        "tax_total": total(row.tax for row in rows),
        "total": total(row.gross for row in rows),
    }


def _attach(invoice: Invoice, rows: Sequence[InvoiceLine]) -> None:
    for row in rows:
        row.invoice = invoice
    InvoiceLine.objects.bulk_create(rows)
