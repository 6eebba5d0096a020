"""Publishing: the event's row is written in the transaction of the change that it tells of."""

import dataclasses
import json
import logging
from typing import get_args, get_type_hints
from uuid import UUID

from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import NotAllowed
from apps.platform.events.base import Event
from apps.platform.events.models import OutboxEvent
from apps.platform.events.registry import EVENTS, LISTENERS

logger = logging.getLogger(__name__)


def publish(actor: Actor, event: Event) -> None:
    """Tells the world: listeners run now, in this transaction; reactions and live screens follow after commit.

    Must be called inside a transaction. Raises whatever a listener refuses with; then nothing has happened.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("events are published inside the transaction that they tell of")
    for listener in LISTENERS.get(event.name, []):
        listener(event, actor)
    OutboxEvent.objects.create(
        name=event.name,
        subject_id=event.subject_id,
        organization_id=event.organization_id,
        branch_id=event.branch_id,
        payload=json.loads(json.dumps(event.payload(), cls=DjangoJSONEncoder)),
        topics=event.topics(),
        request_id=actor.request_id,
    )
    if not any(entry[1] is wake_relay for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(wake_relay)


def wake_relay() -> None:
    """Asks a worker to relay now. When the queue cannot be reached the sweep by the clock relays a little later."""
    try:
        current_app.send_task("events.relay_outbox", retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("relay not woken: %s", error)


def retry_event(actor: Actor, row: OutboxEvent) -> None:
    """Has the failing reactions of an event tried again now. Only for platform staff; raises NotAllowed."""
    if not actor.is_platform_staff:
        raise NotAllowed
    with transaction.atomic():
        OutboxEvent.objects.filter(pk=row.pk, relayed_at__isnull=True).update(next_try_at=now())
        transaction.on_commit(wake_relay)


def rebuild(row: OutboxEvent) -> Event:
    """The event object of a stored row; ids become UUIDs again. Fields that are newer than the row get their default."""
    event_class = EVENTS[row.name]
    hints = get_type_hints(event_class)
    values = {}
    for field in dataclasses.fields(event_class):
        if field.name not in row.payload:
            continue
        value = row.payload[field.name]
        kinds = {hints[field.name], *get_args(hints[field.name])}
        values[field.name] = UUID(value) if UUID in kinds and isinstance(value, str) else value
    return event_class(**values)
