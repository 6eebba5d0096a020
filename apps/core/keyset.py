"""Reading a long list on from a row: rows that arrive meanwhile shift nothing, and depth costs nothing.

A cursor holds what the row is sorted by and its key. It is signed for one table and one order, so it fits no other list
and cannot be made up.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Keyset:
    """`rows` in the order of one column, the key deciding between equals; empty values come last, or first when descending."""

    rows: QuerySet
    column: str = "pk"
    descending: bool = False

    def cursor_of(self, row: Model) -> str:
        """The place of a row of this list, as a text for addresses."""
        value = getattr(row, self.column)
        text = None if value is None else value.isoformat() if isinstance(value, date) else str(value)
        return self._signer.sign_object([text, str(row.pk)])

    def after(self, cursor: str, *, field: str) -> "Keyset":
        """What stands behind the cursor. Raises BadInput, naming `field`, for a cursor of another list or order."""
        return self._beyond(cursor, field, grows=not self.descending)

    def before(self, cursor: str, *, field: str) -> "Keyset":
        """What stands in front of the cursor. Raises BadInput like `after`."""
        return self._beyond(cursor, field, grows=self.descending)

    def first(self, size: int) -> tuple[list[Any], bool]:
        """The first rows, at most `size`, and whether there are more."""
        return self._take(size, grows=not self.descending)

    def last(self, size: int) -> tuple[list[Any], bool]:
        """The last rows in the order of the list, at most `size`, and whether there are more in front of them."""
        found, has_more = self._take(size, grows=self.descending)
        return found[::-1], has_more

    def _take(self, size: int, *, grows: bool) -> tuple[list[Any], bool]:
        columns = dict.fromkeys((self.column, "pk"))
        found = list(self.rows.order_by(*(name if grows else f"-{name}" for name in columns))[: size + 1])
        return found[:size], len(found) > size

    def _beyond(self, cursor: str, field: str, *, grows: bool) -> "Keyset":
        try:
            text, key_text = self._signer.unsign_object(cursor)
            value = self._field.to_python(text)
            key = self.rows.model._meta.pk.to_python(key_text)
        except (signing.BadSignature, ValidationError) as error:
            text = _("This cursor is not one of ours.")
            raise BadInput(text, field=field, errors={field: [text]}) from error
        return replace(self, rows=self.rows.filter(self._where(value, key, "gt" if grows else "lt")))

    def _where(self, value: Any, key: Any, beyond: str) -> Q:
        column = self.column
        tie = Q(**{f"pk__{beyond}": key})
        if column == "pk":
            return tie
        # PostgreSQL puts empty values behind all others.
        if value is None:
            equals = Q(**{f"{column}__isnull": True}) & tie
            return equals if beyond == "gt" else equals | Q(**{f"{column}__isnull": False})
        # The bound says nothing new, but lets an index find the place.
        bound = Q(**{f"{column}__{beyond}e": value})
        found = bound & (Q(**{f"{column}__{beyond}": value}) | tie)
        return found | Q(**{f"{column}__isnull": True}) if beyond == "gt" and self._may_be_empty else found

    @property
    def _signer(self) -> signing.Signer:
        order = f"{'-' if self.descending else ''}{self.column}"
        return signing.Signer(salt=f"cursor:{self.rows.model._meta.label_lower}:{order}")

    @property
    def _field(self) -> Field:
        if self.column == "pk":
            return self.rows.model._meta.pk
        try:
            return self.rows.model._meta.get_field(self.column)
        except FieldDoesNotExist:
            return self.rows.query.annotations[self.column].output_field

    @property
    def _may_be_empty(self) -> bool:
        return self.column in self.rows.query.annotations or self._field.null
