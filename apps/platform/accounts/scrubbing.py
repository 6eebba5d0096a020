"""Taking a person's name, phone number and email address out of texts that were written with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from apps.core.phones import format_phone

REPLACEMENT = "•••"
_SHORTEST = 3


class Words:
    """Words to be found as wholes, in any case, phone numbers also as people write them. Very short ones are left."""

    def __init__(self, texts: Iterable[str]) -> None:
        spelled = {spelling for text in texts for spelling in _spellings(text.strip())}
        self.words = sorted((word for word in spelled if len(word) >= _SHORTEST), key=len, reverse=True)
        joined = "|".join(re.escape(word) for word in self.words)
        self.pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE) if joined else None

    def scrub(self, value: Any) -> Any:
        """The value with every such word replaced, in texts, lists and mappings alike."""
        if self.pattern is None:
            return value
        if isinstance(value, str):
            return self.pattern.sub(REPLACEMENT, value)
        if isinstance(value, Mapping):
            return {key: self.scrub(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.scrub(one) for one in value]
        return value

    def contained_in(self, columns: Iterable[str]) -> Q:
        """Rows that may hold one of the words in one of the columns."""
        found = Q(pk__isnull=True)
        for column in columns:
            for word in self.words:
                found |= Q(**{f"{column}__icontains": word})
        return found


def scrub_rows(rows: QuerySet[Any], columns: Sequence[str], words: Words) -> int:
    """Takes the words out of text and JSON columns of `rows`; returns how many rows changed. Past the model's own save."""
    as_text = {f"{column}_text": Cast(column, TextField()) for column in columns}
    found = rows.order_by().alias(**as_text).filter(words.contained_in(as_text))
    changed = 0
    for pk, *values in found.values_list("pk", *columns):
        fresh = {column: words.scrub(value) for column, value in zip(columns, values, strict=True)}
        differing = {column: fresh[column] for column, old in zip(columns, values, strict=True) if fresh[column] != old}
        if differing:
            rows.model._default_manager.filter(pk=pk).update(**differing)
            changed += 1
    return changed


def history_of(model: Any) -> QuerySet[Any]:
    """The earlier versions of a model whose changes are kept."""
    rows: QuerySet[Any] = model.history.all()
    return rows


def allow_erasing() -> None:
    """Until the present transaction ends, logs that are never changed let personal columns be overwritten."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL baylink.erase = 'on'")


def _spellings(text: str) -> Iterable[str]:
    yield text
    if text.startswith("+") and text[1:].isdigit():
        local = format_phone(text)
        yield local
        yield local.replace(" ", "")
        yield text[1:]
