"""Handing queued messages to the providers: each taken by one worker only, its state written before and after the call.

A message that a killed worker had taken, and whose outcome nobody knows, is sent again only when the provider
recognises repeated messages. Otherwise it is put before staff: a message twice is worse than one that a person checks.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.core.errors import NotAllowed
from apps.platform.audit.services import record
from apps.platform.files.models import StoredFile
from apps.platform.notifications.errors import NotFailed
from apps.platform.notifications.inbox import announce
from apps.platform.notifications.letters import render_letter
from apps.platform.notifications.models import Channel, Delivery
from apps.platform.notifications.senders import find_sender
from apps.platform.notifications.senders.base import Attachment, Message, MessageRefused, Sender, SendingFailed
from apps.platform.notifications.services.wake import wake_after_commit, wake_sender

logger = logging.getLogger(__name__)
RETRY_MINUTES = (1, 5, 20, 60, 240)
_CALL_LEASE = timedelta(minutes=10)
# Well below the time limit of a job, even when the last call takes all its time; the next job goes on.
_SECONDS = 60.0
_UNKNOWN_OUTCOME = "the outcome of the last try is unknown"


def send_due_deliveries() -> int:
    """Sends what is due; returns how many messages were handed over. Several workers may do it at the same time."""
    sent = 0
    deadline = time.monotonic() + _SECONDS
    while (claimed := _claim_next()) is not None:
        sent += _send(claimed)
        if time.monotonic() > deadline:
            wake_sender()
            break
    if sent:
        announce()
    return sent


@transaction.atomic
def send_again(actor: Actor, delivery: Delivery) -> Delivery:
    """Queues a failed message anew. Raises NotFailed for any other; NotAllowed without `notification.send`."""
    if not actor.is_platform_staff:
        actor.require("notification.send")
        if delivery.organization_id != actor.organization_id:
            raise NotAllowed
    row = lock_row(delivery)
    if row.state != Delivery.State.FAILED:
        raise NotFailed
    row.state, row.attempts, row.next_try_at, row.provider, row.error = Delivery.State.QUEUED, 0, None, "", ""
    row.save(update_fields=["state", "attempts", "next_try_at", "provider", "error"])
    record(actor, "delivery.sent_again", row)
    wake_after_commit()
    return row


def _due() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=Delivery.State.QUEUED)
    return rows.exclude(next_try_at__gt=now()).order_by("created_at", "id")


def _claim_next() -> Delivery | None:
    """Takes the oldest due message. While a provider is being called the row names it and is not due."""
    with transaction.atomic():
        row = _due().select_for_update(skip_locked=True).first()
        if row is None:
            return None
        sender = find_sender(row.channel)
        if row.provider and not sender.is_repeatable:
            _fail(row, _UNKNOWN_OUTCOME)
            return row
        row.provider = sender.name
        row.attempts += 1
        row.next_try_at = now() + _CALL_LEASE
        row.save(update_fields=["provider", "attempts", "next_try_at"])
    return row


def _send(row: Delivery) -> bool:
    if row.state != Delivery.State.QUEUED:
        return False
    sender: Sender = find_sender(row.channel)
    try:
        provider_id = sender.send(_message(row))
    except MessageRefused as error:
        _fail(row, str(error))
        return False
    except SendingFailed as error:
        _put_off(row, str(error))
        return False
    except Exception as error:
        logger.exception("delivery %s could not be composed or sent", row.pk)
        _put_off(row, f"{type(error).__name__}: {error}")
        return False
    changes = {"state": Delivery.State.SENT, "sent_at": now(), "provider_id": provider_id[:120], "error": ""}
    Delivery.objects.filter(pk=row.pk).update(next_try_at=None, **changes)
    return True


def _message(row: Delivery) -> Message:
    is_email = row.channel == Channel.EMAIL
    return Message(
        key=str(row.pk),
        address=row.address,
        language=row.language,
        subject=row.subject,
        body=row.body,
        html=render_letter(row) if is_email else "",
        attachments=[_attachment(key) for key in row.attachments] if is_email else (),
    )


def _attachment(file_id: str) -> Attachment:
    file = StoredFile.objects.get(pk=UUID(file_id))
    try:
        with file.file.open("rb") as handle:
            content = handle.read()
    except OSError as error:
        raise SendingFailed(f"attachment {file_id}: {error}") from error
    return Attachment(file.original_name, file.content_type, content)


def _put_off(row: Delivery, error: str) -> None:
    if row.attempts > len(RETRY_MINUTES):
        _fail(row, error)
        return
    minutes = RETRY_MINUTES[row.attempts - 1]
    row.provider, row.error, row.next_try_at = "", error[:300], now() + timedelta(minutes=minutes)
    row.save(update_fields=["provider", "error", "next_try_at"])


def _fail(row: Delivery, error: str) -> None:
    logger.warning("delivery %s failed: %s", row.pk, error)
    row.state, row.error, row.next_try_at = Delivery.State.FAILED, error[:300], None
    row.save(update_fields=["state", "error", "next_try_at"])
