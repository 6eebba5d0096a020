"""Bringing published events to those who must know: live screens first, then each reaction, once.

One relay works at a time, held by a database lock that dies with its connection. It always looks for every row that is
not relayed yet instead of remembering how far it got: ids are given out before commit, so a smaller one may show up
after a larger one. A reaction and the proof that it ran (HandledEvent) share a transaction, so killing the worker
anywhere repeats nothing and loses nothing. When a reaction fails, later events of the same subject wait for it, and
only for that reaction; everything else goes on.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from apps.core.clock import now
from apps.core.request_id import request_id_var
from apps.platform.events.base import Origin
from apps.platform.events.models import HandledEvent, OutboxEvent
from apps.platform.events.registry import REACTIONS, NamedReaction
from apps.platform.events.services import rebuild, wake_relay
from apps.platform.realtime.services import broadcast

logger = logging.getLogger(__name__)
BATCH = 200
_LONGEST_DELAY = 3600
_LOCK = 4_217_001
# Well below the time limit of a job; what is left then is taken up by the next run.
_SECONDS = 120.0
_SHOW_AGAIN_AFTER = 0.05
# (subject, reaction) → the earliest event of the subject for which the reaction still has to run.
Waiting = dict[tuple[UUID, str], int]


def relay_outbox() -> int:
    """Relays everything that is due; returns how many events it brought to all their listeners.

    Does nothing when another relay is at work: that one looks again after it has let go of the lock.
    """
    relayed = 0
    deadline = time.monotonic() + _SECONDS
    while True:
        with _only_one() as is_mine:
            if not is_mine:
                return relayed
            relayed += _drain(deadline)
        if time.monotonic() > deadline:
            wake_relay()
            return relayed
        if not _due(now()).exists():
            return relayed


def _drain(deadline: float) -> int:
    relayed = 0
    shown: set[int] = set()
    while time.monotonic() < deadline:
        at = now()
        rows = list(_due(at).order_by("id")[:BATCH])
        if not rows:
            break
        relayed += _relay_batch(rows, _waiting_earlier(rows, at), shown)
    return relayed


def _relay_batch(rows: Sequence[OutboxEvent], waiting: Waiting, shown: set[int]) -> int:
    relayed = 0
    _show(rows, shown)
    looked = time.monotonic()
    for row in rows:
        relayed += _react(row, waiting)
        # A slow reaction must not keep screens waiting for what happened meanwhile.
        if time.monotonic() - looked > _SHOW_AGAIN_AFTER:
            _show(_due(now()).order_by("id")[:BATCH], shown)
            looked = time.monotonic()
    return relayed


def _due(at: datetime) -> QuerySet[OutboxEvent]:
    waiting = OutboxEvent.objects.filter(relayed_at__isnull=True)
    return waiting.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))


def _show(rows: Iterable[OutboxEvent], shown: set[int]) -> None:
    """Tells the live screens what they have not heard. Repeated after a crash, the stream drops the second one."""
    for row in rows:
        if row.pk in shown or row.next_try_at is not None:
            continue
        data = {"subject": str(row.subject_id)}
        if isinstance(row.payload.get("state"), str):
            data["state"] = row.payload["state"]
        for topic in row.topics:
            broadcast(topic, row.name, data, event_uid=str(row.uid))
        shown.add(row.pk)


def _waiting_earlier(rows: Sequence[OutboxEvent], at: datetime) -> Waiting:
    """What the subjects of these events still wait for in events that are not due at `at`."""
    subjects = {row.subject_id for row in rows}
    later = OutboxEvent.objects.filter(relayed_at__isnull=True, next_try_at__gt=at, subject_id__in=subjects)
    done = set(HandledEvent.objects.filter(event__in=later).values_list("event_id", "handler"))
    waiting: Waiting = {}
    for row in later.order_by("id"):
        for reaction in REACTIONS.get(row.name, []):
            if (row.pk, reaction.name) not in done:
                waiting.setdefault((row.subject_id, reaction.name), row.pk)
    return waiting


def _react(row: OutboxEvent, waiting: Waiting) -> bool:
    """Runs what has not run yet for this event; returns whether nothing is left to do."""
    reactions = REACTIONS.get(row.name, [])
    done = set(row.handled.values_list("handler", flat=True)) if reactions else set()
    error = ""
    is_held_up = False
    for reaction in reactions:
        key = (row.subject_id, reaction.name)
        if reaction.name in done:
            continue
        if waiting.get(key, row.pk) < row.pk:
            is_held_up = True
            continue
        problem = _run(reaction, row)
        if problem:
            error = f"{reaction.name}: {problem}"
            waiting[key] = row.pk
    if error:
        _put_off(row, error)
    elif is_held_up:
        _wait_for_earlier(row)
    else:
        OutboxEvent.objects.filter(pk=row.pk).update(relayed_at=now(), last_error="")
    return not error and not is_held_up


def _run(reaction: NamedReaction, row: OutboxEvent) -> str:
    """Runs one reaction with its proof in one transaction; returns what went wrong, if anything."""
    token = request_id_var.set(row.request_id)
    try:
        with transaction.atomic():
            HandledEvent.objects.create(event=row, handler=reaction.name)
            reaction(rebuild(row), Origin(row.uid, row.created_at))
    except Exception as error:
        logger.exception("reaction %s to event %s failed", reaction.name, row.pk)
        return f"{type(error).__name__}: {error}"[:1000]
    finally:
        request_id_var.reset(token)
    return ""


def _put_off(row: OutboxEvent, error: str) -> None:
    delay = min(2 ** (row.attempts + 1), _LONGEST_DELAY)
    OutboxEvent.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1, next_try_at=now() + timedelta(seconds=delay), last_error=error
    )


def _wait_for_earlier(row: OutboxEvent) -> None:
    earlier = OutboxEvent.objects.filter(
        subject_id=row.subject_id, relayed_at__isnull=True, next_try_at__gt=now(), pk__lt=row.pk
    )
    until = earlier.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    OutboxEvent.objects.filter(pk=row.pk).update(next_try_at=until or now() + timedelta(seconds=1))


@contextmanager
def _only_one() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            _unlock()


def _unlock() -> None:
    """A connection that broke has lost its lock by itself."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
