"""What was said to a person, and by which ways they wish to be reached."""

from typing import Any

from django.db.models import Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.notifications.models import (
    Delivery,
    Notification,
    NotificationPreference,
    PushSubscription,
    QuietHours,
    TelegramLink,
)

_OWN: tuple[Any, ...] = (Notification, NotificationPreference, QuietHours, TelegramLink, PushSubscription)


def collect(user: User) -> dict[str, Any]:
    """Messages of the platform with their words; those about a company's business, which name others, by kind and time."""
    own = Notification.objects.filter(user=user)
    return {
        "notifications": [
            describe(row, "type", "created_at", "read_at", *(("title", "body") if row.organization_id is None else ()))
            for row in own
        ],
        "messages": [
            describe(row, "type", "channel", "address", "state", "created_at", "sent_at")
            for row in Delivery.objects.filter(user=user)
        ],
        "preferences": [
            describe(row, "category", "channel", "is_wanted")
            for row in NotificationPreference.objects.filter(user=user)
        ],
        "quiet_hours": [describe(row, "begins_at", "ends_at", "is_on") for row in QuietHours.objects.filter(user=user)],
        "telegram": [
            describe(row, "username", "chat_id", "linked_at") for row in TelegramLink.objects.filter(user=user)
        ],
        "browsers": [describe(row, "device", "created_at") for row in PushSubscription.objects.filter(user=user)],
    }


def erase(erasure: Erasure) -> None:
    """What was sent to the person keeps kind, time and outcome; what others were told no longer names them."""
    for model in _OWN:
        model.objects.filter(user=erasure.user).delete()
    sent = Delivery.objects.filter(Q(user=erasure.user) | Q(address__in=erasure.words.words))
    sent.filter(state=Delivery.State.QUEUED).update(state=Delivery.State.SUPPRESSED, next_try_at=None)
    sent.update(
        user=None,
        address="",
        subject="",
        body="",
        attachments=[],
        url="",
        sealed=None,
        error="",
        dedupe_key=Concat(Value("erased:"), Cast("pk", CharField())),
    )
    somewhere = Q(organization_id__in=erasure.organization_ids) | Q(organization__isnull=True)
    scrub_rows(Notification.objects.filter(somewhere), ("title", "body"), erasure.words)
    scrub_rows(Delivery.objects.filter(somewhere), ("address", "subject", "body", "error"), erasure.words)


register_own_data("notifications", collect)
register_eraser("notifications", erase)
