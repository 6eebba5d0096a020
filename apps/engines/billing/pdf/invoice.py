"""The invoice on paper: who, whom, what, how much, in words, and how to pay."""

import io
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle
from reportlab.platypus.flowables import Flowable, KeepTogether, Spacer

from apps.core.money import format_money
from apps.engines.billing.bank import transfer_slip
from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf.lines import line_table, tax_table
from apps.engines.billing.pdf.parts import QrCode, logo_of, numbered_canvas, page_painter
from apps.engines.billing.pdf.style import DONE, MUTED, SHADE, Styles, brand, plain, register_fonts
from apps.engines.billing.registry import describe_source
from apps.engines.billing.words import amount_in_words

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
FLAT = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def render_invoice(invoice: Invoice, language: str) -> bytes:
    """The invoice as PDF in `language` (vi, en): a draft with a watermark, a paid one with a stamp."""
    register_fonts()
    with translation.override(language):
        return _render(invoice, language)


def _render(invoice: Invoice, language: str) -> bytes:
    styles = Styles(brand(invoice.organization.brand_color))
    number = invoice.number or _("Draft")
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=12 * mm,
        bottomMargin=18 * mm,
        title=plain(_("Invoice %(number)s") % {"number": number}),
        author=plain(invoice.organization.name),
        lang=language,
    )
    painter = page_painter(
        styles.color,
        watermark=str(_("DRAFT")) if invoice.state == Invoice.State.DRAFT else "",
        stamp=(_("PAID"), DONE) if invoice.state == Invoice.State.PAID else None,
    )
    story = [
        *_header(invoice, styles),
        *_parties(invoice, styles),
        line_table(invoice, styles, language, WIDTH),
        Spacer(0, 4 * mm),
        KeepTogether(_sums(invoice, styles, language)),
        KeepTogether(_ending(invoice, styles, language)),
    ]
    footer = f"{invoice.organization.legal_name or invoice.organization.name} · {number}"
    document.build(story, onFirstPage=painter, onLaterPages=painter, canvasmaker=numbered_canvas(footer))
    return out.getvalue()


def _header(invoice: Invoice, styles: Styles) -> list[Flowable]:
    company = invoice.organization
    branch = invoice.branch
    logo = logo_of(company, width=42 * mm, height=16 * mm)
    address = branch.address if branch and branch.address else company.address
    contact = " · ".join(filter(None, [(branch.phone if branch else "") or company.phone, company.email]))
    left: list[Flowable] = [logo, Spacer(0, 2 * mm)] if logo else []
    left.append(styles.strong(company.legal_name or company.name, size=13, color=styles.color))
    left += [styles.small(text) for text in (branch.name if branch else "", address, contact) if text]
    if company.tax_code:
        left.append(styles.small(_("Tax code: %(code)s") % {"code": company.tax_code}))
    right = [styles.strong(_("INVOICE"), size=20, align="right")]
    if invoice.number:
        right.append(styles.strong(invoice.number, size=11, align="right", color=styles.color))
    for label, day in ((_("Date"), invoice.issued_on), (_("Pay until"), invoice.due_on)):
        if day:
            right.append(styles.small(f"{label}: {day:%d/%m/%Y}", align="right", size=8.5))
    table = Table([[left, right]], colWidths=[WIDTH * 0.6, WIDTH * 0.4], style=TableStyle(FLAT))
    return [table, Spacer(0, 5 * mm)]


def _parties(invoice: Invoice, styles: Styles) -> list[Flowable]:
    buyer = [styles.small(_("BILLED TO"), bold=True), styles.strong(invoice.billed_name, size=11)]
    rows = [
        invoice.billed_address,
        " · ".join(filter(None, [invoice.billed_phone, invoice.billed_email])),
        _("Tax code: %(code)s") % {"code": invoice.billed_tax_code} if invoice.billed_tax_code else "",
    ]
    buyer += [styles.text(row, size=8.5) for row in rows if row]
    source = [
        cell
        for label, text in describe_source(invoice)
        for cell in (styles.small(label), styles.strong(text, size=9), Spacer(0, 1 * mm))
    ]
    table = Table([[buyer, source]], colWidths=[WIDTH * 0.6, WIDTH * 0.4])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), SHADE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 3 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
                ("LINEBEFORE", (0, 0), (0, -1), 2, styles.color),
            ]
        )
    )
    return [table, Spacer(0, 5 * mm)]


