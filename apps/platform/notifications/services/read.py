"""What a person does with their own notifications."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import NotAllowed, NotFound
from apps.core.ids import parse_id
from apps.platform.events.services import publish
from apps.platform.notifications.errors import CannotSwitchOff, UnknownPreference
from apps.platform.notifications.events import NotificationsChanged
from apps.platform.notifications.models import Notification, NotificationPreference
from apps.platform.notifications.registry import MANDATORY, channels_by_category


@transaction.atomic
def mark_read(actor: Actor, notification_id: UUID | str) -> Notification:
    """Marks one of the actor's own as read; a second time changes nothing. Raises NotFound for anybody else's."""
    row = _lock_own(actor, notification_id)
    if row.read_at is None:
        row.read_at = now()
        row.save(update_fields=["read_at"])
        _tell(actor)
    return row


@transaction.atomic
def mark_all_read(actor: Actor) -> int:
    """Marks all that the actor sees; returns how many were unread."""
    count = Notification.objects.visible_to(actor).filter(read_at__isnull=True).update(read_at=now())
    if count:
        _tell(actor)
    return count


@transaction.atomic
def delete_notification(actor: Actor, notification_id: UUID | str) -> None:
    """Takes one of the actor's own out of their list. Raises NotFound for anybody else's."""
    _lock_own(actor, notification_id).delete()
    _tell(actor)


@transaction.atomic
def save_preferences(actor: Actor, *, wanted: Mapping[str, Mapping[str, bool]]) -> None:
    """Sets category → channel → wanted; what is not named stays.

    Raises UnknownPreference for a category or channel that does not exist, CannotSwitchOff for security messages.
    """
    if actor.user_id is None:
        raise NotAllowed
    known = channels_by_category()
    for category, channels in wanted.items():
        for channel, is_wanted in channels.items():
            if channel not in known.get(category, ()):
                raise UnknownPreference(field=f"{category}.{channel}")
            if category in MANDATORY and not is_wanted:
                raise CannotSwitchOff(field=f"{category}.{channel}")
            NotificationPreference.objects.update_or_create(
                user_id=actor.user_id, category=category, channel=channel, defaults={"is_wanted": is_wanted}
            )


def _lock_own(actor: Actor, notification_id: UUID | str) -> Notification:
    rows = Notification.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.filter(pk=parse_id(notification_id)).first()
    if row is None:
        raise NotFound
    return row


def _tell(actor: Actor) -> None:
    if actor.user_id is not None:
        publish(actor, NotificationsChanged(subject_id=actor.user_id, organization_id=actor.organization_id))
