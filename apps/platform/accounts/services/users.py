"""Making and changing users."""

from collections.abc import Callable, Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.errors import EmailTaken, PhoneTaken, WeakPassword, WrongPassword
from apps.platform.accounts.events import PasswordChanged
from apps.platform.accounts.models import User
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.services.sessions import end_other_sessions
from apps.platform.accounts.services.token_families import end_tokens_of
from apps.platform.audit.services import record
from apps.platform.events.services import publish

_VIOLATIONS: Mapping[str, Callable[[], Exception]] = {
    "user_email_unique": lambda: EmailTaken(field="email"),
    "user_phone_unique": lambda: PhoneTaken(field="phone"),
}


@transaction.atomic
def create_user(
    actor: Actor,
    *,
    first_name: str,
    last_name: str = "",
    email: str = "",
    phone: str = "",
    password: str | None = None,
    language: str = "vi",
) -> User:
    """A user who can log in by `email` or `phone`; without a password not before they set one.

    Raises BadInput without either name to log in by, EmailTaken, PhoneTaken, WeakPassword.
    """
    if not email and not phone:
        raise BadInput(field="email", errors={"email": [_("Give an email address or a phone number.")]})
    user = User(
        email=email.strip().lower() or None,
        phone=normalize_phone(phone) if phone else None,
        first_name=clean_text(first_name),
        last_name=clean_text(last_name),
        language=language,
    )
    if password is not None:
        check_password_strength(password, user)
    user.set_password(password)
    with translate_violations(_VIOLATIONS):
        user.save()
    record(actor, "user.created", user)
    return user


@transaction.atomic
def change_password(actor: Actor, *, current_password: str, new_password: str) -> User:
    """Changes the actor's own password and ends all their other sessions. Raises WrongPassword, WeakPassword."""
    user = lock_row(get_own(actor))
    if not user.check_password(current_password):
        raise WrongPassword(field="current_password")
    set_new_password(actor, user, new_password, action="user.password_changed")
    end_other_sessions(actor, keep_id=actor.session_id)
    return user


def set_new_password(actor: Actor, user: User, password: str, *, action: str) -> User:
    """Gives a locked user another password and tells its owner. Raises WeakPassword.

    Partners' programs have to ask for access again; sessions are for the caller to end.
    """
    check_password_strength(password, user, field="new_password")
    user.set_password(password)
    user.password_changed_at = moment = now()
    user.save(update_fields=["password", "password_changed_at", "updated_at"])
    end_tokens_of(user.pk)
    record(actor, action, user)
    publish(actor, PasswordChanged(subject_id=user.pk, organization_id=None, at=moment.isoformat()))
    return user


def check_password_strength(password: str, user: User | None = None, *, field: str = "password") -> None:
    """Raises WeakPassword with the reasons when the password is too short, too common, or not letters and digits."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), field=field, errors={field: error.messages}) from None


def get_own(actor: Actor) -> User:
    """The actor's user row; raises NotFound for those who are not logged in."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None:
        raise NotFound
    return user
