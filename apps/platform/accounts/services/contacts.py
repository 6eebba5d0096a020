"""Another email address or phone number to log in by: asked with the password, proven by a code sent to the new one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import translate_violations
from apps.core.errors import BadInput
from apps.platform.accounts.errors import EmailTaken, PhoneTaken
from apps.platform.accounts.events import ContactChanged
from apps.platform.accounts.links import revoke_links
from apps.platform.accounts.models import AccessLink, OneTimeCode, User
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.services.codes import check_code, send_code
from apps.platform.accounts.services.owner import check_own_password, lock_owner
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.notifications.services import notify_address

_VIOLATIONS: Mapping[str, Callable[[], Exception]] = {
    "user_email_unique": lambda: EmailTaken(field="code"),
    "user_phone_unique": lambda: PhoneTaken(field="code"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person and to know them by."""

    kind: str
    purpose: str
    channel: str
    proven_at: str


EMAIL = Contact("email", OneTimeCode.Purpose.EMAIL_CHANGE, OneTimeCode.Channel.EMAIL, "email_verified_at")
PHONE = Contact("phone", OneTimeCode.Purpose.PHONE_CHANGE, OneTimeCode.Channel.SMS, "phone_verified_at")
CONTACTS = {one.kind: one for one in (EMAIL, PHONE)}


@transaction.atomic
def request_contact_change(actor: Actor, contact: Contact, *, address: str, password: str) -> OneTimeCode:
    """Sends a code to the new `address`. Nothing changes until `confirm_contact_change`.

    Raises WrongPassword, BadInput for what is no address or the present one, and what `send_code` raises. Whether
    somebody else has the address is told only to those who can read what is sent there.
    """
    user = lock_owner(actor)
    check_own_password(user, password)
    cleaned = _clean(contact, address)
    if cleaned == getattr(user, contact.kind):
        raise BadInput(_("This is your present one."), field=contact.kind)
    return send_code(user, purpose=contact.purpose, channel=contact.channel, address=cleaned, ip=actor.ip)


def confirm_contact_change(actor: Actor, contact: Contact, *, code: str) -> User:
    """The address to which the right `code` was sent is the actor's from now on; the old one is told.

    Raises WrongCode, CodeExpired, EmailTaken, PhoneTaken.
    """
    with transaction.atomic():
        user = lock_owner(actor)
    proven = check_code(user, purpose=contact.purpose, code=code)
    with transaction.atomic():
        return _change(actor, contact, proven.address)


def _change(actor: Actor, contact: Contact, address: str) -> User:
    user = lock_owner(actor)
    old = getattr(user, contact.kind) or ""
    moment = now()
    setattr(user, contact.kind, address)
    setattr(user, contact.proven_at, moment)
    with translate_violations(_VIOLATIONS):
        user.save(update_fields=[contact.kind, contact.proven_at, "updated_at"])
    # Whoever reads the old address can no longer get in by a letter that was sent there.
    revoke_links(AccessLink.Purpose.PASSWORD_RESET, user.pk)
    record(actor, "user.contact_changed", user, label=str(user.pk), data={"kind": contact.kind})
    event = ContactChanged(subject_id=user.pk, organization_id=None, kind=contact.kind, at=moment.isoformat())
    publish(actor, event)
    _tell_old(user, contact, old, dedupe=f"user.contact_changed:{user.pk}:{moment.isoformat()}")
    return user


def _tell_old(user: User, contact: Contact, old: str, *, dedupe: str) -> None:
    """The old address hears of it: if it was a thief, the owner still reads there."""
    email = old if contact is EMAIL else user.email
    if not (email or old):
        return
    notify_address(
        "user.contact_changed",
        organization_id=None,
        language=user.language,
        context={"kind": contact.kind, "user_name": user.full_name, "url": "/account/security/"},
        dedupe=dedupe,
        email=email or "",
        phone=old if contact is PHONE else "",
    )


def _clean(contact: Contact, text: str) -> str:
    if contact is PHONE:
        return normalize_phone(text)
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(_("This is not an email address."), field="email") from error
    if len(address) > 254:
        raise BadInput(_("This is not an email address."), field="email")
    return address


def find_awaited_address(actor: Actor, contact: Contact) -> str:
    """The new address whose code is awaited, or nothing."""
    rows = OneTimeCode.objects.filter(purpose=contact.purpose, used_at__isnull=True, expires_at__gt=now())
    own = rows.filter(user_id=actor.user_id) if actor.user_id else rows.none()
    row = own.order_by("-created_at").first()
    return row.address if row else ""
