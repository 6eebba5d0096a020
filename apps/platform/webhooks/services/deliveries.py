"""Putting messages in the queue: of events, of a test, once more by hand."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_visible
from apps.core.errors import NotFound
from apps.platform.audit.services import record
from apps.platform.events.base import Origin
from apps.platform.webhooks.errors import StillWaiting, SwitchedOff
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.registry import Message
from apps.platform.webhooks.services.endpoints import require_webhooks
from apps.platform.webhooks.services.wake import wake_after_commit

TEST_EVENT = "webhook.test"


def queue_messages(name: str, messages: Sequence[Message], origin: Origin) -> None:
    """One delivery for each address that chose the event; the same telling again adds none."""
    by_company = {message.organization_id: message for message in messages}
    endpoints = WebhookEndpoint.objects.filter(
        organization_id__in=by_company, is_active=True, events__contains=[name]
    ).order_by("pk")
    rows = [
        WebhookDelivery(
            endpoint=endpoint,
            event_uid=origin.uid,
            name=name,
            payload=dict(by_company[endpoint.organization_id].data),
            happened_at=origin.at,
        )
        for endpoint in endpoints
    ]
    if rows:
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        wake_after_commit()


@transaction.atomic
def send_test(actor: Actor, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Queues a message that says nothing but that it arrives. Raises SwitchedOff; StillWaiting while one waits."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    if not row.is_active:
        raise SwitchedOff
    if row.deliveries.filter(name=TEST_EVENT, state=WebhookDelivery.State.QUEUED).exists():
        raise StillWaiting
    at: datetime = now()
    delivery = WebhookDelivery.objects.create(
        endpoint=row,
        event_uid=uuid.uuid4(),
        name=TEST_EVENT,
        payload={"webhookId": str(row.pk)},
        happened_at=at,
    )
    record(actor, "webhook.tested", row)
    wake_after_commit()
    return delivery


@transaction.atomic
def redeliver(actor: Actor, delivery: WebhookDelivery) -> WebhookDelivery:
    """Sends a message again with the same id, so that the receiver can tell. Raises StillWaiting, SwitchedOff."""
    require_webhooks(actor)
    endpoint = lock_visible(actor, delivery.endpoint)
    row = WebhookDelivery.objects.select_for_update().filter(pk=delivery.pk, endpoint=endpoint).first()
    if row is None:
        raise NotFound
    if row.state == WebhookDelivery.State.QUEUED:
        raise StillWaiting
    if not endpoint.is_active:
        raise SwitchedOff
    row.state, row.attempts, row.next_try_at, row.error = WebhookDelivery.State.QUEUED, 0, None, ""
    row.save(update_fields=["state", "attempts", "next_try_at", "error"])
    record(actor, "webhook.sent_again", endpoint, data={"event": row.name, "delivery": str(row.pk)})
    wake_after_commit()
    return row
