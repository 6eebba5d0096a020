"""Form fields that know how they are typed: money with thousands separators, quantities, plates."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.money import exponent
from apps.core.text import clean_text


class MoneyField(forms.DecimalField):
    """An amount; shown as 1.234.567, sent as plain digits."""

    kind = "money"

    def __init__(self, *, currency: str = "VND", **options: Any) -> None:
        self.decimals = exponent(currency)
        options.setdefault("min_value", Decimal(0))
        super().__init__(max_digits=18, decimal_places=self.decimals, **options)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class QuantityField(forms.DecimalField):
    """A quantity with up to three decimals, above zero."""

    kind = "number"
    decimals = 3

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal("0.001"))
        super().__init__(max_digits=14, decimal_places=3, **options)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        """A comma is as good as a point: `1,5` is how Vietnamese keyboards offer it."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class PlateField(forms.CharField):
    """A number plate as it is read; its form is checked by the service."""

    kind = "plate"

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs.update(autocapitalize="characters", autocomplete="off", spellcheck="false")

    def clean(self, value: Any) -> str:
        return clean_text(super().clean(value)).upper()


class PhoneField(forms.CharField):
    """A phone number as it is typed; the service brings it into its one form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})


class SuggestInput(forms.TextInput):
    """A text field that offers known words while typing; `words` is asked when the field is drawn."""

    def __init__(self, words: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.words = words

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        options = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.words()))
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class ReasonForm(forms.Form):
    """Asks why; for steps that need a reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
