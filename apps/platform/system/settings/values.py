"""Reading and storing values. Cached for half a minute; a cached secret is as encrypted as the stored one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from apps.core.crypto import decrypt, encrypt
from apps.core.remembering import remember
from apps.platform.system.models import Setting
from apps.platform.system.settings.declarations import DECLARED, Declaration

_SECONDS = 30


def get_setting(key: str, organization_id: UUID | None = None, branch_id: UUID | None = None) -> Any:
    """The value of a declared setting: the branch's, else the company's, else everybody's, else the default.

    Raises KeyError for a setting that nobody declared and TypeError for a secret (see `get_secret`).
    """
    declaration = DECLARED[key]
    if declaration.is_secret:
        raise TypeError(f"{key} is a secret")
    values = _values_of(key)
    scope = _narrowest(values, organization_id, branch_id)
    return declaration.default if scope is None else declaration.from_json(values[scope])


def get_secret(key: str, organization_id: UUID | None = None, branch_id: UUID | None = None) -> str | None:
    """The value of a declared secret of the narrowest scope, None when nobody set it.

    Raises KeyError for an unknown key, TypeError for a setting that is no secret and CannotDecrypt when the key that
    encrypted it is gone.
    """
    if not DECLARED[key].is_secret:
        raise TypeError(f"{key} is no secret")
    values = _values_of(key)
    scope = _narrowest(values, organization_id, branch_id)
    return None if scope is None else decrypt(values[scope], secret_purpose(key, scope))


def has_value(key: str, organization_id: UUID | None = None, branch_id: UUID | None = None) -> bool:
    """Whether exactly this scope has a value of its own."""
    return _scope(organization_id, branch_id) in _values_of(key)


def store_setting(key: str, value: Any, *, organization_id: UUID | None = None, branch_id: UUID | None = None) -> None:
    """Sets a value; raises KeyError for an undeclared key and TypeError for a value of another type.

    Without a right and without a line in the audit log: people change settings through `change_setting`.
    """
    write_value(DECLARED[key], value, organization_id=organization_id, branch_id=branch_id)


def write_value(
    declaration: Declaration, value: Any, *, organization_id: UUID | None, branch_id: UUID | None
) -> Setting:
    """Writes one row. Raises TypeError for a value of another type."""
    key = declaration.key
    if not isinstance(value, declaration.type) or (isinstance(value, bool) and declaration.type is not bool):
        raise TypeError(f"{key} must be {declaration.type.__name__}")
    where: dict[str, Any] = {"key": key, "organization_id": organization_id, "branch_id": branch_id}
    if declaration.is_secret:
        kept = {"value": None, "secret": encrypt(value, secret_purpose(key, _scope(organization_id, branch_id)))}
    else:
        kept = {"value": declaration.to_json(value), "secret": None}
    row, _is_new = Setting.objects.update_or_create(**where, defaults=kept)
    transaction.on_commit(lambda: forget(key))
    return row


def forget(key: str) -> None:
    """Drops the cached values of `key`."""
    try:
        cache.delete(_cache_key(key))
    except (RedisError, OSError):
        return


def stored_values(key: str) -> dict[str, Any]:
    """What is stored of one key, by scope: plain values as JSON, secrets encrypted."""
    return _values_of(key)


def secret_purpose(key: str, scope: str) -> str:
    """A secret is bound to its key and scope: it cannot be read at another place."""
    return f"system.setting|{key}|{scope}"


def purpose_of(row: Setting) -> str:
    return secret_purpose(row.key, _scope(row.organization_id, row.branch_id))


def _narrowest(values: Mapping[str, Any], organization_id: UUID | None, branch_id: UUID | None) -> str | None:
    scopes = (_scope(organization_id, branch_id), _scope(organization_id, None), _scope(None, None))
    return next((scope for scope in scopes if scope in values), None)


def _values_of(key: str) -> dict[str, Any]:
    """All stored values of one key by scope; without Redis they come from the database."""
    return remember(_cache_key(key), lambda: _read(key), seconds=_SECONDS)


def _read(key: str) -> dict[str, Any]:
    rows = Setting.objects.filter(key=key).values_list("organization_id", "branch_id", "value", "secret")
    return {
        _scope(organization, branch): value if secret is None else bytes(secret)
        for organization, branch, value, secret in rows
    }


def _scope(organization_id: UUID | None, branch_id: UUID | None) -> str:
    return f"{organization_id or ''}/{branch_id or ''}"


def _cache_key(key: str) -> str:
    return f"setting:{key}"
