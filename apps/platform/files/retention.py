"""Files that nothing points to any more go, from the table and from the storage.

Who points to a file by a foreign key is known from the models; other uses are registered with `register_use`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet

from apps.platform.files.models import StoredFile

# Those of these ids that are in use.
Use = Callable[[list[UUID]], set[UUID]]
_uses: list[Use] = []
_BATCH = 500
# The folders of the storage that belong to StoredFile alone.
_FOLDERS = ("files", "thumbs")


def register_use(use: Use) -> None:
    """Makes known who keeps ids of files without a foreign key."""
    if use not in _uses:
        _uses.append(use)


def forget_unused_files(*, before: datetime) -> int:
    """Deletes files from before the moment that nothing points to, and contents without a row; returns how many."""
    return _forget_rows(before) + _forget_contents(before)


def _forget_rows(before: datetime) -> int:
    last, count = UUID(int=0), 0
    while ids := list(_unused(before).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        last = ids[-1]
        used = set().union(*(use(ids) for use in _uses))
        count += _delete([key for key in ids if key not in used], before)
    return count


@transaction.atomic
def _delete(ids: list[UUID], before: datetime) -> int:
    """Asked anew under a lock: whoever uses one of them at this moment has it locked or finds it gone."""
    locked = StoredFile.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=ids).order_by("pk")
    rows = list(_unused(before).filter(pk__in=[row.pk for row in locked]))
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for name in (name for row in rows for name in (row.file.name, row.thumbnail.name) if name):
        transaction.on_commit(partial(default_storage.delete, name))
    return len(rows)


def _unused(before: datetime) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.filter(created_at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            field = relation.field
            rows = rows.filter(~Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})))
    return rows


def _forget_contents(before: datetime) -> int:
    """What a rolled back upload or a lost deletion left in the storage."""
    count = 0
    for folder in _FOLDERS:
        for names in _walk(folder):
            known = {
                name
                for field in ("file", "thumbnail")
                for name in StoredFile.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True)
            }
            for name in names:
                if name not in known and default_storage.get_modified_time(name) < before:
                    default_storage.delete(name)
                    count += 1
    return count


def _walk(folder: str) -> Iterator[list[str]]:
    """The names in the folder and below it, folder by folder; none when it does not exist."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for start in range(0, len(files), _BATCH):
        yield [f"{folder}/{name}" for name in files[start : start + _BATCH]]
    for below in folders:
        yield from _walk(f"{folder}/{below}")
