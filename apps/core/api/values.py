"""Text of the query turned into typed values, refused when it does not fit."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

Parser = Callable[[str], Any]
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_LARGEST = 2**63 - 1


def parse_boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def parse_integer(text: str) -> int:
    value = int(text)
    if abs(value) > _LARGEST:
        raise ValueError(text)
    return value


def parse_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value.adjusted()) > 30:
        raise ValueError(text)
    return value


def parse_moment(text: str) -> datetime.datetime:
    """A time with zone, or in the present zone; a bare day is its first moment."""
    value = parse_datetime(text)
    if value is None or not 1 < value.year < 9999:
        raise ValueError(text)
    return value if timezone.is_aware(value) else timezone.make_aware(value)


def parse_day(text: str) -> datetime.date:
    value = parse_date(text)
    if value is None:
        raise ValueError(text)
    return value


def parse_address(text: str) -> str:
    """An IPv4 or IPv6 address."""
    return str(ip_address(text))


def is_bare_day(text: str) -> bool:
    return bool(_DAY.match(text))


def _parse_choice(values: set[str]) -> Parser:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return parse


_PARSERS: list[tuple[type[models.Field], Parser]] = [
    (models.UUIDField, UUID),
    (models.BooleanField, parse_boolean),
    (models.IntegerField, parse_integer),
    (models.DecimalField, parse_decimal),
    (models.DateTimeField, parse_moment),
    (models.DateField, parse_day),
    (models.GenericIPAddressField, parse_address),
]


def field_at(model: type[models.Model], source: str) -> models.Field | None:
    """The column that a lookup path ends at; a relation ends at the key it points to; None for an annotation."""
    field: Any = None
    for part in source.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if field.is_relation and field.related_model is not None:
            model = field.related_model
    if field is not None and field.is_relation:
        return getattr(field, "target_field", None) or model._meta.pk
    return field


def parser_of(field: models.Field | None) -> Parser:
    """How a value for `field` is read from text."""
    if isinstance(field, ArrayField):
        field = field.base_field
    if field is None:
        return str
    if field.choices and isinstance(field, models.CharField):
        return _parse_choice({str(value) for value, _label in field.flatchoices})
    return next((parse for kind, parse in _PARSERS if isinstance(field, kind)), str)
