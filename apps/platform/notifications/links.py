"""Addresses that go out with messages: where providers report, and where a receiver ends mass mailings."""

import hmac
from uuid import UUID

from django.conf import settings
from django.core import signing

from apps.core.crypto import keyed_hash
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.registry import TYPES

_UNSUBSCRIBE = "notifications.unsubscribe"
_RECEIPT = "notifications.receipt"
RECEIPTS = "/api/v1/notifications/receipts"


def receipt_url(row: Delivery) -> str:
    """Where the provider of this message reports; empty for those that report in another way."""
    base = f"{settings.SITE_URL.rstrip('/')}{RECEIPTS}/{row.provider}/{row.pk}"
    again = f"?round={row.round}" if row.round else ""
    return {"twilio": f"{base}{again}", "esms": f"{base}/{receipt_token(row.pk, row.round)}"}.get(row.provider, "")


def receipt_token(delivery_id: UUID, round_: int = 0) -> str:
    """What proves a report without a signature: known to us and to the provider that we told it, for one sending."""
    key = f"{delivery_id}-{round_}" if round_ else str(delivery_id)
    return keyed_hash(key, _RECEIPT)[:40]


def is_receipt_token(delivery_id: UUID, token: str, round_: int = 0) -> bool:
    return hmac.compare_digest(receipt_token(delivery_id, round_).encode(), token.encode())


def unsubscribe_url(row: Delivery) -> str:
    """Where the receiver of a mass mailing or an offer ends them, without log-in; empty for other messages."""
    if row.opt_out_code:
        return f"{settings.SITE_URL.rstrip('/')}/u/{row.opt_out_code}/"
    kind = TYPES.get(row.type)
    if row.bulk_send_id is None and not (kind is not None and kind.is_promotional):
        return ""
    token = signing.dumps(str(row.pk), salt=_UNSUBSCRIBE, compress=False)
    return f"{settings.SITE_URL.rstrip('/')}/notifications/unsubscribe/{token}/"


def open_unsubscribe(token: str) -> UUID | None:
    """The delivery behind such an address; None for a forged one."""
    try:
        return UUID(signing.loads(token, salt=_UNSUBSCRIBE))
    except (signing.BadSignature, ValueError):
        return None
