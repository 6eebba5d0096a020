"""Telling people: rows are written in the caller's transaction, a worker delivers them after commit."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.actor import system_actor
from apps.platform.accounts.models import Consent, User
from apps.platform.accounts.selectors import list_agreeing
from apps.platform.events.services import publish
from apps.platform.files.models import StoredFile
from apps.platform.notifications import promotions
from apps.platform.notifications.events import NotificationsChanged
from apps.platform.notifications.links import unsubscribe_url
from apps.platform.notifications.models import Channel, Delivery, Notification
from apps.platform.notifications.registry import NotificationType, get_type
from apps.platform.notifications.rendering import render
from apps.platform.notifications.sealing import seal
from apps.platform.notifications.selectors import addresses_of, unwanted_channels
from apps.platform.notifications.services.wake import wake_after_commit
from apps.platform.organizations.models import Organization

_NOTIFICATION_KEY = 160
DELIVERY_KEY = 200


@transaction.atomic
def notify_users(
    kind: NotificationType | str,
    users: Iterable[User],
    *,
    organization_id: UUID | None,
    context: Mapping[str, Any],
    dedupe: str,
    url: str = "",
) -> None:
    """Tells each user on the channels of the type that they have not switched off, in their own language.

    Offers go only to those who agreed to offers.

    `dedupe` names the happening (`estimate.sent:<id>`): a second call with it reaches nobody twice. `url` is a path
    of this site or a whole address. `context` holds plain values; `url`, `user_name` and `organization_name` are added.
    """
    declared = get_type(kind)
    people = {user.pk: user for user in users if user.is_active}
    if declared.is_promotional:
        agreeing = list_agreeing(people, Consent.Kind.MARKETING)
        people = {key: user for key, user in people.items() if key in agreeing}
    unwanted = unwanted_channels(declared, people)
    shared = shared_values(organization_id, context, url)
    addresses = addresses_of(people.values(), declared.all_channels)
    queued = []
    for user in people.values():
        values = {**shared, "user_name": user.full_name}
        for channel in declared.all_channels:
            if (user.pk, str(channel)) in unwanted:
                continue
            if channel == Channel.IN_APP:
                _put_in_bell(declared, user, organization_id=organization_id, values=values, dedupe=dedupe, url=url)
            for address in addresses.get((user.pk, str(channel)), ()):
                row = _delivery(declared, channel, address, user.language, values, organization_id, dedupe)
                row.user = user
                queued.append(row)
    queue(queued)


@transaction.atomic
def notify_address(
    kind: NotificationType | str,
    *,
    organization_id: UUID | None,
    language: str,
    context: Mapping[str, Any],
    dedupe: str,
    email: str = "",
    phone: str = "",
    attachments: Sequence[StoredFile] = (),
) -> None:
    """Tells somebody who need not have an account, by those channels of the type for which an address is given.

    `phone` is E.164. `attachments` go with the email. A second call with the same `dedupe` reaches no address twice.
    Raises ValueError for offers: whether an address agreed is for an audience to know (see `audiences`).
    """
    declared = get_type(kind)
    if declared.is_promotional:
        raise ValueError(f"{declared.code} is an offer and needs an audience")
    values = shared_values(organization_id, context, str(context.get("url", "")))
    addresses = {Channel.EMAIL: email.strip(), Channel.SMS: phone.strip()}
    queued = []
    for channel in declared.channels:
        address = addresses.get(Channel(channel), "")
        if not address:
            continue
        row = _delivery(declared, channel, address, language, values, organization_id, dedupe)
        if channel == Channel.EMAIL:
            row.attachments = [str(file.pk) for file in attachments]
        queued.append(row)
    queue(queued)


def absolute_url(url: str) -> str:
    """The whole address of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{url}" if url.startswith("/") else url


def shared_values(organization_id: UUID | None, context: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The values of a message with those that every message has."""
    organization = Organization.objects.filter(pk=organization_id).first() if organization_id else None
    return {
        "organization_name": organization.name if organization else "Baylink",
        "organization_phone": organization.phone if organization else "",
        "site_url": settings.SITE_URL.rstrip("/"),
        **context,
        "url": absolute_url(url),
    }


def shorten_key(limit: int, *parts: str) -> str:
    """The parts joined, or shortened so that different ones stay different."""
    key = ":".join(parts)
    if len(key) <= limit:
        return key
    return f"{key[: limit - 65]}:{hashlib.sha256(key.encode()).hexdigest()}"


def _put_in_bell(
    kind: NotificationType,
    user: User,
    *,
    organization_id: UUID | None,
    values: Mapping[str, Any],
    dedupe: str,
    url: str,
) -> None:
    key = shorten_key(_NOTIFICATION_KEY, dedupe, str(user.pk))
    if Notification.objects.filter(dedupe_key=key).exists():
        return
    text = render(kind.code, Channel.IN_APP, user.language, context=values, organization_id=organization_id)
    row = Notification(
        user=user,
        organization_id=organization_id,
        type=kind.code,
        category=kind.category,
        title=text.subject[:200],
        body=text.body,
        url=url[:300],
        dedupe_key=key,
    )
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    event = NotificationsChanged(subject_id=user.pk, organization_id=organization_id, notification_id=row.pk)
    publish(system_actor(organization_id), event)


def _delivery(
    kind: NotificationType,
    channel: str,
    address: str,
    language: str,
    values: Mapping[str, Any],
    organization_id: UUID | None,
    dedupe: str,
) -> Delivery:
    row = Delivery(
        organization_id=organization_id,
        type=kind.code,
        channel=channel,
        language=language,
        address=address,
        url=str(values.get("url", ""))[:300],
        dedupe_key=shorten_key(DELIVERY_KEY, dedupe, str(channel), address.lower()),
    )
    write_text(row, values)
    return row


def write_text(row: Delivery, values: Mapping[str, Any]) -> None:
    """Puts the words of its type into a message that is to be written; an offer gets its label and a way out."""
    way_out = promotions.open_way_out(row) if promotions.is_promotional(row.type) else unsubscribe_url(row)
    context = {**values, "unsubscribe": way_out} if way_out else values
    text = render(row.type, row.channel, row.language, context=context, organization_id=row.organization_id)
    row.subject, row.body = text.subject[:200], text.body
    if promotions.is_promotional(row.type):
        promotions.dress(row, way_out)


def queue(rows: Sequence[Delivery]) -> None:
    """Keeps them, those of a known happening once, and wakes the sender after commit."""
    if rows:
        for row in rows:
            seal(row)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        wake_after_commit()
