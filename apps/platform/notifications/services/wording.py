"""A company's own words for its messages, and the platform's for all: checked, kept, tried out, taken back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template import TemplateSyntaxError
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.ids import uuid7
from apps.platform.accounts.models import User
from apps.platform.audit.services import record
from apps.platform.notifications.errors import NoAddress
from apps.platform.notifications.models import Channel, Delivery, NotificationTemplate
from apps.platform.notifications.permissions import NOTIFICATION_EDIT
from apps.platform.notifications.registry import TYPES, NotificationType
from apps.platform.notifications.rendering import LANGUAGES, Text, render_wording, variables_of
from apps.platform.notifications.rules import MOST_SEGMENTS, SmsSize, measure_sms
from apps.platform.notifications.sandbox import Forbidden
from apps.platform.notifications.selectors import addresses_of
from apps.platform.notifications.services.notify import queue

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """The words with sample values; `sms` says what an SMS of them costs."""

    text: Text
    sms: SmsSize | None


def access_wording(actor: Actor, kind: str, channel: str, language: str) -> NotificationType:
    """The type, if the actor may change its words on this channel. Raises NotAllowed or NotFound.

    A company changes its own messages; those about security, which the platform sends, only platform staff do.
    """
    if not actor.is_platform_staff:
        actor.require(NOTIFICATION_EDIT)
    declared = TYPES.get(kind)
    if declared is None or channel not in declared.all_channels or language not in LANGUAGES:
        raise NotFound
    if declared.is_mandatory and scope_of(actor) is not None:
        raise NotFound
    return declared


def scope_of(actor: Actor) -> UUID | None:
    """Whose words the actor edits: the company in which they act, else (platform staff) everybody's."""
    if actor.organization_id is None and not actor.is_platform_staff:
        raise NotAllowed
    return actor.organization_id


@transaction.atomic
def save_wording(
    actor: Actor, *, kind: str, channel: str, language: str, subject: str, body: str
) -> NotificationTemplate:
    """Keeps own words. Raises BadInput, by field, for what a message may not hold or an SMS cannot carry."""
    access_wording(actor, kind, channel, language)
    preview_wording(kind, channel, subject, body)
    where = {"organization_id": scope_of(actor), "type": kind, "channel": channel, "language": language}
    row = NotificationTemplate.objects.select_for_update().filter(**where).first()
    old = {"subject": row.subject, "body": row.body} if row else {}
    row = row or NotificationTemplate(**where)
    row.subject, row.body = "" if channel == Channel.SMS else subject.strip(), body.strip()
    row.save()
    record(actor, "notification_template.saved", row, old=old, new={"subject": row.subject, "body": row.body})
    return row


@transaction.atomic
def reset_wording(actor: Actor, *, kind: str, channel: str, language: str) -> bool:
    """Goes back to the shipped words; returns whether there were own ones."""
    access_wording(actor, kind, channel, language)
    where = {"organization_id": scope_of(actor), "type": kind, "channel": channel, "language": language}
    row = NotificationTemplate.objects.select_for_update().filter(**where).first()
    if row is None:
        return False
    record(actor, "notification_template.reset", row, old={"subject": row.subject, "body": row.body})
    row.delete()
    return True


def preview_wording(kind: str, channel: str, subject: str, body: str, **values: Any) -> Preview:
    """The words with sample values. Raises BadInput naming the field and what is wrong with it."""
    samples = {**variables_of(kind), **values}
    errors: dict[str, list[str]] = {}
    parts: dict[str, Text] = {}
    sources = {"subject": ("" if channel == Channel.SMS else subject, ""), "body": ("", body)}
    for field, pair in sources.items():
        try:
            parts[field] = render_wording(kind, *pair, samples)
        except Forbidden as error:
            errors[field] = [str(error)]
        except TemplateSyntaxError as error:
            errors[field] = [_("This cannot be read: %(error)s") % {"error": error}]
    if not errors:
        errors = _faults(channel, parts["subject"].subject, parts["body"].body)
    if errors:
        raise BadInput(errors=errors)
    text = Text(parts["subject"].subject, parts["body"].body)
    return Preview(text, measure_sms(text.body) if channel == Channel.SMS else None)


@transaction.atomic
def send_test(actor: Actor, *, kind: str, channel: str, language: str, subject: str, body: str) -> Delivery:
    """Sends the words with sample values to the actor's own address. Raises NoAddress without one on this channel."""
    declared = access_wording(actor, kind, channel, language)
    user = User.objects.get(pk=actor.require_user())
    text = preview_wording(kind, channel, subject, body, user_name=user.full_name).text
    addresses = addresses_of([user], declared.all_channels).get((user.pk, channel), [])
    if channel == Channel.IN_APP or not addresses:
        raise NoAddress
    row = Delivery(
        organization_id=actor.organization_id,
        user=user,
        type="test.message",
        channel=channel,
        language=language,
        address=addresses[0],
        subject=text.subject[:LONGEST_SUBJECT],
        body=text.body,
        dedupe_key=f"wording-test:{uuid7()}",
    )
    queue([row])
    return row


def _faults(channel: str, subject: str, body: str) -> dict[str, list[str]]:
    """What the channel cannot carry, by field."""
    errors: dict[str, list[str]] = {}
    if not body:
        errors["body"] = [_("A message needs a text.")]
    if channel != Channel.SMS and not subject:
        errors["subject"] = [_("A message needs a subject.")]
    if len(subject) > LONGEST_SUBJECT:
        errors["subject"] = [_("This is too long: at most %(most)s letters.") % {"most": LONGEST_SUBJECT}]
    if channel == Channel.SMS and measure_sms(body).segments > MOST_SEGMENTS:
        errors["body"] = [_("This is too long for an SMS: at most %(most)s parts.") % {"most": MOST_SEGMENTS}]
    return errors
