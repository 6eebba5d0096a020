"""Which settings exist, and which values they take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from apps.core.errors import BadInput

GLOBAL = ("global",)
COMPANY = ("global", "organization")
ALL_SCOPES = ("global", "organization", "branch")
MAX_TEXT = 2000


class Options(TypedDict, total=False):
    """`group` (a readable heading) shows the setting to companies; `help` explains it; `choices` are (value, label).

    `is_public` settings are told to everybody by /settings/public. `check(value)` raises a BusinessError.
    """

    scopes: Sequence[str]
    group: Any
    help: Any
    unit: Any
    choices: Sequence[tuple[str, Any]]
    minimum: Any
    maximum: Any
    is_secret: bool
    is_public: bool
    check: Callable[[Any], None] | None
    order: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared setting. `kind` is bool, int, decimal, text, choice or secret."""

    key: str
    default: Any
    type: type[Any]
    label: Any
    scopes: Sequence[str] = ALL_SCOPES
    group: Any = ""
    help: Any = ""
    unit: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    minimum: Any = None
    maximum: Any = None
    is_secret: bool = False
    is_public: bool = False
    check: Callable[[Any], None] | None = field(default=None, compare=False)
    order: int = 100

    @property
    def kind(self) -> str:
        if self.is_secret:
            return "secret"
        if self.choices:
            return "choice"
        return {bool: "bool", int: "int", Decimal: "decimal"}.get(self.type, "text")

    def to_json(self, value: Any) -> Any:
        """The value as the database keeps it."""
        return format(value, "f") if isinstance(value, Decimal) else value

    def from_json(self, stored: Any) -> Any:
        return Decimal(stored) if self.type is Decimal else stored

    def clean(self, value: Any) -> Any:
        """What a form or a caller sent as a value of this setting. Raises BadInput that names the setting."""
        cleaned = self._convert(value)
        too_low = self.minimum is not None and cleaned < self.minimum
        if too_low or (self.maximum is not None and cleaned > self.maximum):
            limits = {"minimum": self.minimum, "maximum": self.maximum}
            raise self.refuse(_("A value from %(minimum)s to %(maximum)s is needed.") % limits)
        if self.choices and cleaned not in {one for one, _label in self.choices}:
            raise self.refuse(_("This is none of the possible values."))
        if self.check is not None:
            self.check(cleaned)
        return cleaned

    def _convert(self, value: Any) -> Any:
        text = str(value).strip()
        if self.type is bool:
            return self._convert_bool(value, text)
        if self.type is int and not isinstance(value, bool | float) and _is_whole(text):
            return int(text)
        if self.type is Decimal and not isinstance(value, bool | float):
            return self._convert_decimal(text)
        if self.type is str and isinstance(value, str) and len(text) <= MAX_TEXT and "\x00" not in text:
            return text
        raise self.refuse(_("This value does not fit the setting."))

    def _convert_bool(self, value: Any, text: str) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        raise self.refuse(_("This value does not fit the setting."))

    def _convert_decimal(self, text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise self.refuse(_("This value does not fit the setting.")) from error
        exponent = number.as_tuple().exponent
        if not number.is_finite() or abs(number) >= 10**15 or not isinstance(exponent, int) or exponent < -6:
            raise self.refuse(_("This value does not fit the setting."))
        return number

    def refuse(self, text: str) -> BadInput:
        return BadInput(text, field=self.key, errors={self.key: [text]})

    def show(self, value: Any) -> str:
        """The value in words; a secret never says what it is."""
        if self.is_secret:
            return _("set") if value else _("not set")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        labels = dict(self.choices)
        return f"{labels.get(value, value)} {self.unit}".strip()


DECLARED: dict[str, Declaration] = {}


def declare_setting(key: str, default: Any, type: type[Any], label: Any, **options: Unpack[Options]) -> None:  # noqa: A002 - it is the type
    """Makes `key` known. Declaring it twice in different ways is a fault, and so is a default of another type."""
    if options.get("is_secret") and (type is not str or default or options.get("is_public")):
        raise ValueError(f"the secret setting {key} is a text without default and never public")
    declaration = Declaration(key, default, type, label, **options)
    known = DECLARED.setdefault(key, declaration)
    if (known.default, known.type) != (default, type):
        raise ValueError(f"setting {key} is declared twice")


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 12
