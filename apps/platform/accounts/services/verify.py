"""Proving that one's present email address or phone number is one's own."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotFound
from apps.platform.accounts.errors import AlreadyVerified, WrongCode
from apps.platform.accounts.models import OneTimeCode, User
from apps.platform.accounts.services.codes import check_code, send_code
from apps.platform.accounts.services.log_in_by_code import has_address, mark_proven
from apps.platform.accounts.services.owner import lock_owner
from apps.platform.audit.services import record

KINDS = {
    "email": (OneTimeCode.Purpose.EMAIL_VERIFICATION, OneTimeCode.Channel.EMAIL),
    "phone": (OneTimeCode.Purpose.PHONE_VERIFICATION, OneTimeCode.Channel.SMS),
}


@transaction.atomic
def request_verification(actor: Actor, *, kind: str) -> OneTimeCode:
    """Sends a code to the actor's own email or phone (`kind`).

    Raises BadInput for an unknown kind or when there is no such address, AlreadyVerified, ResendTooSoon, TooManyCodes.
    """
    user = lock_owner(actor)
    purpose, channel = _read(kind)
    address = getattr(user, kind)
    if not address:
        raise BadInput(field="channel")
    if getattr(user, f"{kind}_verified_at"):
        raise AlreadyVerified
    return send_code(user, purpose=purpose, channel=channel, address=address, ip=actor.ip)


def confirm_verification(actor: Actor, *, kind: str, code: str) -> User:
    """Notes that the address is the actor's own. Raises BadInput, WrongCode, which counts, CodeExpired."""
    purpose, _channel = _read(kind)
    person = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if person is None:
        raise NotFound
    proven = check_code(person, purpose=purpose, code=code)
    with transaction.atomic():
        user = lock_owner(actor)
        if not has_address(user, proven.address.lower()):
            raise WrongCode(field="code")
        mark_proven(user, proven.address)
        record(actor, f"user.{kind}_verified", user)
    return user


def _read(kind: str) -> tuple[str, str]:
    if kind not in KINDS:
        raise BadInput(field="purpose")
    return KINDS[kind]
