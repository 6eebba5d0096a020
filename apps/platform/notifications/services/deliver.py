"""Handing queued messages to the providers: each taken by one worker only, its state written before and after the call.

A message that a killed worker had taken, and whose outcome nobody knows, is sent again only when the provider
recognises repeated messages. Otherwise it is put before staff: a message twice is worse than one that a person checks.
"""

import logging
import time
from collections.abc import Iterable
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
from apps.platform.notifications import promotions
from apps.platform.notifications.errors import NotFailed, TextGone
from apps.platform.notifications.inbox import announce
from apps.platform.notifications.letters import render_letter
from apps.platform.notifications.links import receipt_url, unsubscribe_url
from apps.platform.notifications.models import BulkSend, Channel, Delivery
from apps.platform.notifications.quiet import quiet_until
from apps.platform.notifications.sealing import unsealed
from apps.platform.notifications.senders import find_sender
from apps.platform.notifications.senders.base import AddressGone, Attachment, Message, MessageRefused, SendingFailed
from apps.platform.notifications.services.outcome import end_address, fail, keep_sent, put_off, suppress
from apps.platform.notifications.services.wake import wake_after_commit, wake_sender

logger = logging.getLogger(__name__)
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


def send_many_again(actor: Actor, deliveries: Iterable[Delivery]) -> int:
    """Queues those of them that failed and whose text is still there; returns how many."""
    count = 0
    for row in deliveries:
        if row.state == Delivery.State.FAILED and row.body:
            send_again(actor, row)
            count += 1
    return count


@transaction.atomic
def send_again(actor: Actor, delivery: Delivery) -> Delivery:
    """Queues a failed message anew.

    Raises NotFailed for any other, TextGone for a security message whose text is no longer kept, NotAllowed without
    `notification.send`.
    """
    if not actor.is_platform_staff:
        actor.require("notification.send")
        if delivery.organization_id != actor.organization_id:
            raise NotAllowed
    row = lock_row(delivery)
    if row.state != Delivery.State.FAILED:
        raise NotFailed
    if not row.body:
        raise TextGone
    row.state, row.attempts, row.next_try_at, row.provider, row.error = Delivery.State.QUEUED, 0, None, "", ""
    row.round += 1
    row.save(update_fields=["state", "attempts", "next_try_at", "provider", "error", "round"])
    record(actor, "delivery.sent_again", row)
    wake_after_commit()
    return row


def _due() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=Delivery.State.QUEUED).exclude(bulk_send__state=BulkSend.State.PAUSED)
    return rows.exclude(next_try_at__gt=now()).order_by("created_at", "id")


def _claim_next() -> Delivery | None:
    """Takes the oldest due message. While a provider is being called the row names it and is not due."""
    with transaction.atomic():
        row = _due().select_for_update(of=("self",), skip_locked=True).first()
        if row is None:
            return None
        sender = find_sender(row.channel)
        if row.provider and not sender.is_repeatable:
            fail(row, _UNKNOWN_OUTCOME)
            return row
        if promotions.is_promotional(row.type) and not promotions.agrees(row):
            suppress(row, "unsubscribed")
            return row
        if until := quiet_until(row):
            row.provider, row.next_try_at = "", until
            row.save(update_fields=["provider", "next_try_at"])
            return row
        row.provider = sender.name
        row.attempts += 1
        row.next_try_at = now() + _CALL_LEASE
        row.save(update_fields=["provider", "attempts", "next_try_at"])
    return row


def _send(row: Delivery) -> bool:
    """Calls the provider for a message that was claimed; False when it did not go out."""
    if row.state != Delivery.State.QUEUED or not row.provider:
        return False
    try:
        provider_id = find_sender(row.channel).send(_message(unsealed(row)))
    except AddressGone as error:
        end_address(row, str(error))
        return False
    except MessageRefused as error:
        fail(row, str(error))
        return False
    except SendingFailed as error:
        put_off(row, str(error), wait_seconds=error.wait_seconds)
        return False
    except Exception as error:
        logger.exception("delivery %s could not be composed or sent", row.pk)
        put_off(row, f"{type(error).__name__}: {error}")
        return False
    keep_sent(row, provider_id)
    return True


def _message(row: Delivery) -> Message:
    is_email = row.channel == Channel.EMAIL
    return Message(
        key=f"{row.pk}-{row.round}" if row.round else str(row.pk),
        address=row.address,
        language=row.language,
        subject=row.subject,
        body=row.body,
        html=render_letter(row) if is_email else "",
        url=row.url,
        attachments=[_attachment(key) for key in row.attachments] if is_email else (),
        receipt_url=receipt_url(row),
        unsubscribe_url=unsubscribe_url(row),
    )


def _attachment(file_id: str) -> Attachment:
    file = StoredFile.objects.get(pk=UUID(file_id))
    try:
        with file.file.open("rb") as handle:
            content = handle.read()
    except OSError as error:
        raise SendingFailed(f"attachment {file_id}: {error}") from error
    return Attachment(file.original_name, file.content_type, content)