def _sums(invoice: Invoice, styles: Styles, language: str) -> list[Flowable]:
    def money(amount: Decimal) -> str:
        return format_money(amount, invoice.currency, language)

    rows: list[tuple[Any, Any]] = [(_("Subtotal"), money(invoice.subtotal))]
    if invoice.discount_total:
        rows.append((_("Discount"), money(-invoice.discount_total)))
    rows.append((_("VAT"), money(invoice.tax_total)))
    cells = [[styles.text(label, color=MUTED), styles.text(text, align="right")] for label, text in rows]
    total_row = len(cells)
    cells.append(
        [
            styles.strong(_("Total"), size=11, color=styles.color),
            styles.strong(money(invoice.total), size=12, align="right", color=styles.color),
        ]
    )
    if invoice.paid_amount:
        cells.append([styles.text(_("Paid"), color=MUTED), styles.text(money(invoice.paid_amount), align="right")])
        cells.append([styles.strong(_("Still to pay")), styles.strong(money(invoice.balance), align="right")])
    right = Table(cells, colWidths=[WIDTH * 0.2, WIDTH * 0.22])
    right.setStyle(
        TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
                ("LINEABOVE", (0, total_row), (-1, total_row), 1, styles.color),
                ("TOPPADDING", (0, 0), (-1, -1), 1.2 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2 * mm),
            ]
        )
    )
    both = Table(
        [[tax_table(invoice, styles, language, WIDTH * 0.5), right]],
        colWidths=[WIDTH * 0.58, WIDTH * 0.42],
        style=TableStyle(FLAT),
    )
    words = amount_in_words(invoice.total, invoice.currency, language)
    spoken = Table([[styles.text(_("In words: %(words)s") % {"words": f"{words}."}, bold=True)]], colWidths=[WIDTH])
    spoken.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), SHADE), ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm)]))
    return [both, Spacer(0, 4 * mm), spoken, Spacer(0, 5 * mm)]


def _ending(invoice: Invoice, styles: Styles, language: str) -> list[Flowable]:
    notes = [styles.small(invoice.notes, size=8.5), Spacer(0, 3 * mm)] if invoice.notes.strip() else []
    slip = transfer_slip(invoice)
    pay: list[Flowable] = []
    if slip:
        facts = [
            styles.strong(_("Pay by bank transfer"), size=9.5, color=styles.color),
            styles.text(f"{slip.bank} · {slip.account}", size=9),
            styles.text(slip.holder, size=9),
            styles.small(_("Purpose: %(text)s") % {"text": slip.purpose}, size=8.5),
            styles.small(
                _("Amount: %(amount)s") % {"amount": format_money(invoice.balance, "VND", language)}, size=8.5
            ),
        ]
        pay = [
            Table(
                [[QrCode(slip.text, 28 * mm), facts]],
                colWidths=[32 * mm, WIDTH * 0.5 - 32 * mm],
                style=TableStyle(FLAT),
            )
        ]
    signs = Table(
        [
            [styles.strong(_("Buyer"), align="center"), styles.strong(_("Issued by"), align="center")],
            [styles.small(_("(signature, full name)"), align="center")] * 2,
            [Spacer(0, 20 * mm)] * 2,
        ],
        colWidths=[WIDTH * 0.24] * 2,
        style=TableStyle([("TOPPADDING", (0, 0), (-1, -1), 0)]),
    )
    table = Table([[pay, signs]], colWidths=[WIDTH * 0.52, WIDTH * 0.48], style=TableStyle(FLAT))
    return [*notes, table]
