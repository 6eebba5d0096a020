"""Mass mailings as their jobs send them: every few seconds the next receivers, as many as the rate allows.

Each step is one transaction: messages, place and rate move together or not at all, so a worker that dies in between
has queued nobody twice and left nobody out.
"""

import math
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.platform.notifications.audiences import AUDIENCES, Receiver
from apps.platform.notifications.models import BulkSend, Delivery
from apps.platform.notifications.services.bulk import preview_bulk, tell_moved
from apps.platform.notifications.services.notify import DELIVERY_KEY, queue, shared_values, shorten_key, write_text
from apps.platform.notifications.states import BULK_SEND
from apps.platform.system.jobs import ComeBack, RunningJob

TICK = timedelta(seconds=10)
_STATE = BulkSend.State


def run_mailing(job: RunningJob) -> ComeBack | dict[str, int]:
    """The function of the job: the next receivers, then a break until the rate allows more.

    It ends when the mailing was paused: going on starts another job.
    """
    bulk = push_mailing(UUID(job.arguments["bulk_send"]), job_id=job.id)
    if bulk is None:
        return {}
    job.report(_percent(bulk), f"{bulk.queued} / {bulk.total}")
    if bulk.state == _STATE.SENDING:
        return ComeBack(max((_next_turn(bulk) - now()).total_seconds(), 0))
    return {"messages": bulk.queued}


@transaction.atomic
def push_mailing(bulk_id: UUID, *, job_id: UUID) -> BulkSend | None:
    """Queues what the rate allows now. None for a mailing that was paused, is over or belongs to another job."""
    rows = BulkSend.objects.select_for_update(of=("self",)).select_related("organization")
    bulk = rows.filter(pk=bulk_id, job_id=job_id, state=_STATE.SENDING).first()
    if bulk is None:
        return None
    room = _room(bulk, now())
    if room > 0:
        receivers = AUDIENCES[bulk.audience].take(bulk.organization_id, bulk.channel, after=bulk.cursor, limit=room)
        queue([_message(bulk, receiver) for receiver in receivers])
        _advance(bulk, receivers, is_last=len(receivers) < room)
    return bulk


def _next_turn(bulk: BulkSend) -> datetime:
    """Not for every single message of a quick mailing: those of one tick go together."""
    return max(bulk.next_at or now(), now() + TICK)


def _percent(bulk: BulkSend) -> float:
    return 100 * bulk.queued / bulk.total if bulk.total else 100


def _room(bulk: BulkSend, at: datetime) -> int:
    """How many may go now: time that passed unused counts for one tick at most."""
    begins = max(bulk.next_at or at, at - TICK)
    if begins > at:
        return 0
    pause = 60 / bulk.per_minute
    count = math.floor((at - begins).total_seconds() / pause) + 1
    bulk.next_at = begins + timedelta(seconds=count * pause)
    return count


def _advance(bulk: BulkSend, receivers: list[Receiver], *, is_last: bool) -> None:
    """Keeps the place. Progress is no new version: somebody who looks at the page may still press its buttons."""
    if receivers:
        bulk.cursor = receivers[-1].key
        bulk.queued = bulk.deliveries.count()
        # Somebody agreed, or was added, since it was started.
        bulk.total = max(bulk.total, bulk.queued)
    progress = {name: getattr(bulk, name) for name in ("cursor", "queued", "total", "next_at")}
    BulkSend.objects.filter(pk=bulk.pk).update(**progress)
    if is_last:
        BULK_SEND.move(bulk, "finish")
        bulk.finished_at = now()
        bulk.save_changes("state", "finished_at")
    tell_moved(system_actor(bulk.organization_id), bulk)


def _message(bulk: BulkSend, receiver: Receiver) -> Delivery:
    """The company's words in the dress of the type, in the receiver's language."""
    kind = AUDIENCES[bulk.audience].type
    shared = shared_values(bulk.organization_id, {}, "")
    names = {"name": receiver.name, **{key: str(shared[key]) for key in ("organization_name", "organization_phone")}}
    subject, body = preview_bulk(bulk.channel, bulk.subject, bulk.body, **names)
    row = Delivery(
        organization_id=bulk.organization_id,
        user_id=receiver.user_id,
        bulk_send=bulk,
        type=kind,
        channel=bulk.channel,
        language=receiver.language,
        address=receiver.address,
        dedupe_key=shorten_key(DELIVERY_KEY, f"bulk:{bulk.pk}", receiver.address.lower()),
    )
    write_text(row, {**shared, "name": receiver.name, "subject": subject, "text": body})
    return row
