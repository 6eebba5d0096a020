"""Changing the keys of everything that is encrypted at rest.

Apps register their encrypted columns at start. After a new key was put in front of FIELD_KEYS, `manage.py rotate_keys`
encrypts with it what is still encrypted with an older one; when it says that nothing is left, the old key can go.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from apps.core.crypto import CannotDecrypt, decrypt, encrypt, needs_rotation

BATCH = 100


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """`purpose(row)` is what the value is bound to."""

    model: type[Model]
    field: str
    purpose: Callable[[Any], str]

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


@dataclass
class RotationResult:
    """`broken`: rows whose value no known key opens."""

    name: str
    rotated: int = 0
    broken: int = 0


COLUMNS: dict[str, EncryptedColumn] = {}
OTHERS: dict[str, Callable[[], int]] = {}


def register_encrypted(model: type[Model], field: str, *, purpose: Callable[[Any], str]) -> None:
    """A binary column made by `crypto.encrypt(value, purpose(row))`; empty values are left alone."""
    column = EncryptedColumn(model, field, purpose)
    COLUMNS[column.name] = column


def register_rotation(name: str, run: Callable[[], int]) -> None:
    """For values that are encrypted within something else: `run()` encrypts them anew and returns how many it did.

    It must leave alone what is encrypted with the newest key, so that it can be repeated.
    """
    OTHERS[name] = run


def rotate_keys() -> Iterator[RotationResult]:
    """Column by column, in small transactions; stopped in between, the next run goes on with what is left."""
    for column in COLUMNS.values():
        yield _rotate(column)
    for name, run in OTHERS.items():
        yield RotationResult(name, rotated=run())


def _rotate(column: EncryptedColumn) -> RotationResult:
    result = RotationResult(column.name)
    rows = column.model._base_manager.exclude(**{f"{column.field}__isnull": True})
    ids = rows.order_by("pk").values_list("pk", column.field).iterator(chunk_size=1000)
    batch: list[Any] = []
    for pk, stored in ids:
        if stored and needs_rotation(stored):
            batch.append(pk)
        if len(batch) == BATCH:
            _rotate_rows(column, batch, result)
            batch = []
    _rotate_rows(column, batch, result)
    return result


@transaction.atomic
def _rotate_rows(column: EncryptedColumn, ids: list[Any], result: RotationResult) -> None:
    rows = column.model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    for row in rows:
        stored = getattr(row, column.field)
        if not stored or not needs_rotation(stored):
            continue
        try:
            fresh = encrypt(decrypt(stored, column.purpose(row)), column.purpose(row))
        except CannotDecrypt:
            result.broken += 1
            continue
        # Past save(): nothing about the row has changed for anybody.
        column.model._base_manager.filter(pk=row.pk).update(**{column.field: fresh})
        result.rotated += 1
