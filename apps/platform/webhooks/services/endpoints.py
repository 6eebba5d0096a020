"""Adding, changing and removing addresses, and their secrets."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.crypto import decrypt, encrypt
from apps.core.db import lock_visible, translate_violations
from apps.core.errors import NotAllowed
from apps.platform.audit.services import record
from apps.platform.organizations.models import Organization
from apps.platform.webhooks.errors import AlreadyThere, TooManyEndpoints, UnknownEvent
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.permissions import WEBHOOK_EDIT
from apps.platform.webhooks.registry import CATALOGUE
from apps.platform.webhooks.signatures import new_secret
from apps.platform.webhooks.targets import check_url

MOST_PER_COMPANY = 20
OLD_SECRET_GOOD_FOR = timedelta(hours=24)
PURPOSE = "webhooks.endpoint.secret"


def require_webhooks(actor: Actor) -> None:
    """Raises NotAllowed without `webhook.edit` in the whole company: an address hears of every branch."""
    actor.require(WEBHOOK_EDIT)
    if actor.organization_id is None or actor.branch_ids is not None:
        raise NotAllowed(details={"permission": WEBHOOK_EDIT})


@transaction.atomic
def add_endpoint(actor: Actor, *, url: str, events: Iterable[str], description: str = "") -> WebhookEndpoint:
    """A new address, on at once, with a secret of its own.

    Raises BadTarget for an address that is not a public https one, UnknownEvent, NotAllowed for an event whose subject
    the actor may not see, AlreadyThere, TooManyEndpoints.
    """
    require_webhooks(actor)
    check_url(url)
    chosen = _choose(actor, events)
    company_id = actor.require_organization()
    # Two additions at once are counted one after the other.
    Organization.objects.select_for_update().get(pk=company_id)
    if WebhookEndpoint.objects.visible_to(actor).count() >= MOST_PER_COMPANY:
        raise TooManyEndpoints
    with translate_violations({"webhook_url_unique": _already_there}):
        row = WebhookEndpoint.objects.create(
            organization_id=company_id,
            url=url,
            events=chosen,
            description=description.strip(),
            secret=encrypt(new_secret(), PURPOSE),
        )
    record(actor, "webhook.added", row, data={"url": url})
    return row


@transaction.atomic
def update_endpoint(
    actor: Actor, endpoint: WebhookEndpoint, *, version: int | None = None, **changes: Any
) -> WebhookEndpoint:
    """Changes `url`, `description` or `events`. Raises as `add_endpoint`, and StaleWrite."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    row.check_version(version)
    if "url" in changes:
        check_url(changes["url"])
    if "events" in changes:
        known = set(row.events)
        changes["events"] = _choose(actor, changes["events"], kept=known)
    if "description" in changes:
        changes["description"] = changes["description"].strip()
    new: dict[str, Any] = {name: changes[name] for name in ("url", "description", "events") if name in changes}
    old: dict[str, Any] = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    with translate_violations({"webhook_url_unique": _already_there}):
        row.save_changes(*new)
    record(actor, "webhook.changed", row, old=old, new=new)
    return row


@transaction.atomic
def rotate_secret(actor: Actor, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """A new secret; messages of the next 24 hours are signed with the old one too."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    row.old_secret, row.old_secret_until = row.secret, now() + OLD_SECRET_GOOD_FOR
    row.secret = encrypt(new_secret(), PURPOSE)
    row.save_changes("secret", "old_secret", "old_secret_until")
    record(actor, "webhook.secret_changed", row)
    return row


@transaction.atomic
def reveal_secret(actor: Actor, endpoint: WebhookEndpoint) -> str:
    """The present secret for a person to copy; the audit log remembers who looked."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    record(actor, "webhook.secret_shown", row)
    return secret_of(row)


@transaction.atomic
def switch_off(actor: Actor, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Nothing is sent any more; what waits is given up. A second time changes nothing."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    if row.is_active:
        stop(row, WebhookEndpoint.DisabledReason.BY_HAND)
        record(actor, "webhook.switched_off", row)
    return row


@transaction.atomic
def switch_on(actor: Actor, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Messages about what happens from now on are sent again."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    if not row.is_active:
        row.is_active, row.disabled_reason, row.disabled_at = True, "", None
        row.failures_in_row, row.failing_since, row.busy_until = 0, None, None
        row.save_changes(
            "is_active", "disabled_reason", "disabled_at", "failures_in_row", "failing_since", "busy_until"
        )
        record(actor, "webhook.switched_on", row)
    return row


@transaction.atomic
def remove_endpoint(actor: Actor, endpoint: WebhookEndpoint) -> None:
    """Forgets the address with all its messages."""
    require_webhooks(actor)
    row = lock_visible(actor, endpoint)
    record(actor, "webhook.removed", row, data={"url": row.url})
    row.delete()


def stop(row: WebhookEndpoint, reason: str) -> None:
    """Switches a locked address off and gives up what waits for it."""
    row.is_active, row.disabled_reason, row.disabled_at = False, reason, now()
    row.save_changes("is_active", "disabled_reason", "disabled_at")
    waiting = WebhookDelivery.objects.filter(endpoint=row, state=WebhookDelivery.State.QUEUED)
    waiting.update(state=WebhookDelivery.State.FAILED, next_try_at=None, error="the webhook was switched off")


def secret_of(row: WebhookEndpoint) -> str:
    """The present secret in clear."""
    return decrypt(bytes(row.secret), PURPOSE)


def signing_secrets(row: WebhookEndpoint) -> list[str]:
    """The secrets that sign now: the present one, and the one before it for a day."""
    old = [decrypt(bytes(row.old_secret), PURPOSE)] if row.old_secret and row.signs_with_old_secret(now()) else []
    return [secret_of(row), *old]


def _choose(actor: Actor, events: Iterable[str], kept: Iterable[str] = ()) -> list[str]:
    chosen = sorted(set(events))
    unknown = [name for name in chosen if name not in CATALOGUE]
    if unknown:
        raise UnknownEvent(_("There is no event “%(name)s”.") % {"name": unknown[0][:60]}, field="events")
    if not chosen:
        raise UnknownEvent(_("Choose at least one event."), field="events")
    for name in set(chosen) - set(kept):
        actor.require(CATALOGUE[name].permission)
    return chosen


def _already_there() -> AlreadyThere:
    return AlreadyThere(field="url")
