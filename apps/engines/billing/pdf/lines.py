"""The table of lines, which runs over pages, and the table of taxes by rate."""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _
from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.platypus import Table, TableStyle

from apps.core.money import ZERO, format_money, format_quantity
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.pdf.style import LINE, MUTED, SHADE, Styles


def line_table(invoice: Invoice, styles: Styles, language: str, width: float) -> Table:
    """One row per line; the head is repeated on every page."""
    lines = list(invoice.lines.all())
    has_discount = any(line.discount for line in lines)
    head = ["#", _("Description"), _("Unit"), _("Qty"), _("Unit price")]
    head += [_("Discount")] if has_discount else []
    head += [_("VAT"), _("Amount")]
    shares = (
        [0.05, 0.35, 0.08, 0.08, 0.14, 0.12, 0.06, 0.12] if has_discount else [0.05, 0.43, 0.09, 0.08, 0.15, 0.07, 0.13]
    )
    aligns = ["left", "left", "left", *["right"] * (len(head) - 3)]
    rows = [[styles.strong(text, size=8, align=align, color=white) for text, align in zip(head, aligns, strict=True)]]
    for position, line in enumerate(lines, start=1):
        cells = _cells(position, line, invoice.currency, language, has_discount=has_discount)
        rows.append([styles.text(text, size=8.5, align=align) for text, align in zip(cells, aligns, strict=True)])
    table = Table(rows, colWidths=[width * share for share in shares], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), styles.color),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 1.6 * mm),
                ("RIGHTPADDING", (0, 0), (-1, -1), 1.6 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8 * mm),
            ]
        )
    )
    return table


def tax_table(invoice: Invoice, styles: Styles, language: str, width: float) -> Table:
    """Net and tax by rate, lowest first."""
    sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in invoice.lines.all():
        sums[line.tax_rate][0] += line.net
        sums[line.tax_rate][1] += line.tax
    head = [_("VAT rate"), _("Net amount"), _("VAT")]
    rows = [[styles.small(text, bold=True, align="right" if column else "left") for column, text in enumerate(head)]]
    for rate in sorted(sums):
        amounts = [format_money(amount, invoice.currency, language) for amount in sums[rate]]
        label = f"{format_quantity(rate, language)}%"
        rows.append([styles.text(label, size=8), *[styles.text(text, size=8, align="right") for text in amounts]])
    table = Table(rows, colWidths=[width * 0.26, width * 0.37, width * 0.37], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), SHADE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("TEXTCOLOR", (0, 0), (-1, 0), MUTED),
                ("TOPPADDING", (0, 0), (-1, -1), 1 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2 * mm),
            ]
        )
    )
    return table


def _cells(position: int, line: InvoiceLine, currency: str, language: str, *, has_discount: bool) -> list[str]:
    discount = [format_money(line.discount, currency, language) if line.discount else ""] if has_discount else []
    return [
        str(position),
        line.description,
        line.unit,
        format_quantity(line.quantity, language),
        format_money(line.unit_price, currency, language),
        *discount,
        f"{format_quantity(line.tax_rate, language)}%",
        format_money(line.net, currency, language),
    ]
