"""What holds for offers: consent, label, a way out in every message, hours and number.

Vietnam's decree 91/2020/ND-CP asks for all of it: consent before the first one, a label in front, a way to refuse in
every message, at most three a day from one sender to one number or mailbox, and SMS from 7:00 to 22:00 only.
"""

import re
import secrets
import string
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from apps.core.clock import now
from apps.platform.accounts.models import Consent
from apps.platform.accounts.selectors import agrees_to
from apps.platform.notifications.audiences import AUDIENCES
from apps.platform.notifications.links import unsubscribe_url
from apps.platform.notifications.models import Channel, Delivery
from apps.platform.notifications.registry import TYPES
from apps.platform.notifications.rules import end_of_quiet

MOST_A_DAY = 3
SMS_FROM, SMS_UNTIL = time(7), time(22)
_COUNTED = (Channel.EMAIL, Channel.SMS)
_DAY = timedelta(days=1)
_LABELS = {"vi": "[QC]", "en": "[AD]"}
_WAYS_OUT = {"vi": "Từ chối nhận: %s", "en": "No more offers: %s"}
_CODE_LETTERS = string.ascii_letters + string.digits
_CODE_LENGTH = 10
_CODE = re.compile(rf"[A-Za-z0-9]{{{_CODE_LENGTH}}}")
# As long as a real address, for samples.
SAMPLE_CODE = "x" * _CODE_LENGTH


def is_promotional(code: str) -> bool:
    """Whether messages of this type are offers."""
    kind = TYPES.get(code)
    return kind is not None and kind.is_promotional


def open_way_out(row: Delivery) -> str:
    """The address by which the receiver of this offer ends them; a short one, kept on the row, for an SMS."""
    if row.channel == Channel.SMS and not row.opt_out_code:
        row.opt_out_code = "".join(secrets.choice(_CODE_LETTERS) for _letter in range(_CODE_LENGTH))
    return unsubscribe_url(row)


def dress(row: Delivery, way_out: str) -> None:
    """Label in front and a way out at the end, whatever the company's wording says.

    Browser messages have no room for an address: the browser itself offers to end them.
    """
    label = _LABELS.get(row.language, _LABELS["vi"])
    field = "body" if row.channel == Channel.SMS else "subject"
    text = getattr(row, field)
    if not text.startswith(tuple(_LABELS.values())):
        limit = None if field == "body" else 200
        setattr(row, field, f"{label} {text}"[:limit])
    if row.channel != Channel.WEB_PUSH and way_out not in row.body:
        separator = ". " if row.channel == Channel.SMS else "\n\n"
        line = _WAYS_OUT.get(row.language, _WAYS_OUT["vi"]) % way_out
        row.body = f"{row.body}{separator}{line}"


def agrees(row: Delivery) -> bool:
    """Whether the receiver of this offer still wants offers."""
    if row.bulk_send is not None and row.organization_id is not None:
        audience = AUDIENCES[row.bulk_send.audience]
        return audience.agrees(row.organization_id, row.channel, row.address)
    return row.user_id is not None and agrees_to(row.user_id, Consent.Kind.MARKETING)


def closed_until(row: Delivery) -> datetime | None:
    """When this offer may go out: SMS by the sender's clock, and not more than three in a day; None for now."""
    times = [found for found in (_end_of_night(row), _end_of_enough(row)) if found is not None]
    return max(times, default=None)


def promotional_types() -> list[str]:
    """The codes of all offers."""
    return [kind.code for kind in TYPES.values() if kind.is_promotional]


def _end_of_night(row: Delivery) -> datetime | None:
    if row.channel != Channel.SMS:
        return None
    zone = row.organization.timezone if row.organization else settings.TIME_ZONE
    return end_of_quiet(SMS_UNTIL, SMS_FROM, zone=zone, at=now())


def _end_of_enough(row: Delivery) -> datetime | None:
    """A day after the third last one; those that are with a provider at this moment count as sent now."""
    if row.channel not in _COUNTED:
        return None
    others = Delivery.objects.filter(
        organization=row.organization,
        channel=row.channel,
        address=row.address,
        type__in=promotional_types(),
    ).exclude(pk=row.pk)
    being_sent = Q(state=Delivery.State.QUEUED) & ~Q(provider="")
    found = others.filter(Q(sent_at__gt=now() - _DAY) | being_sent).values_list("sent_at", flat=True)
    latest = sorted((at or now() for at in found), reverse=True)
    return latest[MOST_A_DAY - 1] + _DAY if len(latest) >= MOST_A_DAY else None


def find_by_code(code: str) -> UUID | None:
    """The offer behind a short address."""
    if not _CODE.fullmatch(code):
        return None
    return Delivery.objects.filter(opt_out_code=code).values_list("pk", flat=True).first()
