"""What became of a message, written down once: by the worker that sent it and by the provider's receipts."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.clock import now
from apps.platform.notifications.models import Channel, Delivery, PushSubscription, TelegramLink
from apps.platform.notifications.rules import is_news

logger = logging.getLogger(__name__)
RETRY_MINUTES = (1, 5, 20, 60, 240)
_ERROR = 300


def keep_sent(row: Delivery, provider_id: str) -> None:
    """The provider took it. A receipt may have been quicker: then only the provider's id is new."""
    sent = {"state": Delivery.State.SENT, "error": ""}
    shared = {"sent_at": now(), "provider_id": provider_id[:120], "next_try_at": None, **_blank(row)}
    if not Delivery.objects.filter(pk=row.pk, state=Delivery.State.QUEUED).update(**sent, **shared):
        Delivery.objects.filter(pk=row.pk).update(**shared)
    if row.channel == Channel.WEB_PUSH:
        PushSubscription.objects.filter(endpoint=row.address).update(last_used_at=now())


def put_off(row: Delivery, error: str, *, wait_seconds: int | None = None) -> None:
    """It is tried again later, growing rarer, not before the provider's own time; after the last try it has failed."""
    if row.attempts > len(RETRY_MINUTES):
        fail(row, error)
        return
    seconds = max(RETRY_MINUTES[row.attempts - 1] * 60, wait_seconds or 0)
    row.provider, row.error, row.next_try_at = "", error[:_ERROR], now() + timedelta(seconds=seconds)
    row.save(update_fields=["provider", "error", "next_try_at"])


def fail(row: Delivery, error: str) -> None:
    """It will not be delivered; staff see it with the cause."""
    logger.warning("delivery %s failed: %s", row.pk, error)
    _finish(row, Delivery.State.FAILED, error)


def suppress(row: Delivery, error: str) -> None:
    """It is not sent, for a good reason."""
    _finish(row, Delivery.State.SUPPRESSED, error)


def end_address(row: Delivery, error: str) -> None:
    """The receiver closed this way: the link or browser is taken out, and what waits for it is not sent."""
    suppress(row, error)
    if row.channel == Channel.WEB_PUSH:
        PushSubscription.objects.filter(endpoint=row.address).delete()
    if row.channel == Channel.TELEGRAM:
        TelegramLink.objects.filter(chat_id=row.address).delete()
    waiting = Delivery.objects.filter(channel=row.channel, address=row.address, state=Delivery.State.QUEUED)
    waiting.update(state=Delivery.State.SUPPRESSED, error=error[:_ERROR], next_try_at=None, sealed=None)


@transaction.atomic
def record_receipt(delivery_id: UUID, *, provider: str, state: str, error: str = "", round_: int = 0) -> bool:
    """Writes what a provider reports (`delivered` or `failed`); returns whether it was news.

    Receipts come late, twice and in any order: none moves a message back. One for a message that this provider does
    not carry, or for an earlier sending of it (`round_`), is not news.
    """
    rows = Delivery.objects.select_for_update(of=("self",))
    row = rows.filter(pk=delivery_id, provider=provider, round=round_).first()
    if row is None or not is_news(row.state, state):
        return False
    row.state, row.error, row.next_try_at = state, error[:_ERROR], None
    if state == Delivery.State.DELIVERED:
        row.delivered_at = now()
    row.save(update_fields=["state", "error", "next_try_at", "delivered_at"])
    return True


def _finish(row: Delivery, state: str, error: str) -> None:
    row.state, row.error, row.next_try_at, row.sealed = state, error[:_ERROR], None, None
    row.save(update_fields=["state", "error", "next_try_at", "sealed"])


def _blank(row: Delivery) -> dict[str, None]:
    """Codes and links of security messages are not kept once they are out; a demo's inbox is how they arrive there."""
    return {} if row.provider == "inbox" and settings.DEMO else {"sealed": None}
