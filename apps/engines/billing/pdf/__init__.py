"""Printed papers: the invoice and the receipt, A4 and A5, in Vietnamese or English, with embedded fonts."""

from apps.engines.billing.pdf.invoice import render_invoice
from apps.engines.billing.pdf.receipt import render_receipt

__all__ = ["render_invoice", "render_receipt"]
