"""Making a one-time code and sending it, in the worker: here, and only here, an address is looked up."""

import secrets
from uuid import UUID

from apps.core.clock import now
from apps.platform.accounts.links import create_link, revoke_links
from apps.platform.accounts.models import AccessLink, OneTimeCode, User
from apps.platform.accounts.selectors import find_user
from apps.platform.accounts.services.codes import code_minutes, hash_code
from apps.platform.notifications.services import notify_address, notify_users

RESET_MINUTES = 60
FORGOT_PAGE = "/password/forgot/"


def deliver_code(code_id: UUID) -> None:
    """Makes the code of a request and sends it, when somebody has the address and the request is still open."""
    row = (
        OneTimeCode.objects.select_for_update(of=("self",)).select_related("user", "sign_up").filter(pk=code_id).first()
    )
    if row is None or row.used_at or row.expires_at <= now():
        return
    if row.sign_up is not None:
        _answer_sign_up(row)
        return
    user = row.user or find_user(row.address)
    if user is not None and user.is_active:
        row.user = user
        _send(row, language=user.language)


def _answer_sign_up(row: OneTimeCode) -> None:
    """The owner of a taken address learns that somebody tried; the one who tried learns nothing."""
    owner = find_user(row.address)
    if owner is None and row.sign_up is not None:
        _send(row, language=row.sign_up.language)
    elif owner is not None:
        dedupe = f"account.sign_up_taken:{row.sign_up_id}"
        notify_users("account.sign_up_taken", [owner], organization_id=None, context={}, dedupe=dedupe, url=FORGOT_PAGE)


def _send(row: OneTimeCode, *, language: str) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    row.code_hash = hash_code(row, code)
    row.save(update_fields=["user", "code_hash"])
    is_reset = row.purpose == OneTimeCode.Purpose.PASSWORD_RESET
    context = {"code": code, "minutes": code_minutes(), "purpose": row.purpose}
    if is_reset and row.user is not None and row.channel == OneTimeCode.Channel.EMAIL:
        context["url"] = _make_reset_address(row.user)
    notify_address(
        "account.password_reset" if is_reset else "account.code",
        organization_id=None,
        language=language,
        context=context,
        dedupe=f"account.code:{row.pk}",
        email=row.address if row.channel == OneTimeCode.Channel.EMAIL else "",
        phone=row.address if row.channel == OneTimeCode.Channel.SMS else "",
    )


def _make_reset_address(user: User) -> str:
    """A path of this site; the letter puts the site's own name before it, whatever name a request came by."""
    revoke_links(AccessLink.Purpose.PASSWORD_RESET, user.pk)
    token = create_link(None, purpose=AccessLink.Purpose.PASSWORD_RESET, subject_id=user.pk, minutes=RESET_MINUTES)
    return f"/password/reset/{token}/"
