"""Reading notifications, deliveries and preferences."""

from collections.abc import Container, Iterable
from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.platform.notifications.models import Delivery, Notification, NotificationPreference
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


def list_preferences(actor: Actor) -> dict[str, dict[str, bool]]:
    """Category → channel → whether wanted, for everything that the platform can send."""
    rows = NotificationPreference.objects.filter(user_id=actor.user_id) if actor.user_id else ()
    chosen = {(row.category, row.channel): row.is_wanted for row in rows}
    return {
        category: {channel: category in MANDATORY or chosen.get((category, channel), True) for channel in channels}
        for category, channels in channels_by_category().items()
    }
