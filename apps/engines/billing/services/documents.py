"""The stored PDF of an invoice: drawn after finalising, outside the transaction, and kept."""

from django.db import transaction

from apps.core.actor import system_actor
from apps.core.db import lock_row
from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf import render_invoice
from apps.platform.files.models import StoredFile
from apps.platform.files.services import store_document


def store_invoice_pdf(invoice: Invoice, *, language: str = "") -> StoredFile:
    """The kept PDF of a finalised invoice as it was issued, drawn at the first call. Must not be called for a draft."""
    if invoice.document is not None:
        return invoice.document
    content = render_invoice(invoice, language or invoice.organization.language)
    with transaction.atomic():
        locked = lock_row(invoice)
        if locked.document is None:
            actor = system_actor(invoice.organization_id)
            locked.document = store_document(actor, content, name=f"{invoice.number}.pdf")
            locked.save(update_fields=["document"])
        document: StoredFile = locked.document
    invoice.document = document
    return document
