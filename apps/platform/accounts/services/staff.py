"""What platform staff do to people's accounts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.platform.accounts.errors import EmailTaken, PhoneTaken
from apps.platform.accounts.links import revoke_links
from apps.platform.accounts.models import AccessLink, User, UserSession
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.services.profile import PROFILE_FIELDS, check_profile
from apps.platform.accounts.services.sessions import close_session
from apps.platform.audit.services import record

_VIOLATIONS: Mapping[str, Callable[[], Exception]] = {
    "user_email_unique": lambda: EmailTaken(field="email"),
    "user_phone_unique": lambda: PhoneTaken(field="phone"),
    "user_email_or_phone": lambda: BadInput(_("Give an email address or a phone number."), field="email"),
}


@transaction.atomic
def update_user(
    actor: Actor, user: User, *, email: str | None = None, phone: str | None = None, **profile: Any
) -> User:
    """Changes somebody's profile, email or phone; an address given by staff counts as not confirmed.

    None leaves email and phone as they are, an empty text takes them away. Raises NotAllowed, BadInput, EmailTaken,
    PhoneTaken.
    """
    user = _lock(actor, user)
    if unknown := set(profile) - PROFILE_FIELDS:
        raise BadInput(field=min(unknown))
    values = check_profile(profile, zone=user.timezone)
    if email is not None:
        values["email"] = _clean_email(email)
    if phone is not None:
        values["phone"] = normalize_phone(phone) if phone.strip() else None
    changed = sorted(name for name, value in values.items() if value != getattr(user, name))
    for name in changed:
        setattr(user, name, values[name])
    proofs = [f"{name}_verified_at" for name in changed if name in ("email", "phone")]
    for name in proofs:
        setattr(user, name, None)
    if changed:
        with translate_violations(_VIOLATIONS):
            user.save(update_fields=[*changed, *proofs, "updated_at"])
        record(actor, "user.changed_by_staff", user, data={"fields": ", ".join(changed)})
    if "email" in changed:
        # Whoever reads the old address can no longer get in by a letter that was sent there.
        revoke_links(AccessLink.Purpose.PASSWORD_RESET, user.pk)
    return user


@transaction.atomic
def set_user_active(actor: Actor, user: User, *, is_active: bool) -> User:
    """Opens an account, or closes it: then its sessions end and nobody can log in by it. Not one's own.

    Raises NotAllowed; NotFound for somebody who was erased.
    """
    user = _lock(actor, user)
    if user.pk == actor.user_id:
        raise NotAllowed
    if user.is_active == is_active:
        return user
    user.is_active = is_active
    user.save(update_fields=["is_active", "updated_at"])
    record(actor, "user.opened" if is_active else "user.closed", user)
    if not is_active:
        end_sessions_of(actor, user)
    return user


@transaction.atomic
def set_powers(actor: Actor, user: User, *, is_staff: bool, is_superuser: bool) -> User:
    """Makes somebody platform staff or superuser, or takes that away. Only for superusers, and not on oneself."""
    if not actor.administers_platform() or user.pk == actor.user_id:
        raise NotAllowed
    user = _lock(actor, user)
    new = {"is_staff": is_staff, "is_superuser": is_superuser}
    old = {name: getattr(user, name) for name in new}
    if old != new:
        user.is_staff, user.is_superuser = is_staff, is_superuser
        user.save(update_fields=[*new, "updated_at"])
        record(actor, "user.powers_changed", user, old=old, new=new)
    return user


@transaction.atomic
def end_sessions_of(actor: Actor, user: User) -> int:
    """Ends all sessions of somebody; for platform staff. Says how many."""
    if not actor.is_platform_staff:
        raise NotAllowed
    rows = UserSession.objects.select_for_update(of=("self",)).filter(user=user, ended_at__isnull=True).order_by("pk")
    for session in rows:
        close_session(actor, session, "ended_by_staff")
    return len(rows)


def _lock(actor: Actor, user: User) -> User:
    """Staff change people; only superusers change staff."""
    if not actor.is_platform_staff:
        raise NotAllowed
    user = lock_row(user)
    if user.erased_at is not None:
        raise NotFound
    if (user.is_staff or user.is_superuser) and user.pk != actor.user_id and not actor.administers_platform():
        raise NotAllowed
    return user


def _clean_email(text: str) -> str | None:
    address = text.strip().lower()
    if not address:
        return None
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(_("This is not an email address."), field="email") from error
    return address
