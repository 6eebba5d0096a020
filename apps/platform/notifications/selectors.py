"""Reading notifications, deliveries and preferences."""

from collections.abc import Container, Iterable
from datetime import time
from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.platform.accounts.models import User
from apps.platform.notifications.models import (
    BulkSend,
    Channel,
    Delivery,
    Notification,
    NotificationPreference,
    PushSubscription,
    QuietHours,
    TelegramLink,
)
from apps.platform.notifications.registry import MANDATORY, NotificationType, channels_by_category


def list_notifications(actor: Actor) -> QuerySet[Notification]:
    """The actor's own, newest first."""
    return Notification.objects.visible_to(actor).order_by("-id")


def count_unread(actor: Actor) -> int:
    """How many of the actor's own notifications are unread."""
    return Notification.objects.visible_to(actor).filter(read_at__isnull=True).count()


def list_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Emails and SMS of the actor's organization, newest first."""
    return Delivery.objects.visible_to(actor).order_by("-id")


def list_own_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Emails and SMS sent to the actor."""
    if actor.user_id is None:
        return Delivery.objects.none()
    return Delivery.objects.filter(user_id=actor.user_id).order_by("-id")


def list_failed_deliveries() -> QuerySet[Delivery]:
    """What could not be delivered, for staff to look at and send again."""
    return Delivery.objects.filter(state=Delivery.State.FAILED).order_by("-id")


def unwanted_channels(kind: NotificationType, users: Iterable[UUID]) -> Container[tuple[UUID, str]]:
    """(user, channel) pairs that are switched off for this type; none for what cannot be switched off."""
    if kind.is_mandatory:
        return frozenset()
    rows = NotificationPreference.objects.filter(user_id__in=list(users), category=kind.category, is_wanted=False)
    return set(rows.values_list("user_id", "channel"))


def addresses_of(users: Iterable[User], channels: Container[str]) -> dict[tuple[UUID, str], list[str]]:
    """(user, channel) → where they can be reached there: one address, several browsers, or nothing."""
    people = {user.pk: user for user in users}
    found: dict[tuple[UUID, str], list[str]] = {}
    for user in people.values():
        for channel, address in ((Channel.EMAIL, user.email), (Channel.SMS, user.phone)):
            if address:
                found[user.pk, channel.value] = [address]
    if Channel.TELEGRAM in channels:
        rows = TelegramLink.objects.filter(user_id__in=people, chat_id__isnull=False)
        found |= {(row.user_id, Channel.TELEGRAM.value): [str(row.chat_id)] for row in rows}
    if Channel.WEB_PUSH in channels:
        for row in PushSubscription.objects.filter(user_id__in=people).order_by("id"):
            found.setdefault((row.user_id, Channel.WEB_PUSH.value), []).append(row.endpoint)
    return found


def list_preferences(actor: Actor) -> dict[str, dict[str, bool]]:
    """Category → channel → whether wanted, for everything that the platform can send."""
    rows = NotificationPreference.objects.filter(user_id=actor.user_id) if actor.user_id else ()
    chosen = {(row.category, row.channel): row.is_wanted for row in rows}
    return {
        category: {channel: category in MANDATORY or chosen.get((category, channel), True) for channel in channels}
        for category, channels in channels_by_category().items()
    }


def quiet_hours_of(actor: Actor) -> QuietHours:
    """The actor's own; until they choose, from ten in the evening to seven, switched off."""
    user_id = actor.require_user()
    row = QuietHours.objects.filter(user_id=user_id).first()
    return row or QuietHours(user_id=user_id, begins_at=time(22), ends_at=time(7), is_on=False)


def telegram_link_of(actor: Actor) -> TelegramLink | None:
    """The actor's linked chat, or None."""
    return TelegramLink.objects.filter(user_id=actor.user_id, chat_id__isnull=False).first() if actor.user_id else None


def list_browsers(actor: Actor) -> QuerySet[PushSubscription]:
    """The browsers that show the actor's messages, the latest first."""
    return PushSubscription.objects.filter(user_id=actor.require_user()).order_by("-id")


def list_bulk_sends(actor: Actor) -> QuerySet[BulkSend]:
    """The mailings of the actor's company, the latest first."""
    return BulkSend.objects.visible_to(actor).order_by("-id")
