"""What was changed on a row, field by field, in words: names instead of ids, the texts of choices, formatted values."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Field, ForeignKey, JSONField, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.money import format_money, format_quantity
from apps.core.portal.columns import capitalize

MOST = 50
# Bookkeeping of the rows themselves, and copies made for searching.
HIDDEN = {"id", "created_at", "updated_at", "version", "search_text", "search_key"}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One saved version against the one before. `kind`: created, changed or deleted."""

    at: datetime
    person: str
    kind: str
    fields: Sequence[FieldChange]

    @property
    def title(self) -> str:
        return {"created": _("Created"), "deleted": _("Deleted")}.get(self.kind, _("Changed"))

    @property
    def icon(self) -> str:
        return {"created": "plus", "deleted": "trash-2"}.get(self.kind, "pencil")


def list_changes(actor: Actor, row: Model) -> list[Change]:
    """The last versions of a row whose model keeps its history, newest first; nothing for other models.

    The caller has made sure that the actor may see the row. Raises NotAllowed without `audit.view`.
    """
    actor.require("audit.view")
    manager = getattr(type(row)._meta, "simple_history_manager_attribute", None)
    if manager is None:
        return []
    versions = list(
        getattr(row, manager).select_related("history_user").order_by("-history_date", "-history_id")[: MOST + 1]
    )
    fields = [field for field in type(row)._meta.concrete_fields if _is_shown(field, versions)]
    names = _names_of(versions, fields)
    pairs = [*pairwise(versions), *([(versions[-1], None)] if 0 < len(versions) <= MOST else [])]
    found = [_compare(newer, older, fields, names) for newer, older in pairs]
    return [one for one in found if one.fields or one.kind != "changed"]


def _is_shown(field: Field, versions: Sequence[Any]) -> bool:
    return field.name not in HIDDEN and all(hasattr(one, field.attname) for one in versions[:1])


def _compare(newer: Any, older: Any, fields: Iterable[Field], names: dict[Any, str]) -> Change:
    kind = {"+": "created", "-": "deleted"}.get(newer.history_type, "changed")
    person = newer.history_user.full_name if newer.history_user else _("System")
    changed = []
    for field in fields if older is not None and kind == "changed" else ():
        old, new = getattr(older, field.attname), getattr(newer, field.attname)
        if old != new:
            label = capitalize(str(field.verbose_name))
            changed.append(FieldChange(label, _show(field, old, older, names), _show(field, new, newer, names)))
    return Change(newer.history_date, person, kind, changed)


def _names_of(versions: Sequence[Any], fields: Iterable[Field]) -> dict[Any, str]:
    """What the rows behind foreign keys are called, one query per related table."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for field in fields:
        if isinstance(field, ForeignKey):
            ids = {getattr(one, field.attname) for one in versions} - {None}
            # Only a change is shown, so only then the names are needed.
            if len({getattr(one, field.attname) for one in versions}) > 1:
                wanted[field.related_model] |= ids
    return {
        (model, key): str(row)
        for model, ids in wanted.items()
        for key, row in model._base_manager.in_bulk(list(ids)).items()
    }


def _show(field: Field, value: Any, version: Any, names: dict[Any, str]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), _("(deleted)"))
    if field.choices:
        return capitalize(str(dict(field.flatchoices).get(value, value)))
    return _show_plain(field, value, version)[:_LONGEST]


def _show_plain(field: Field, value: Any, version: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d/m/Y H:i")
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    if isinstance(value, Decimal):
        is_money = getattr(field, "decimal_places", 0) == 2
        return format_money(value, getattr(version, "currency", "VND")) if is_money else format_quantity(value)
    if isinstance(field, JSONField) or isinstance(value, list | dict):
        return _show_nested(value)
    return str(value)


def _show_nested(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_show_nested(one)}" for key, one in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(_show_nested(one) for one in value) or "–"
    return str(value)
