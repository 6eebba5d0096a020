"""A person's addresses. As soon as there is one, exactly one of them is the default."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotFound
from apps.core.ids import parse_id
from apps.core.text import clean_text
from apps.platform.accounts.errors import TooManyAddresses
from apps.platform.accounts.models import Address
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.provinces import find_province
from apps.platform.accounts.services.owner import lock_owner
from apps.platform.audit.services import record

MOST = 50
HOME_COUNTRY = "VN"
_TEXTS = ("recipient", "ward", "street", "district", "note", "province")
_NEEDED = ("recipient", "phone", "province", "ward", "street")
_SHORTEST = {"recipient": 2, "ward": 2, "street": 2}
FIELDS = frozenset({"kind", "country", "phone", *_TEXTS})


@transaction.atomic
def add_address(actor: Actor, *, is_default: bool = False, **values: Any) -> Address:
    """A new address of the actor; the first one, and one added with `is_default`, becomes the default.

    Takes recipient, phone, province (code or name), ward, street, and perhaps kind, district, note, country. Raises
    BadInput beside the field that is wrong, TooManyAddresses.
    """
    user = lock_owner(actor)
    own = Address.objects.filter(user=user)
    if own.count() >= MOST:
        raise TooManyAddresses(details={"most": MOST})
    cleaned = check_address(values)
    becomes_default = is_default or not own.filter(is_default=True).exists()
    if becomes_default:
        own.filter(is_default=True).update(is_default=False)
    address = Address.objects.create(user=user, is_default=becomes_default, **cleaned)
    record(actor, "address.added", address, label=address.kind)
    return address


@transaction.atomic
def update_address(actor: Actor, address_id: UUID | str, *, is_default: bool = False, **values: Any) -> Address:
    """Changes the given fields of one of the actor's addresses. Raises NotFound for others', BadInput.

    `is_default` makes it the default; False leaves that as it is, for some address must be it.
    """
    address = _lock_own(actor, address_id)
    present = {name: getattr(address, name) for name in FIELDS}
    cleaned = check_address({**present, **values})
    changed = sorted(name for name, value in cleaned.items() if value != present[name])
    for name in changed:
        setattr(address, name, cleaned[name])
    if changed:
        address.save(update_fields=[*changed, "updated_at"])
        record(actor, "address.changed", address, label=address.kind, data={"fields": changed})
    return _make_default(actor, address) if is_default else address


@transaction.atomic
def make_default_address(actor: Actor, address_id: UUID | str) -> Address:
    """The address is the default from now on, the former default is not. Raises NotFound for others'."""
    return _make_default(actor, _lock_own(actor, address_id))


@transaction.atomic
def remove_address(actor: Actor, address_id: UUID | str) -> None:
    """Removes one of the actor's addresses; when it was the default, the newest one left becomes it."""
    address = _lock_own(actor, address_id)
    record(actor, "address.removed", address, label=address.kind)
    was_default, user_id = address.is_default, address.user_id
    address.delete()
    following = Address.objects.filter(user_id=user_id).order_by("-pk").first() if was_default else None
    if following is not None:
        following.is_default = True
        following.save(update_fields=["is_default", "updated_at"])


def check_address(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises BadInput with everything that is wrong, by field."""
    if unknown := set(values) - FIELDS:
        raise BadInput(field=min(unknown))
    cleaned = {name: clean_text(str(values.get(name) or "")) for name in _TEXTS}
    cleaned["kind"] = str(values.get("kind") or Address.Kind.HOME)
    cleaned["country"] = str(values.get("country") or HOME_COUNTRY).upper()
    errors = _check_texts({**cleaned, "phone": str(values.get("phone") or "")})
    cleaned["phone"] = _check_phone(str(values.get("phone") or ""), cleaned["country"], errors)
    if cleaned["country"] == HOME_COUNTRY and cleaned["province"]:
        province = find_province(cleaned["province"])
        if province is None:
            errors["province"] = [_("Choose one of the 34 provinces and cities.")]
        else:
            cleaned["province"] = province.name
    if errors:
        raise BadInput(field=min(errors), errors=errors)
    return cleaned


def _check_texts(values: Mapping[str, str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in _NEEDED:
        if not values[name]:
            errors[name] = [_("This is needed.")]
        elif len(values[name]) < _SHORTEST.get(name, 0) or not any(char.isalnum() for char in values[name]):
            errors[name] = [_("This is too short.")]
    for name in (*_TEXTS, "country"):
        longest = getattr(Address._meta.get_field(name), "max_length", None)
        if longest and len(values[name]) > longest:
            errors[name] = [_("At most %(count)s characters.") % {"count": longest}]
    if values["kind"] not in Address.Kind.values:
        errors["kind"] = [_("Choose home, office or other.")]
    if not (len(values["country"]) == 2 and values["country"].isalpha() and values["country"].isascii()):
        errors["country"] = [_("Two letters, e.g. VN.")]
    return errors


def _check_phone(text: str, country: str, errors: dict[str, list[str]]) -> str:
    if not text or "phone" in errors:
        return ""
    try:
        return normalize_phone(text, country)
    except BadInput as error:
        errors["phone"] = [str(error)]
        return ""


def _lock_own(actor: Actor, address_id: UUID | str) -> Address:
    user = lock_owner(actor)
    key = parse_id(address_id)
    address = Address.objects.filter(pk=key, user=user).first() if key else None
    if address is None:
        raise NotFound
    return address


def _make_default(actor: Actor, address: Address) -> Address:
    if address.is_default:
        return address
    Address.objects.filter(user_id=address.user_id, is_default=True).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default", "updated_at"])
    record(actor, "address.made_default", address, label=address.kind)
    return address
