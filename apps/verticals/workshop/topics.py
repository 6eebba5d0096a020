"""The workshop's live topics and who may follow them."""

from uuid import UUID

from apps.core.actor import Actor
from apps.core.errors import BusinessError
from apps.core.ids import parse_id
from apps.platform.accounts.links import open_link
from apps.platform.accounts.models import AccessLink
from apps.platform.organizations.models import Branch
from apps.platform.realtime.registry import register_topic
from apps.verticals.workshop.models import Appointment, JobCard


def _sees_card(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    return key is not None and actor.can("job_card.view") and JobCard.objects.visible_to(actor).filter(pk=key).exists()


def _sees_appointment(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    return (
        key is not None
        and actor.can("appointment.view")
        and Appointment.objects.visible_to(actor).filter(pk=key).exists()
    )


def _works_in_branch(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    if key is None or not (actor.can("job_card.view") or actor.can("appointment.view")):
        return False
    return actor.reaches_branch(key) and Branch.objects.visible_to(actor).filter(pk=key).exists()


def _is_open_calendar(_actor: Actor, topic_id: str) -> bool:
    """Visitors watch free times; the stream says only that something changed."""
    key = parse_id(topic_id)
    return key is not None and Branch.objects.filter(pk=key, is_active=True).exists()


def _works_in_company(actor: Actor, topic_id: str) -> bool:
    return actor.organization_id is not None and topic_id == str(actor.organization_id)


def _is_self(actor: Actor, topic_id: str) -> bool:
    return actor.user_id is not None and topic_id == str(actor.user_id)


def _card_of_estimate_link(_actor: Actor, token: str) -> str | None:
    card_id = _subject_of(AccessLink.Purpose.ESTIMATE, token)
    return f"job-card:{card_id}" if card_id else None


def _appointment_of_link(_actor: Actor, token: str) -> str | None:
    appointment_id = _subject_of(AccessLink.Purpose.APPOINTMENT, token)
    return f"appointment:{appointment_id}" if appointment_id else None


def _subject_of(purpose: str, token: str) -> UUID | None:
    try:
        return open_link(purpose, token).subject_id
    except BusinessError:
        return None


register_topic("job-card", _sees_card)
register_topic("appointment", _sees_appointment)
register_topic("board", _works_in_branch)
register_topic("calendar", _is_open_calendar, is_open=True)
register_topic("dashboard", _works_in_company)
register_topic("tech", _is_self)
register_topic("estimate-link", follows=_card_of_estimate_link)
register_topic("appointment-link", follows=_appointment_of_link)
