"""Which paper somebody gets who asks for an invoice now."""

from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf import render_invoice
from apps.engines.billing.services import store_invoice_pdf


def invoice_pdf(invoice: Invoice, language: str) -> bytes:
    """The kept paper as it was issued; drafts, and invoices with money on them, are drawn as they stand now."""
    company_language = invoice.organization.language
    if not invoice.number or invoice.paid_amount or language != company_language:
        return render_invoice(invoice, language)
    document = store_invoice_pdf(invoice)
    with document.file.open("rb") as file:
        content: bytes = file.read()
    return content


def pdf_name(invoice: Invoice) -> str:
    """What the file is called on the reader's device."""
    return f"{invoice.number or f'draft-{invoice.pk.hex[:8]}'}.pdf"
