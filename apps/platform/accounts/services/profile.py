"""What people say about themselves: names, picture, language and the like."""

import secrets
from datetime import date
from functools import partial
from typing import IO, Any
from zoneinfo import available_timezones

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.errors import BadInput
from apps.core.text import clean_text
from apps.platform.accounts.models import User
from apps.platform.accounts.services.owner import lock_owner
from apps.platform.audit.services import record
from apps.platform.files.services import read_picture

LANGUAGES = ("vi", "en")
PROFILE_FIELDS = frozenset({"first_name", "last_name", "language", "timezone", "bio", "gender", "birth_date"})
MOST_BIO = 1000
MOST_NAME = 80
OLDEST = 130


@transaction.atomic
def update_profile(actor: Actor, **values: Any) -> User:
    """Changes what is given of the actor's own profile (PROFILE_FIELDS); other fields are refused.

    Raises BadInput beside the field that is wrong.
    """
    if unknown := set(values) - PROFILE_FIELDS:
        raise BadInput(field=min(unknown))
    user = lock_owner(actor)
    cleaned = check_profile(values, zone=user.timezone)
    changed = sorted(name for name, value in cleaned.items() if value != getattr(user, name))
    for name in changed:
        setattr(user, name, cleaned[name])
    if changed:
        user.save(update_fields=[*changed, "updated_at"])
        record(actor, "user.profile_changed", user, data={"fields": changed})
    return user


def check_profile(values: dict[str, Any], *, zone: str = "Asia/Ho_Chi_Minh") -> dict[str, Any]:
    """The values as they are kept. Raises BadInput."""
    cleaned = {name: _clean(name, value) for name, value in values.items()}
    errors: dict[str, list[str]] = {}
    for name in ("first_name", "last_name"):
        if len(cleaned.get(name, "")) > MOST_NAME:
            errors[name] = [_("At most %(count)s characters.") % {"count": MOST_NAME}]
    if cleaned.get("first_name") == "":
        errors["first_name"] = [_("This is needed.")]
    if len(cleaned.get("bio", "")) > MOST_BIO:
        errors["bio"] = [_("At most %(count)s characters.") % {"count": MOST_BIO}]
    if cleaned.get("language", "vi") not in LANGUAGES:
        errors["language"] = [_("Choose Vietnamese or English.")]
    if cleaned.get("gender", "") not in ("", *User.Gender.values):
        errors["gender"] = [_("Choose one of the list.")]
    if "timezone" in cleaned and cleaned["timezone"] not in available_timezones():
        errors["timezone"] = [_("There is no such time zone.")]
    today = local_date(zone)
    born: date | None = cleaned.get("birth_date")
    if born and not today.replace(year=today.year - OLDEST, day=1) <= born <= today:
        errors["birth_date"] = [_("This cannot be a date of birth.")]
    if errors:
        raise BadInput(field=min(errors), errors=errors)
    return cleaned


@transaction.atomic
def set_picture(actor: Actor, upload: "File[Any] | IO[bytes]") -> User:
    """Shows `upload` as the actor's picture, written anew from its pixels: small, upright, without place and camera.

    Raises what `files.services.read_picture` raises (all BadInput) for what is no picture; the old one then stays.
    """
    user = lock_owner(actor)
    picture = read_picture(upload)
    old = user.avatar.name
    # The name tells nothing and cannot be guessed: whoever was given the address may see the picture.
    user.avatar.save(f"{secrets.token_hex(16)}.webp", ContentFile(picture.thumbnail), save=False)
    user.save(update_fields=["avatar", "updated_at"])
    record(actor, "user.picture_changed", user)
    forget_picture(user, old)
    return user


@transaction.atomic
def remove_picture(actor: Actor) -> User:
    """The actor has no picture any more; its file is gone too."""
    user = lock_owner(actor)
    old = user.avatar.name
    if old:
        user.avatar = ""
        user.save(update_fields=["avatar", "updated_at"])
        record(actor, "user.picture_changed", user)
        forget_picture(user, old)
    return user


def forget_picture(user: User, name: str | None) -> None:
    """Deletes a picture's file once the present transaction has come to its end."""
    if name:
        transaction.on_commit(partial(user.avatar.storage.delete, name))


def _clean(name: str, value: Any) -> Any:
    if name == "birth_date":
        return value or None
    if name == "bio":
        return "\n".join(clean_text(line) for line in str(value).strip().splitlines())
    return clean_text(str(value))
