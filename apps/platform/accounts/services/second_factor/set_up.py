"""Adding and removing factors: an authenticator app, passkeys, recovery codes.

Each change asks for a recent proof of who one is, is written to the log and told to the owner. With the first factor all
other devices are logged out, so that every session of an account with a factor has passed the second step.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as app_codes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.db.models import QuerySet
from fido2.webauthn import AuthenticatorData

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.crypto import decrypt, encrypt
from apps.core.errors import BusinessError, NotAllowed, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import SecondStep, User, UserSession
from apps.platform.accounts.second_factor.errors import (
    FactorExists,
    NoFactor,
    SetUpExpired,
    TooManyPasskeys,
    WrongSetUpCode,
)
from apps.platform.accounts.second_factor.events import SecondFactorChanged
from apps.platform.accounts.services.second_factor.confirm import check_recently_confirmed, get_owner
from apps.platform.accounts.services.second_factor.factors import has_factor, parse_number
from apps.platform.accounts.services.second_factor.proofs import find_counter
from apps.platform.accounts.services.second_factor.webauthn import ask_for_new, read_new
from apps.platform.accounts.services.sessions import close_session, end_other_sessions
from apps.platform.audit.services import record
from apps.platform.events.services import publish

ISSUER = "Baylink"
PURPOSE = "accounts.second_step"
SET_UP_FOR = timedelta(minutes=15)
MOST_PASSKEYS = 10


@dataclass(frozen=True, slots=True)
class TotpSetUp:
    secret: str  # base32, for those who type it
    url: str  # otpauth://, for the QR code


@dataclass(frozen=True, slots=True)
class Added:
    """A new factor; `recovery_codes` are shown now and never again, and only with the first factor."""

    factor: Authenticator
    recovery_codes: list[str]


@transaction.atomic
def start_totp(actor: Actor) -> TotpSetUp:
    """A new secret for an authenticator app; it counts only after `confirm_totp`, within 15 minutes.

    Raises ConfirmationRequired, FactorExists.
    """
    user = _lock_owner(actor)
    check_recently_confirmed(actor)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise FactorExists
    secret = app_codes.generate_totp_secret()
    _open_set_up(actor, user, SecondStep.Purpose.TOTP, secret)
    label = quote(f"{ISSUER}:{user.email or user.phone}", safe="")
    query = urlencode({"secret": secret, "issuer": ISSUER, "digits": 6, "period": 30}, quote_via=quote)
    return TotpSetUp(secret=secret, url=f"otpauth://totp/{label}?{query}")


def confirm_totp(actor: Actor, *, code: str) -> Added:
    """The app shows the right code, so it counts from now on. Raises WrongSetUpCode, SetUpExpired, FactorExists."""
    with transaction.atomic():
        answer = _confirm_totp(actor, "".join(code.split()))
    # Raised outside, because the counted try must stay.
    if isinstance(answer, BusinessError):
        raise answer
    return answer


@transaction.atomic
def remove_totp(actor: Actor) -> None:
    """The authenticator app counts no more. Raises ConfirmationRequired, NotFound."""
    user = _lock_owner(actor)
    check_recently_confirmed(actor)
    count, _by_table = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    if not count:
        raise NotFound
    _forget_recovery_codes_without_factor(user)
    _tell(actor, user, "totp_removed")


@transaction.atomic
def start_passkey(actor: Actor, *, origin: str) -> dict[str, Any]:
    """What the browser needs to make a passkey for the site at `origin`. Raises ConfirmationRequired, TooManyPasskeys."""
    user = _lock_owner(actor)
    check_recently_confirmed(actor)
    if list_passkeys(user).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys
    options, challenge = ask_for_new(user, origin=origin)
    _open_set_up(actor, user, SecondStep.Purpose.PASSKEY, challenge)
    return options


@transaction.atomic
def confirm_passkey(actor: Actor, *, credential: dict[str, Any], name: str, origin: str) -> Added:
    """Keeps the passkey that the browser made. Raises WrongSetUpCode, SetUpExpired."""
    user = _lock_owner(actor)
    step = _find_set_up(user, SecondStep.Purpose.PASSKEY)
    if step is None:
        raise SetUpExpired
    data = read_new(credential, challenge=_secret_of(step), origin=origin)
    if data is None or data.credential_data is None:
        raise WrongSetUpCode(field="credential")
    had_factor = has_factor(user)
    _close_set_up(step)
    factor = WebAuthn.add(user, clean_text(name)[:60] or _describe(data), _plain(credential)).instance
    factor.data["sign_count"] = data.counter
    factor.save(update_fields=["data"])
    _tell(actor, user, "passkey_added", name=factor.data["name"])
    return Added(factor, [] if had_factor else _welcome_first_factor(actor, user))


@transaction.atomic
def remove_passkey(actor: Actor, *, passkey_id: object) -> None:
    """One passkey of the actor counts no more. Raises ConfirmationRequired, NotFound."""
    user = _lock_owner(actor)
    check_recently_confirmed(actor)
    passkey = list_passkeys(user).filter(pk=parse_number(passkey_id)).first()
    if passkey is None:
        raise NotFound
    name = passkey.data.get("name", "")
    passkey.delete()
    _forget_recovery_codes_without_factor(user)
    _tell(actor, user, "passkey_removed", name=name)


@transaction.atomic
def renew_recovery_codes(actor: Actor) -> list[str]:
    """Ten new codes, shown now and never again; the old ones are worth nothing. Raises ConfirmationRequired, NoFactor."""
    user = _lock_owner(actor)
    check_recently_confirmed(actor)
    if not has_factor(user):
        raise NoFactor
    codes = _make_recovery_codes(user)
    _tell(actor, user, "recovery_codes_renewed")
    return codes


def count_recovery_codes(user: User) -> int:
    """How many recovery codes are left."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(factor).get_unused_codes()) if factor else 0


