"""A forgotten password: a link and a code by email, or a code by SMS; either sets another one, once."""

from django.db import transaction

from apps.core.actor import Actor, ActorKind
from apps.core.db import lock_row
from apps.core.errors import BusinessError, NotFound
from apps.platform.accounts.errors import CodeExpired, LinkExpired, WrongCode
from apps.platform.accounts.links import create_link, open_link, revoke_links
from apps.platform.accounts.models import AccessLink, OneTimeCode, User
from apps.platform.accounts.services.codes import close_codes, lock_latest, request_code, try_code
from apps.platform.accounts.services.log_in_by_code import has_address, mark_proven, read_address
from apps.platform.accounts.services.sessions import end_other_sessions
from apps.platform.accounts.services.users import check_password_strength, set_new_password

PURPOSE = OneTimeCode.Purpose.PASSWORD_RESET
LINK = AccessLink.Purpose.PASSWORD_RESET
TICKET_MINUTES = 60


def forgot_password(identifier: str, *, ip: str | None = None) -> OneTimeCode:
    """Sends link and code to the address, if somebody has it.

    Raises BadInput for what is neither email nor phone, ResendTooSoon, TooManyCodes: alike whoever has the address.
    """
    return request_code(purpose=PURPOSE, address=read_address(identifier), ip=ip)


def check_reset_link(token: str) -> None:
    """Raises NotFound for a token that is none of ours, LinkExpired for one that ran out, was used or was replaced."""
    open_link(LINK, token)


@transaction.atomic
def reset_password_by_link(token: str, *, new_password: str, ip: str | None = None, user_agent: str = "") -> User:
    """Sets another password, once per link, and logs all devices out. Raises WeakPassword and what a link raises."""
    link = lock_row(open_link(LINK, token))
    if link.revoked_at is not None:
        raise LinkExpired
    user = User.objects.filter(pk=link.subject_id, is_active=True).first()
    if user is None:
        raise NotFound
    return _reset(user, new_password, ip=ip, user_agent=user_agent)


def reset_password_by_code(
    identifier: str, *, code: str, new_password: str, ip: str | None = None, user_agent: str = ""
) -> User:
    """The same for the code that was sent. The password is looked at first, so a weak one costs no try.

    Raises WeakPassword, and WrongCode and CodeExpired alike for addresses that nobody has.
    """
    check_password_strength(new_password, field="new_password")
    address = read_address(identifier)
    with transaction.atomic():
        answer = _use_code(address, code)
        if isinstance(answer, User):
            mark_proven(answer, address)
            return _reset(answer, new_password, ip=ip, user_agent=user_agent)
    # Raised outside, because the count of the wrong try must stay.
    raise answer


def exchange_reset_code(identifier: str, *, code: str) -> str:
    """The token of a reset link for the code that was sent: for apps that ask for the new password on another screen."""
    address = read_address(identifier)
    with transaction.atomic():
        answer = _use_code(address, code)
        if isinstance(answer, User):
            mark_proven(answer, address)
            revoke_links(LINK, answer.pk)
            return create_link(None, purpose=LINK, subject_id=answer.pk, minutes=TICKET_MINUTES)
    raise answer


def _use_code(address: str, code: str) -> User | BusinessError:
    row = lock_latest(OneTimeCode.objects.filter(purpose=PURPOSE, address=address).select_related("user"))
    refusal = try_code(row, code)
    if refusal is not None or row is None:
        return refusal or WrongCode(field="code")
    if row.user is None or not row.user.is_active or not has_address(row.user, address):
        return CodeExpired(field="code")
    return row.user


def _reset(user: User, new_password: str, *, ip: str | None, user_agent: str) -> User:
    locked = lock_row(user)
    actor = Actor(
        kind=ActorKind.USER,
        user_id=locked.pk,
        name=locked.full_name,
        language=locked.language,
        ip=ip,
        user_agent=user_agent[:400],
    )
    set_new_password(actor, locked, new_password, action="user.password_reset")
    revoke_links(LINK, locked.pk)
    close_codes(OneTimeCode.objects.filter(user=locked, purpose__in=[PURPOSE, OneTimeCode.Purpose.LOGIN_2FA]))
    end_other_sessions(actor, keep_id=None)
    return locked
