"""What follows an invoice or a payment after commit: papers are drawn and kept, people are told."""

from typing import Any
from uuid import UUID

from django.utils import translation

from apps.core.actor import system_actor
from apps.core.money import format_money
from apps.engines.billing.events import InvoiceChanged, InvoiceFinalised, InvoiceSent
from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf import render_receipt
from apps.engines.billing.services import store_invoice_pdf
from apps.engines.payments.events import PaymentCompleted
from apps.engines.payments.models import Payment
from apps.platform.events.registry import reacts
from apps.platform.files.services import store_document
from apps.platform.notifications.services import notify_address, notify_users
from apps.platform.organizations.selectors import users_with_permission


@reacts(InvoiceFinalised, name="billing.keep_paper")
def keep_paper(event: InvoiceFinalised) -> None:
    store_invoice_pdf(_invoice(event.subject_id))


@reacts(InvoiceSent, name="billing.send_invoice")
def send_to_customer(event: InvoiceSent) -> None:
    """Email with the PDF, SMS with the link. Every sending makes a fresh link; earlier ones stay good."""
    invoice = _invoice(event.subject_id)
    notify_address(
        "invoice.sent",
        organization_id=invoice.organization_id,
        email=invoice.billed_email,
        phone=invoice.billed_phone,
        language=_language(invoice),
        context=_context(invoice),
        dedupe=f"invoice-sent:{invoice.pk}:{event.send_count}",
        attachments=[store_invoice_pdf(invoice)],
    )


@reacts(InvoiceChanged, name="billing.remind_overdue")
def remind_overdue(event: InvoiceChanged) -> None:
    """The clock has found the invoice overdue: the customer is reminded once for this due day, if it is still open."""
    invoice = _invoice(event.subject_id)
    if invoice.state != Invoice.State.OVERDUE or invoice.balance <= 0:
        return
    notify_address(
        "payment.reminder",
        organization_id=invoice.organization_id,
        email=invoice.billed_email,
        phone=invoice.billed_phone,
        language=_language(invoice),
        context=_context(invoice),
        dedupe=f"payment-reminder:{invoice.pk}:{invoice.due_on}",
    )


@reacts(PaymentCompleted, name="billing.tell_payment")
def tell_payment(event: PaymentCompleted) -> None:
    """The payer gets a receipt; those who watch over the money see that it came."""
    if event.payable_type != "invoice":
        return
    invoice = _invoice(event.subject_id)
    payment = Payment.objects.get(pk=event.payment_id)
    language = _language(invoice)
    receipt = render_receipt(payment, invoice, language)
    file = store_document(system_actor(invoice.organization_id), receipt, name=f"{payment.number}.pdf")
    context = _context(invoice) | _money_of(payment, language)
    notify_address(
        "payment.received",
        organization_id=invoice.organization_id,
        email=invoice.billed_email,
        phone=invoice.billed_phone,
        language=language,
        context=context,
        dedupe=f"payment-received:{payment.pk}",
        attachments=[file],
    )
    watchers = users_with_permission(invoice.organization_id, "payment.view", branch_id=invoice.branch_id)
    notify_users(
        "payment.booked",
        [user for user in watchers if user.pk != payment.received_by_id],
        organization_id=invoice.organization_id,
        context=context,
        dedupe=f"payment-booked:{payment.pk}",
        url=f"/garage/invoices/{invoice.pk}/",
    )


def _invoice(invoice_id: UUID) -> Invoice:
    rows = Invoice.objects.select_related("organization", "branch", "customer", "document").prefetch_related("lines")
    return rows.get(pk=invoice_id)


def _language(invoice: Invoice) -> str:
    return invoice.customer.language if invoice.customer else invoice.organization.language


def _context(invoice: Invoice) -> dict[str, Any]:
    language = _language(invoice)
    branch = invoice.branch
    return {
        "number": invoice.number,
        "name": invoice.billed_name,
        "garage": invoice.organization.name,
        "phone": (branch.phone if branch else "") or invoice.organization.phone,
        "source": invoice.source_label,
        "total": format_money(invoice.total, invoice.currency, language),
        "balance": format_money(invoice.balance, invoice.currency, language) if invoice.balance > 0 else "",
        "due": invoice.due_on.strftime("%d/%m/%Y") if invoice.due_on else "",
        "link": make_invoice_link(invoice),
    }


def _money_of(payment: Payment, language: str) -> dict[str, str]:
    with translation.override(language):
        method = str(payment.get_method_display())
    return {
        "amount": format_money(payment.amount, payment.currency, language),
        "method": method,
        "receipt": payment.number,
    }