def list_passkeys(user: User) -> QuerySet[Authenticator]:
    """The person's passkeys, the oldest first."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")


def find_totp(user: User) -> Authenticator | None:
    """The person's authenticator app, or None."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def forget_factors(user: User) -> int:
    """Deletes all factors and begun steps of a person who leaves the platform; says how many factors there were."""
    SecondStep.objects.filter(user=user).delete()
    return Authenticator.objects.filter(user=user).delete()[0]


@transaction.atomic
def remove_all_factors(actor: Actor, user: User) -> int:
    """For a person who lost phone and codes: staff take all factors away, and all sessions end. Says how many.

    Raises NotAllowed for all but administrators of the platform, and for oneself.
    """
    actor.require_platform_admin()
    if user.pk == actor.user_id:
        raise NotAllowed
    locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    count = forget_factors(locked)
    for session in UserSession.objects.select_for_update().filter(user=locked, ended_at__isnull=True).order_by("pk"):
        close_session(actor, session, "factors_removed")
    _tell(actor, locked, "factors_removed")
    return count


def tell_recovery_code_used(actor: Actor, user: User) -> None:
    """A spent recovery code is told to the owner, with how many are left."""
    _tell(actor, user, "recovery_code_used", left=count_recovery_codes(user))


def _confirm_totp(actor: Actor, code: str) -> Added | BusinessError:
    user = _lock_owner(actor)
    step = _find_set_up(user, SecondStep.Purpose.TOTP)
    if step is None:
        return SetUpExpired()
    secret = _secret_of(step)
    counter = find_counter(secret, code)
    if counter is None:
        step.tries += 1
        step.used_at = now() if step.tries >= SecondStep.MAX_TRIES else None
        step.save(update_fields=["tries", "used_at"])
        return WrongSetUpCode(field="code")
    had_factor = has_factor(user)
    _close_set_up(step)
    factor = app_codes.TOTP.activate(user, secret).instance
    factor.data["last_counter"] = counter
    factor.save(update_fields=["data"])
    _tell(actor, user, "totp_added")
    return Added(factor, [] if had_factor else _welcome_first_factor(actor, user))


def _welcome_first_factor(actor: Actor, user: User) -> list[str]:
    end_other_sessions(actor, keep_id=actor.session_id)
    return _make_recovery_codes(user)


def _make_recovery_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).generate_codes()


def _forget_recovery_codes_without_factor(user: User) -> None:
    if not has_factor(user):
        Authenticator.objects.filter(user=user).delete()


def _open_set_up(actor: Actor, user: User, purpose: str, secret: str) -> None:
    _open_set_ups(user, purpose).update(used_at=now())
    SecondStep.objects.create(
        user=user,
        purpose=purpose,
        token_hash=hash_token(secrets.token_urlsafe(32)),
        secret=encrypt(secret, PURPOSE),
        ip=actor.ip,
        user_agent=actor.user_agent[:400],
        expires_at=now() + SET_UP_FOR,
    )


def _find_set_up(user: User, purpose: str) -> SecondStep | None:
    return _open_set_ups(user, purpose).filter(expires_at__gt=now()).first()


def _open_set_ups(user: User, purpose: str) -> QuerySet[SecondStep]:
    return SecondStep.objects.filter(user=user, purpose=purpose, used_at__isnull=True)


def _close_set_up(step: SecondStep) -> None:
    step.used_at, step.secret = now(), None
    step.save(update_fields=["used_at", "secret"])


def _secret_of(step: SecondStep) -> str:
    return decrypt(bytes(step.secret or b""), PURPOSE)


def _lock_owner(actor: Actor) -> User:
    """What one person does to their own keys stands in a queue."""
    user = get_owner(actor)
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _plain(credential: dict[str, Any]) -> dict[str, Any]:
    """The browser's answer as JSON keeps it."""
    return dict(json.loads(json.dumps(credential, default=str)))


def _describe(data: AuthenticatorData) -> str:
    return "Passkey" if data.is_backed_up() else "Security key"


def _tell(actor: Actor, user: User, change: str, *, name: str = "", left: int = 0) -> None:
    record(actor, f"user.{change}", user, data={"name": name} if name else {})
    publish(
        actor,
        SecondFactorChanged(
            subject_id=user.pk,
            organization_id=None,
            change=change,
            at=now().isoformat(),
            ip=actor.ip or "",
            left=left,
        ),
    )
