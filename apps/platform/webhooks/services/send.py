"""Sending what is due: one message at a time to each address, each taken by one worker only.

A message that a killed worker had taken is sent again when its lease is over: receivers may get it twice, with the
same id, and never lose one. Addresses that work go before those that fail, so that a broken one holds nobody up.
"""

import json
import logging
import secrets
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from redis.exceptions import RedisError

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.platform.audit.services import record
from apps.platform.notifications.services import notify_users
from apps.platform.organizations.selectors import users_with_permission
from apps.platform.realtime.services import broadcast
from apps.platform.webhooks.errors import BadTarget
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.permissions import WEBHOOK_EDIT
from apps.platform.webhooks.post import Answer, post
from apps.platform.webhooks.services.endpoints import signing_secrets, stop
from apps.platform.webhooks.services.wake import wake_sender
from apps.platform.webhooks.signatures import sign
from apps.platform.webhooks.targets import find_target
from apps.platform.webhooks.types import WEBHOOK_DISABLED

logger = logging.getLogger(__name__)
# Nine tries in about a day.
RETRY_SECONDS = (10, 60, 300, 1800, 7200, 18000, 28800, 28800)
JITTER = 0.2
LEASE = timedelta(seconds=60)
DISABLE_AFTER = timedelta(days=3)
_GONE = 410
# Well below the time limit of a job, even when the last call takes all its time; the next job goes on.
_SECONDS = 60.0
State = WebhookDelivery.State


def send_due() -> int:
    """Sends what is due; returns how many messages arrived. Several workers may do it at the same time."""
    arrived = 0
    deadline = time.monotonic() + _SECONDS
    while (row := _claim_next()) is not None:
        answer = _send(row)
        arrived += answer.is_good
        _settle(row, answer)
        if time.monotonic() > deadline:
            wake_sender()
            break
    return arrived


def _due() -> QuerySet[WebhookDelivery]:
    rows = WebhookDelivery.objects.filter(state=State.QUEUED)
    return rows.exclude(next_try_at__gt=now())


@transaction.atomic
def _claim_next() -> WebhookDelivery | None:
    """Takes the oldest due message of a free address. Until it is settled the address is busy."""
    waiting = _due().filter(endpoint=OuterRef("pk"))
    free = WebhookEndpoint.objects.filter(Exists(waiting), Q(busy_until=None) | Q(busy_until__lt=now()), is_active=True)
    endpoint = free.select_for_update(skip_locked=True, no_key=True).order_by("failures_in_row", "pk").first()
    if endpoint is None:
        return None
    row = _due().filter(endpoint=endpoint).order_by("created_at", "id").select_for_update().first()
    if row is None:
        return None
    until = now() + LEASE
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(busy_until=until)
    row.endpoint = endpoint
    row.attempts += 1
    row.next_try_at, row.last_tried_at = until, now()
    row.save(update_fields=["attempts", "next_try_at", "last_tried_at"])
    return row


def _send(row: WebhookDelivery) -> Answer:
    try:
        target = find_target(row.endpoint.url)
    except BadTarget as error:
        return Answer(None, error=f"address refused: {error}"[:200])
    except OSError as error:
        return Answer(None, error=f"name not found: {error}"[:200])
    body = json.dumps(row.body(), ensure_ascii=False, separators=(",", ":")).encode()
    at = int(now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Baylink-Webhooks/1",
        "webhook-id": str(row.pk),
        "webhook-timestamp": str(at),
        "webhook-signature": sign(str(row.pk), at, body, signing_secrets(row.endpoint)),
    }
    return post(target, body, headers)


@transaction.atomic
def _settle(row: WebhookDelivery, answer: Answer) -> None:
    """Writes down what came of the call and lets go of the address."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=row.endpoint_id).first()
    fresh = WebhookDelivery.objects.select_for_update().filter(pk=row.pk).first()
    if endpoint is None or fresh is None:
        return
    if fresh.attempts != row.attempts or fresh.state != State.QUEUED:
        # The lease ran out and somebody else has taken it, or it was given up meanwhile: theirs is the last word.
        return
    fresh.last_status, fresh.response_excerpt = answer.status, answer.excerpt
    fresh.error, fresh.duration_ms = answer.error[:200], answer.duration_ms
    if answer.is_good:
        fresh.state, fresh.delivered_at, fresh.next_try_at = State.DELIVERED, now(), None
        endpoint.failures_in_row, endpoint.failing_since, endpoint.last_success_at = 0, None, now()
    else:
        _put_off(fresh)
        endpoint.failures_in_row += 1
        endpoint.failing_since = endpoint.failing_since or now()
    fresh.save()
    # Counters are no change that anybody made: no earlier version is kept of them.
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        busy_until=None,
        failures_in_row=endpoint.failures_in_row,
        failing_since=endpoint.failing_since,
        last_success_at=endpoint.last_success_at,
    )
    transaction.on_commit(lambda: _tell_screens(endpoint))
    if not answer.is_good:
        _disable_if_hopeless(endpoint, answer)


def _tell_screens(endpoint: WebhookEndpoint) -> None:
    try:
        broadcast(f"webhook:{endpoint.pk}", "webhook.tried", {})
    except RedisError as error:
        logger.warning("webhook page not told: %s", error)


def _put_off(row: WebhookDelivery) -> None:
    if row.attempts > len(RETRY_SECONDS):
        row.state, row.next_try_at = State.FAILED, None
        return
    spread = 1 + JITTER * (2 * secrets.randbelow(1001) / 1000 - 1)
    row.next_try_at = now() + timedelta(seconds=RETRY_SECONDS[row.attempts - 1] * spread)


def _disable_if_hopeless(endpoint: WebhookEndpoint, answer: Answer) -> None:
    reasons = WebhookEndpoint.DisabledReason
    is_gone = answer.status == _GONE
    has_failed_long = endpoint.failing_since is not None and endpoint.failing_since < now() - DISABLE_AFTER
    if not endpoint.is_active or not (is_gone or has_failed_long):
        return
    stop(endpoint, reasons.GONE if is_gone else reasons.FAILING)
    logger.warning("webhook %s switched off: %s", endpoint.pk, endpoint.disabled_reason)
    record(system_actor(endpoint.organization_id), "webhook.given_up", endpoint, data={"problem": answer.error})
    notify_users(
        WEBHOOK_DISABLED,
        users_with_permission(endpoint.organization_id, WEBHOOK_EDIT),
        organization_id=endpoint.organization_id,
        context={"webhook": str(endpoint), "problem": answer.error},
        dedupe=f"webhook.disabled:{endpoint.pk}:{endpoint.version}",
    )
