"""Settings in the database: declared once with type and default, narrowed by company and branch."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from apps.platform.system.models import Setting

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Declaration:
    key: str
    default: Any
    type: type[Any]
    label: Any


DECLARED: dict[str, Declaration] = {}


def declare_setting(key: str, default: Any, type: type[Any], label: Any) -> None:  # noqa: A002 - it is the type
    """Makes `key` known. Declaring it twice in different ways is a fault."""
    declaration = Declaration(key, default, type, label)
    known = DECLARED.setdefault(key, declaration)
    if (known.default, known.type) != (default, type):
        raise ValueError(f"setting {key} is declared twice")


def get_setting(key: str, organization_id: UUID | None = None, branch_id: UUID | None = None) -> Any:
    """The value of a declared setting: the branch's, else the company's, else everybody's, else the default.

    Raises KeyError for a setting that nobody declared.
    """
    declaration = DECLARED[key]
    values = _values_of(key)
    for scope in (_scope(organization_id, branch_id), _scope(organization_id, None), _scope(None, None)):
        if scope in values:
            return values[scope]
    return declaration.default


def store_setting(key: str, value: Any, *, organization_id: UUID | None = None, branch_id: UUID | None = None) -> None:
    """Sets a value; raises KeyError for an undeclared key and TypeError for a value of another type."""
    declaration = DECLARED[key]
    if not isinstance(value, declaration.type) or (isinstance(value, bool) and declaration.type is not bool):
        raise TypeError(f"{key} must be {declaration.type.__name__}")
    where: dict[str, Any] = {"key": key, "organization_id": organization_id, "branch_id": branch_id}
    Setting.objects.update_or_create(**where, defaults={"value": value})
    transaction.on_commit(lambda: forget(key))


def forget(key: str) -> None:
    """Drops the cached values of `key`."""
    try:
        cache.delete(_cache_key(key))
    except (RedisError, OSError):
        return


def _values_of(key: str) -> dict[str, Any]:
    """All stored values of one key by scope; without Redis they come from the database."""
    try:
        values: dict[str, Any] | None = cache.get(_cache_key(key))
    except (RedisError, OSError):
        return _read(key)
    if values is None:
        values = _read(key)
        try:
            cache.set(_cache_key(key), values, _SECONDS)
        except (RedisError, OSError):
            return values
    return values


def _read(key: str) -> dict[str, Any]:
    rows = Setting.objects.filter(key=key).values_list("organization_id", "branch_id", "value")
    return {_scope(organization, branch): value for organization, branch, value in rows}


def _scope(organization_id: UUID | None, branch_id: UUID | None) -> str:
    return f"{organization_id or ''}/{branch_id or ''}"


def _cache_key(key: str) -> str:
    return f"setting:{key}"
