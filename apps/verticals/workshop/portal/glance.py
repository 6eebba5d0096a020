"""What boards and lists say of a card in a few words: when it is promised, what it waits for, who works on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.clock import now
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.selectors import CardGlance

S = JobCard.State
NEAR = timedelta(hours=2)
GONE = (S.DELIVERED, S.CANCELLED)


@dataclass(frozen=True, slots=True)
class Promise:
    """The promised time in words; `tone` is near, late or empty."""

    text: str
    tone: str = ""


def promise_of(card: JobCard) -> Promise | None:
    """When the customer gets the vehicle back, None when nothing was promised or it is gone."""
    if card.promised_at is None or card.state in GONE:
        return None
    local = timezone.localtime(card.promised_at)
    today = timezone.localdate()
    words = date_format(local, "H:i") if local.date() == today else date_format(local, "d/m H:i")
    if card.state == S.COMPLETED:
        return Promise(words)
    left = card.promised_at - now()
    return Promise(words, "late" if left <= timedelta(0) else "near" if left <= NEAR else "")


def people_of(glance: CardGlance) -> str:
    """`Bình` or `Bình +1`."""
    names = glance.technicians
    return f"{names[0]} +{len(names) - 1}" if len(names) > 1 else "".join(names)


def waits_for(card: JobCard, glance: CardGlance) -> str:
    """What keeps the card from going on; empty when nothing does."""
    if card.state == S.WAITING_CUSTOMER_APPROVAL:
        return _("Answer of the customer")
    if glance.missing and card.state not in (*GONE, S.COMPLETED):
        parts = ngettext("%(n)s part", "%(n)s parts", glance.missing) % {"n": glance.missing}
        numbers = ", ".join(glance.order_numbers[:2])
        return f"{parts} · {numbers}" if numbers else parts
    return ""


def progress_of(card: JobCard, glance: CardGlance) -> str:
    """`2/3` tasks while there is work, else empty."""
    shown = card.state in (S.ASSIGNED, S.IN_PROGRESS, S.WAITING_PARTS, S.QUALITY_CHECK)
    return f"{glance.finished}/{glance.tasks}" if shown and glance.tasks else ""


@dataclass(frozen=True, slots=True)
class Face:
    """All of it for one card of a board."""

    promise: Promise | None
    person: str
    waits: str
    progress: str
    is_running: bool


def face_of(card: JobCard, glance: CardGlance) -> Face:
    return Face(
        promise_of(card), people_of(glance), waits_for(card, glance), progress_of(card, glance), glance.is_running
    )


def add_faces(cards: Sequence[Any], glances: dict[Any, CardGlance]) -> None:
    """Puts a face on every card."""
    for card in cards:
        card.face = face_of(card, glances[card.pk])
