"""The receipt (phiếu thu) of one payment, half a page."""

import io

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.units import mm
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle
from reportlab.platypus.flowables import Spacer

from apps.core.clock import local_time
from apps.core.money import format_money
from apps.core.text import clean_text
from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf.parts import numbered_canvas, page_painter
from apps.engines.billing.pdf.style import LINE, MUTED, SHADE, Styles, brand, plain, register_fonts
from apps.engines.billing.words import amount_in_words
from apps.engines.payments.models import Payment

PAGE = landscape(A5)
MARGIN = 14 * mm
WIDTH = PAGE[0] - 2 * MARGIN


def render_receipt(payment: Payment, invoice: Invoice, language: str) -> bytes:
    """What the payer takes home for a completed payment, as PDF in `language` (vi, en)."""
    register_fonts()
    with translation.override(language):
        return _render(payment, invoice, language)


def _render(payment: Payment, invoice: Invoice, language: str) -> bytes:
    company = invoice.organization
    styles = Styles(brand(company.brand_color))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=PAGE,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=9 * mm,
        bottomMargin=16 * mm,
        title=plain(_("Receipt %(number)s") % {"number": payment.number}),
        author=plain(company.name),
    )
    story = [
        _head(styles, payment, invoice),
        Spacer(0, 4 * mm),
        _amount(styles, payment, language),
        Spacer(0, 2 * mm),
        _facts(styles, payment, invoice, language),
        Spacer(0, 4 * mm),
        _signatures(styles),
    ]
    painter = page_painter(styles.color)
    document.build(story, onFirstPage=painter, onLaterPages=painter, canvasmaker=numbered_canvas(company.name))
    return out.getvalue()


def _head(styles: Styles, payment: Payment, invoice: Invoice) -> Table:
    company = invoice.organization
    moment = local_time(payment.completed_at or payment.created_at, company.timezone)
    sender = [
        styles.strong(company.legal_name or company.name, size=11, color=styles.color),
        styles.small(company.address),
    ]
    title = [
        styles.strong(_("RECEIPT"), size=15, align="right"),
        styles.small(f"{payment.number} · {moment:%d/%m/%Y %H:%M}", align="right", size=8.5),
    ]
    return Table(
        [[sender, title]],
        colWidths=[WIDTH * 0.6, WIDTH * 0.4],
        style=TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]),
    )


def _amount(styles: Styles, payment: Payment, language: str) -> Table:
    shown = format_money(payment.amount, payment.currency, language)
    words = amount_in_words(payment.amount, payment.currency, language)
    return Table(
        [
            [styles.text(_("Amount"), color=MUTED), styles.strong(shown, size=15, color=styles.color)],
            ["", styles.text(f"{words}.", size=8.5)],
        ],
        colWidths=[WIDTH * 0.24, WIDTH * 0.76],
        style=TableStyle([("BACKGROUND", (0, 0), (-1, -1), SHADE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]),
    )


def _facts(styles: Styles, payment: Payment, invoice: Invoice, language: str) -> Table:
    given_back = format_money(payment.refunded_amount, payment.currency, language) if payment.refunded_amount else ""
    rows = [
        (_("Received from"), payment.payer_name),
        (_("For"), _("Invoice %(number)s") % {"number": invoice.number}),
        (_("Payment method"), clean_text(str(payment.get_method_display())).capitalize()),
        (_("Transaction no."), payment.transaction_reference),
        (_("Note"), payment.note),
        (_("Paid back"), given_back),
    ]
    return Table(
        [[styles.text(label, color=MUTED), styles.text(text)] for label, text in rows if text],
        colWidths=[WIDTH * 0.24, WIDTH * 0.76],
        style=TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 0)]),
    )


def _signatures(styles: Styles) -> Table:
    return Table(
        [
            [styles.strong(_("Payer"), align="center"), styles.strong(_("Cashier"), align="center")],
            [Spacer(0, 14 * mm)] * 2,
        ],
        colWidths=[WIDTH / 2] * 2,
    )
