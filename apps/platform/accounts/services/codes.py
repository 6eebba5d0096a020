"""One-time codes: six digits for one purpose, sent to one address, good once and for minutes.

A request only writes a row and an event. Whether somebody has the address is looked up later, by the worker that makes
and sends the code (`code_letters`). So a request for an address that nobody has does the same work, gets the same
answer, counts the same and is refused the same as any other; there just is no code that could be right.

Limits come from the rows themselves and hold without Redis. They slow down requests, never log-ins by password.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from apps.core.actor import ANONYMOUS
from apps.core.clock import now
from apps.core.crypto import keyed_hash
from apps.core.errors import BusinessError
from apps.platform.accounts.errors import CodeExpired, ResendTooSoon, TooManyCodes, WrongCode
from apps.platform.accounts.events import CodeRequested
from apps.platform.accounts.models import OneTimeCode, SignUp, User
from apps.platform.events.services import publish
from apps.platform.system.settings import get_setting

CODE_MINUTES = "security.code_minutes"
RESEND_AFTER = timedelta(seconds=60)
WINDOW = timedelta(hours=1)
PAIR_LIMIT, ADDRESS_LIMIT, NETWORK_LIMIT = 5, 10, 30
STRANGERS_PURPOSES = (OneTimeCode.Purpose.PASSWORD_RESET, OneTimeCode.Purpose.LOGIN_2FA)


def send_code(user: User, *, purpose: str, channel: str, address: str, ip: str | None = None) -> OneTimeCode:
    """A new code for a person who is known, to `address` of `channel`; it replaces the one before it.

    The code is made and sent after commit. Raises ResendTooSoon (`details.retry_after`) within 60 seconds of the last
    one, TooManyCodes after five in an hour.
    """
    with transaction.atomic():
        _stand_in_line(f"{user.pk}|{purpose}")
        rows = OneTimeCode.objects.filter(user=user, purpose=purpose)
        _check_limits(rows, ip=None)
        return _open(rows, user=user, purpose=purpose, channel=channel, address=address, ip=ip)


def request_code(*, purpose: str, address: str, ip: str | None, sign_up: SignUp | None = None) -> OneTimeCode:
    """The same for a stranger who names an address (email, or phone in E.164), whoever has it, if anybody.

    Raises ResendTooSoon and TooManyCodes (per address and network address 5, per address 10, per network address 30 in
    an hour), alike for addresses that nobody has.
    """
    channel = OneTimeCode.Channel.EMAIL if "@" in address else OneTimeCode.Channel.SMS
    with transaction.atomic():
        _stand_in_line(f"{address}|{purpose}")
        rows = OneTimeCode.objects.filter(purpose=purpose, address=address)
        if purpose == OneTimeCode.Purpose.EMAIL_VERIFICATION:
            rows = rows.filter(sign_up__isnull=False)
        _check_limits(rows, ip=ip)
        closing = rows.filter(sign_up=sign_up) if sign_up else rows
        return _open(closing, purpose=purpose, channel=channel, address=address, ip=ip, sign_up=sign_up)


def check_code(user: User, *, purpose: str, code: str) -> OneTimeCode:
    """Uses up the right code of `purpose` that was sent to `user` last and returns its row (with the address proven).

    Raises WrongCode, which counts, and CodeExpired after five wrong tries, ten minutes, or one use. Must not be called
    inside a transaction: the count of wrong tries has to outlive the refusal.
    """
    with transaction.atomic(durable=True):
        row = lock_latest(OneTimeCode.objects.filter(user=user, purpose=purpose))
        refusal = try_code(row, code)
    if row is None or refusal is not None:
        raise refusal or WrongCode(field="code")
    return row


def lock_latest(rows: QuerySet[OneTimeCode]) -> OneTimeCode | None:
    """The code that counts: the newest of these. Waits for whoever is trying it."""
    return rows.select_for_update(of=("self",), no_key=True).order_by("-created_at", "-pk").first()


def try_code(row: OneTimeCode | None, code: str) -> BusinessError | None:
    """One try at a locked row: uses it up, or counts and returns the refusal, which the caller raises after commit."""
    if row is None:
        return WrongCode(field="code")
    is_right = hmac.compare_digest(hash_code(row, code), row.code_hash)
    if row.used_at or row.tries >= OneTimeCode.MAX_TRIES or row.expires_at <= now():
        return CodeExpired(field="code")
    if not is_right:
        row.tries += 1
        row.save(update_fields=["tries"])
        return WrongCode(field="code")
    row.used_at = now()
    row.save(update_fields=["used_at"])
    return None


def hash_code(row: OneTimeCode, code: str) -> str:
    """What is kept of a code. Bound to its row, so that equal codes look different."""
    return keyed_hash(f"{row.pk}:{clean_code(code)}", "accounts.one_time_code")


def clean_code(code: str) -> str:
    """The code as typed, without the spaces that people and phones put in."""
    return "".join(code.split())[:12]


def close_codes(rows: QuerySet[OneTimeCode]) -> None:
    """Makes the codes useless."""
    rows.filter(used_at__isnull=True).update(used_at=now(), code_hash="")


def code_minutes() -> int:
    """How long a code is good: by setting, from 5 to 10 minutes."""
    return int(get_setting(CODE_MINUTES))


def _open(rows: QuerySet[OneTimeCode], **values: object) -> OneTimeCode:
    close_codes(rows)
    expires_at = now() + timedelta(minutes=code_minutes())
    row: OneTimeCode = OneTimeCode.objects.create(expires_at=expires_at, **values)
    publish(ANONYMOUS, CodeRequested(subject_id=row.pk, organization_id=None, purpose=row.purpose))
    return row


def _check_limits(rows: QuerySet[OneTimeCode], *, ip: str | None) -> None:
    moment = now()
    recent = list(rows.filter(created_at__gt=moment - WINDOW).values_list("created_at", "ip"))
    last = max((at for at, _ in recent), default=None)
    if last is not None and last + RESEND_AFTER > moment:
        raise ResendTooSoon(details={"retry_after": _seconds(last + RESEND_AFTER - moment)})
    _check(PAIR_LIMIT, [at for at, origin in recent if origin == ip or ip is None], moment)
    if ip is None:
        return
    _check(ADDRESS_LIMIT, [at for at, _ in recent], moment)
    network = OneTimeCode.objects.filter(Q(sign_up__isnull=False) | Q(purpose__in=STRANGERS_PURPOSES), ip=ip)
    _check(NETWORK_LIMIT, network.filter(created_at__gt=moment - WINDOW).values_list("created_at", flat=True), moment)


def _check(limit: int, times: Iterable[datetime], moment: datetime) -> None:
    found = sorted(times)
    if len(found) >= limit:
        raise TooManyCodes(details={"retry_after": _seconds(found[-limit] + WINDOW - moment)})


def _seconds(left: timedelta) -> int:
    return max(1, -int(-left.total_seconds() // 1))


def _stand_in_line(name: str) -> None:
    """Requests for one address come one after the other, so that the limits count them all."""
    digest = hashlib.sha256(f"code|{name}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
