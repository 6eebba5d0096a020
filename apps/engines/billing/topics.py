"""Live topics of invoices and who may follow them."""

from apps.core.actor import Actor
from apps.core.errors import BusinessError
from apps.core.ids import parse_id
from apps.engines.billing.models import Invoice
from apps.platform.accounts.links import open_link
from apps.platform.accounts.models import AccessLink
from apps.platform.realtime.registry import register_topic


def _sees_invoice(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    if key is None or not actor.can("invoice.view"):
        return False
    return Invoice.objects.visible_to(actor).filter(pk=key).exists()


def _sees_money(actor: Actor, topic_id: str) -> bool:
    is_own = actor.organization_id is not None and topic_id == str(actor.organization_id)
    return is_own and (actor.can("invoice.view") or actor.can("payment.view"))


def _invoice_of_link(_actor: Actor, token: str) -> str | None:
    try:
        return f"invoice:{open_link(AccessLink.Purpose.INVOICE, token).subject_id}"
    except BusinessError:
        return None


register_topic("invoice", _sees_invoice)
register_topic("invoices", _sees_money)
register_topic("invoice-link", follows=_invoice_of_link)
