"""Mass mailings as people steer them: write, start, pause, go on, cancel; and what a receiver says to them."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import TemplateSyntaxError
from django.utils.translation import gettext as _

from apps.core.actor import Actor, system_actor
from apps.core.clock import now
from apps.core.db import lock_visible
from apps.core.errors import BadInput
from apps.core.text import clean_text
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.notifications import promotions
from apps.platform.notifications.audiences import AUDIENCES, Counts
from apps.platform.notifications.errors import NobodyToWriteTo
from apps.platform.notifications.events import BulkSendMoved
from apps.platform.notifications.models import BulkSend, Channel, Delivery
from apps.platform.notifications.permissions import NOTIFICATION_SEND
from apps.platform.notifications.rules import MOST_SEGMENTS, SmsSize, measure_sms
from apps.platform.notifications.sandbox import Forbidden, render_source
from apps.platform.notifications.services.notify import shared_values, write_text
from apps.platform.notifications.services.wake import wake_after_commit
from apps.platform.notifications.states import BULK_SEND
from apps.platform.system.jobs import start_job
from apps.platform.system.models import JobRun

JOB = "notifications.mailing"
MOST_PER_MINUTE = 600
# What the text of a mailing may use, with samples.
BULK_VALUES = {"name": "Trần Thị Mai", "organization_name": "Gara Minh Phát", "organization_phone": "028 7300 0101"}
_EDITABLE = ("name", "audience", "channel", "subject", "body", "per_minute")


@transaction.atomic
def create_bulk_send(actor: Actor, **values: Any) -> BulkSend:
    """A draft: name, audience, channel, subject, body, per_minute. Raises BadInput by field."""
    actor.require(NOTIFICATION_SEND)
    row = BulkSend(organization_id=actor.require_organization(), created_by_id=actor.require_user())
    _take_values(row, values)
    row.save()
    record(actor, "bulk_send.created", row)
    return row


@transaction.atomic
def update_bulk_send(actor: Actor, row: BulkSend, *, version: int | None = None, **values: Any) -> BulkSend:
    """Changes a draft. Raises StaleWrite, IllegalMove once it was started, BadInput by field."""
    row = _lock(actor, row, version)
    BULK_SEND.check(row, "start")
    _take_values(row, values)
    _save(row, *_EDITABLE)
    record(actor, "bulk_send.changed", row)
    return row


def count_receivers(row: BulkSend) -> Counts:
    """How many would get it now."""
    return AUDIENCES[row.audience].count(row.organization_id, row.channel)


@transaction.atomic
def start_bulk_send(actor: Actor, row: BulkSend, *, version: int | None = None) -> BulkSend:
    """Begins to send. Raises NobodyToWriteTo when nobody would get it."""
    row = _lock(actor, row, version)
    BULK_SEND.check(row, "start")
    counts = count_receivers(row)
    if not counts.reachable:
        raise NobodyToWriteTo
    row.total, row.skipped = counts.reachable, counts.left_out
    row.started_at = row.next_at = now()
    row.job = _start_job(actor, row)
    return _move(actor, row, "start", "total", "skipped", "started_at", "next_at", "job")


@transaction.atomic
def pause_bulk_send(actor: Actor, row: BulkSend, *, version: int | None = None) -> BulkSend:
    """Nothing more goes out, what is queued waits too."""
    return _move(actor, _lock(actor, row, version), "pause")


@transaction.atomic
def resume_bulk_send(actor: Actor, row: BulkSend, *, version: int | None = None) -> BulkSend:
    """Goes on after the last receiver, at its rate from now on."""
    row = _lock(actor, row, version)
    BULK_SEND.check(row, "resume")
    row.next_at = now()
    row.job = _start_job(actor, row)
    return _move(actor, row, "resume", "next_at", "job")


@transaction.atomic
def pause_without_job(job: JobRun) -> None:
    """The job that sends a mailing was cancelled or has failed: the mailing rests until somebody lets it go on."""
    rows = BulkSend.objects.select_for_update(of=("self",))
    row = rows.filter(job_id=job.pk, state=BulkSend.State.SENDING).first()
    if row is not None:
        _move(system_actor(row.organization_id), row, "pause")


@transaction.atomic
def cancel_bulk_send(actor: Actor, row: BulkSend, *, version: int | None = None) -> BulkSend:
    """Ends it; what is queued and not with a provider yet is not sent."""
    row = _lock(actor, row, version)
    row.finished_at = now()
    row = _move(actor, row, "cancel", "finished_at")
    waiting = row.deliveries.filter(state=Delivery.State.QUEUED, provider="")
    waiting.update(state=Delivery.State.SUPPRESSED, error="cancelled", next_try_at=None)
    return row


def preview_bulk(channel: str, subject: str, body: str, **values: str) -> tuple[str, str]:
    """Subject and text with samples. Raises BadInput by field."""
    samples: dict[str, object] = {**BULK_VALUES, **values}
    errors: dict[str, list[str]] = {}
    found = {}
    for field, source in (("subject", "" if channel == Channel.SMS else subject), ("body", body)):
        try:
            found[field] = render_source(source, set(BULK_VALUES), samples).strip()
        except Forbidden as error:
            errors[field] = [str(error)]
        except TemplateSyntaxError as error:
            errors[field] = [_("This cannot be read: %(error)s") % {"error": error}]
    if errors:
        raise BadInput(errors=errors)
    return clean_text(found["subject"]), found["body"]


def measure_bulk_sms(row: BulkSend, body: str) -> SmsSize:
    """How large the whole SMS is, with what is added to the text."""
    sample = Delivery(
        organization_id=row.organization_id,
        type=AUDIENCES[row.audience].type,
        channel=Channel.SMS,
        language=settings.LANGUAGE_CODE,
        opt_out_code=promotions.SAMPLE_CODE,
    )
    write_text(sample, {**shared_values(row.organization_id, {}, ""), "name": BULK_VALUES["name"], "text": body})
    return measure_sms(sample.body)


def _take_values(row: BulkSend, values: dict[str, Any]) -> None:
    for name in _EDITABLE:
        if name in values:
            setattr(row, name, values[name])
    audience = AUDIENCES.get(row.audience)
    if audience is None or row.channel not in audience.channels:
        raise BadInput(errors={"channel": [_("These people are not reached on this channel.")]})
    if not 1 <= row.per_minute <= MOST_PER_MINUTE:
        raise BadInput(errors={"per_minute": [_("From 1 to %(most)s.") % {"most": MOST_PER_MINUTE}]})
    subject, body = preview_bulk(row.channel, row.subject, row.body)
    if not body:
        raise BadInput(errors={"body": [_("A message needs a text.")]})
    if row.channel == Channel.SMS:
        row.subject = ""
        if measure_bulk_sms(row, body).segments > MOST_SEGMENTS:
            raise BadInput(
                errors={"body": [_("This is too long for an SMS: at most %(most)s parts.") % {"most": MOST_SEGMENTS}]}
            )
    elif not subject:
        raise BadInput(errors={"subject": [_("A message needs a subject.")]})
    row.name = clean_text(row.name)


def _start_job(actor: Actor, row: BulkSend) -> JobRun:
    """From now on this job sends it; one that still runs from before a pause sees that and ends."""
    arguments = {"bulk_send": str(row.pk)}
    return start_job(actor, JOB, label=row.name, arguments=arguments, organization_id=row.organization_id)


def _lock(actor: Actor, row: BulkSend, version: int | None) -> BulkSend:
    actor.require(NOTIFICATION_SEND)
    locked: BulkSend = lock_visible(actor, row)
    locked.check_version(version)
    return locked


def _move(actor: Actor, row: BulkSend, step: str, *fields: str) -> BulkSend:
    BULK_SEND.move(row, step)
    _save(row, "state", *fields)
    record(actor, f"bulk_send.{step}", row)
    tell_moved(actor, row)
    wake_after_commit()
    return row


def _save(row: BulkSend, *fields: str) -> None:
    row.save_changes(*fields)


def tell_moved(actor: Actor, row: BulkSend) -> None:
    publish(actor, BulkSendMoved(subject_id=row.pk, organization_id=row.organization_id, state=row.state))
