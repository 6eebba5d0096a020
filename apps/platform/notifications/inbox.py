"""The development inbox of a demo installation: every email and SMS as its receiver sees it."""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from redis.exceptions import RedisError

from apps.platform.files.models import StoredFile
from apps.platform.files.selectors import file_url
from apps.platform.notifications.letters import letter_blocks
from apps.platform.notifications.models import Channel, Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.realtime.services import broadcast

logger = logging.getLogger(__name__)
TOPIC = "inbox"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Letterbox:
    """One address with how much it got."""

    address: str
    channel: str
    count: int
    url: str
    is_chosen: bool


def list_letterboxes(chosen: str) -> list[Letterbox]:
    """All addresses that ever got something, the latest first."""
    rows = (
        Delivery.objects.values("address", "channel")
        .annotate(count=Count("id"), last=Max("created_at"))
        .order_by("-last")
    )
    return [
        Letterbox(row["address"], row["channel"], row["count"], _url(row["address"]), row["address"] == chosen)
        for row in rows[:200]
    ]


def list_messages(address: str) -> QuerySet[Delivery]:
    """The newest messages, of one address or of all."""
    rows = Delivery.objects.select_related("organization").order_by("-id")
    return (rows.filter(address=address) if address else rows)[:SHOWN]


def describe(row: Delivery) -> dict[str, object]:
    """What the page draws of one message."""
    row = unsealed(row)
    return {
        "row": row,
        "is_email": row.channel == Channel.EMAIL,
        "blocks": letter_blocks(row),
        "color": row.organization.brand_color if row.organization else "#0f6e71",
        "attachments": _attachments(row),
    }


def announce() -> None:
    """Has open inbox pages drawn again."""
    if not settings.DEMO:
        return
    try:
        broadcast(TOPIC, "inbox.changed", {})
    except RedisError as error:
        logger.warning("inbox page not told: %s", error)


def _attachments(row: Delivery) -> list[dict[str, str]]:
    files = StoredFile.objects.filter(pk__in=[UUID(key) for key in row.attachments])
    return [{"name": file.original_name, "url": file_url(file)} for file in files]


def _url(address: str) -> str:
    return reverse("dev-inbox", query={"address": address})
