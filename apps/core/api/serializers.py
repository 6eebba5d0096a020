"""Shapes of the API: declared in snake_case, shown in camelCase. Business rules live in services, not here."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from apps.core.api.names import camel
from apps.core.states import StateTable

MOST_ERRORS = 50
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")


class _ApiShape:
    """Renames fields, honours `fields=` and `include=`, refuses keys that nobody reads.

    `optional_fields` are left out unless the caller asks for them with `include=`.
    """

    optional_fields: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # The description of the API shows a shape's own words, not those of this base.
        cls.__doc__ = cls.__dict__.get("__doc__") or ""

    def get_fields(self) -> dict[str, serializers.Field]:
        renamed: dict[str, serializers.Field] = {}
        for name, field in super().get_fields().items():
            shown = camel(name)
            if shown != name:
                self._keep_hooks(name, shown, field)
            renamed[shown] = field
        return self._choose(renamed)

    def _keep_hooks(self, name: str, shown: str, field: serializers.Field) -> None:
        """The renamed field still reads `name`, and `get_<name>` and `validate_<name>` still belong to it."""
        if isinstance(field, serializers.SerializerMethodField):
            field.method_name = field.method_name or f"get_{name}"
        elif field.source is None:
            field.source = name
        if check := getattr(self, f"validate_{name}", None):
            setattr(self, f"validate_{shown}", check)

    def _choose(self, fields: dict[str, serializers.Field]) -> dict[str, serializers.Field]:
        context = getattr(self, "_context", {})
        parent = getattr(self, "parent", None)
        is_top = parent is None or (isinstance(parent, serializers.ListSerializer) and parent.parent is None)
        if parent is not None and is_top:
            context = getattr(parent, "_context", context)
        included = context.get("include", ()) if is_top else ()
        for name in self.optional_fields:
            if camel(name) not in included:
                fields.pop(camel(name), None)
        wanted = context.get("fields", ()) if is_top else ()
        return {name: field for name, field in fields.items() if name in wanted} if wanted else fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unread(data)
        return super().to_internal_value(data)

    def _refuse_unread(self, data: Mapping[str, Any]) -> None:
        fields: Mapping[str, serializers.Field] = self.fields
        errors = {}
        for key in data:
            if key not in fields:
                errors[str(key)[:60]] = [_("Unknown field.")]
                if len(errors) >= MOST_ERRORS:
                    break
            elif fields[key].read_only:
                errors[key] = [_("This field cannot be set.")]
        if errors:
            raise serializers.ValidationError(errors)


class ApiSerializer(_ApiShape, serializers.Serializer):
    """A shape without a table: inputs of steps, results of calculations."""


class ApiModelSerializer(_ApiShape, serializers.ModelSerializer):
    """The shape of a row. Uniqueness is for the service and the database to judge, in the caller's company."""

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[type[Any], dict[str, Any]]:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if "validators" in kwargs:
            kwargs["validators"] = [one for one in kwargs["validators"] if not isinstance(one, UniqueValidator)]
        return field_class, kwargs

    def get_validators(self) -> list[Any]:
        return list(getattr(getattr(self, "Meta", None), "validators", None) or [])


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class AvailableActions(serializers.Field):
    """Names of the steps that state and rights allow the caller now: `available_actions = AvailableActions(JOB_CARD)`."""

    def __init__(self, table: StateTable, **kwargs: Any) -> None:
        self.table = table
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: models.Model) -> list[str]:
        return [name for name, _step in self.table.available(value, self.context["actor"])]


class PlainDecimalField(serializers.DecimalField):
    """A number as people and machines write it: digits, one point, a sign; not `1_000` or `1e3`."""

    def to_internal_value(self, data: Any) -> Any:
        if not _DECIMAL.fullmatch(str(data).strip()):
            self.fail("invalid")
        return super().to_internal_value(data)


class MoneyField(PlainDecimalField):
    """An exact amount as text; the currency stands beside it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)


class QuantityField(PlainDecimalField):
    """An exact quantity as text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(**kwargs)


def shown_fields(serializer_class: type[Any]) -> tuple[set[str], set[str]]:
    """(all names, names that need `include=`) of a shape, as the caller writes them."""
    optional = {camel(name) for name in getattr(serializer_class, "optional_fields", ())}
    plain = set(serializer_class(context={}).get_fields())
    return plain | optional, optional
