"""What the parts of an invoice's page show."""

from typing import Any

from django.utils.safestring import mark_safe

from apps.core.actor import Actor
from apps.engines.billing.bank import transfer_slip
from apps.engines.billing.models import Invoice
from apps.engines.billing.registry import describe_source, source_url
from apps.engines.billing.states import UNPAID
from apps.engines.payments.selectors import payments_of
from apps.engines.payments.states import PAYMENT
from apps.engines.payments.vietqr import qr_svg


def build_lines_part(actor: Actor, invoice: Invoice) -> dict[str, Any]:
    is_draft = invoice.state == Invoice.State.DRAFT
    return {"lines": invoice.lines.all(), "can_edit": is_draft and actor.can("invoice.edit")}


def build_payments(actor: Actor, invoice: Invoice) -> dict[str, Any]:
    rows = list(payments_of("invoice", invoice.pk).prefetch_related("refunds"))
    return {"payments": rows, "table": PAYMENT, "can_refund": actor.can("payment.refund")}


def build_money(actor: Actor, invoice: Invoice) -> dict[str, Any]:
    slip = transfer_slip(invoice)
    return {
        "slip": slip,
        "qr": mark_safe(qr_svg(slip.text)) if slip else "",  # noqa: S308 - drawn by us from checked text
        "is_unpaid": invoice.state in UNPAID,
        "can_link": bool(invoice.number) and actor.can("invoice.send"),
    }


def build_customer(_actor: Actor, invoice: Invoice) -> dict[str, Any]:
    return {"facts": describe_source(invoice), "source_url": source_url(invoice)}
