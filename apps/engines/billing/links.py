"""The page of an invoice for whoever has its link."""

from django.conf import settings

from apps.core.errors import NotFound
from apps.engines.billing.models import Invoice
from apps.platform.accounts.links import create_link, open_link
from apps.platform.accounts.models import AccessLink

DAYS = 90


def make_invoice_link(invoice: Invoice) -> str:
    """A fresh address at which the invoice can be seen and paid without a log-in; earlier ones stay good."""
    token = create_link(invoice.organization_id, purpose=AccessLink.Purpose.INVOICE, subject_id=invoice.pk, days=DAYS)
    return f"{settings.SITE_URL.rstrip('/')}/i/{token}/"


def open_invoice_link(token: str) -> Invoice:
    """The issued invoice behind a link. Raises NotFound, LinkExpired."""
    link = open_link(AccessLink.Purpose.INVOICE, token)
    rows = Invoice.objects.select_related("organization", "branch", "customer", "document").prefetch_related("lines")
    own = rows.filter(organization_id=link.organization_id) if link.organization_id else rows.none()
    invoice = own.filter(pk=link.subject_id).exclude(number="").first()
    if invoice is None:
        raise NotFound
    return invoice
