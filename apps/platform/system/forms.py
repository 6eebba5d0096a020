"""The forms of settings: a field per declared setting; an empty one takes the wider value."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.platform.system.selectors import SettingRow

REMOVE = "remove:"


class SettingsForm(forms.Form):
    """Made by `build_form`. Whether a value fits is for the service to say."""

    rows: Sequence[SettingRow] = ()

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields under the headings of their settings."""
        found: dict[str, list[Any]] = {}
        for row in self.rows:
            names = [row.key, *([f"{REMOVE}{row.key}"] if f"{REMOVE}{row.key}" in self.fields else [])]
            found.setdefault(str(row.declaration.group), []).extend(self[name] for name in names)
        return list(found.items())

    def values(self) -> dict[str, Any]:
        """What `change_settings` takes: None takes a value away. Untouched secrets are left out."""
        found: dict[str, Any] = {}
        for row in self.rows:
            value = self.cleaned_data.get(row.key) or ""
            if not row.declaration.is_secret:
                found[row.key] = None if value == "" else value
            elif value:
                found[row.key] = value
            elif self.cleaned_data.get(f"{REMOVE}{row.key}"):
                found[row.key] = None
        return found


class MaintenanceForm(forms.Form):
    is_on = forms.BooleanField(label=gettext_lazy("Maintenance mode"), required=False)
    message = forms.CharField(
        label=gettext_lazy("Words shown during maintenance"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    retry_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes after which people should try again"), min_value=1, max_value=1440
    )


def build_form(rows: Sequence[SettingRow], data: Any = None) -> SettingsForm:
    """The form of these settings, filled with the values set at this scope; wider ones show as placeholders."""
    fields: dict[str, Any] = {"rows": rows}
    for row in rows:
        fields[row.key] = _field(row)
        if row.declaration.is_secret and row.is_own:
            fields[f"{REMOVE}{row.key}"] = forms.BooleanField(label=_("Remove this secret"), required=False)
    return type("SettingsForm", (SettingsForm,), fields)(data)


def _field(row: SettingRow) -> forms.Field:
    declaration = row.declaration
    common = {"label": declaration.label, "required": False, "help_text": _help(row)}
    if declaration.is_secret:
        dots = "••••••••" if row.is_own else ""
        attrs = {"autocomplete": "new-password", "placeholder": dots}
        return forms.CharField(**common, widget=forms.PasswordInput(attrs=attrs))
    own = declaration.to_json(row.value) if row.is_own else ""
    if declaration.kind in ("bool", "choice"):
        words = [("true", _("Yes")), ("false", _("No"))] if declaration.kind == "bool" else declaration.choices
        inherited = declaration.show(row.inherited)
        choices = [("", _("As set above: %(value)s") % {"value": inherited}), *words]
        initial = str(own).lower() if declaration.kind == "bool" else own
        return forms.ChoiceField(**common, choices=choices, initial=initial)
    attrs = {"placeholder": str(declaration.to_json(row.inherited))}
    if declaration.kind in ("int", "decimal"):
        attrs["inputmode"] = "decimal" if declaration.kind == "decimal" else "numeric"
    return forms.CharField(**common, max_length=2000, initial=own, widget=forms.TextInput(attrs=attrs))


def _help(row: SettingRow) -> str:
    declaration = row.declaration
    words = [str(declaration.help)] if declaration.help else []
    if declaration.unit:
        words.append(_("In %(unit)s.") % {"unit": declaration.unit})
    if declaration.minimum is not None and declaration.maximum is not None:
        limits = {"minimum": declaration.minimum, "maximum": declaration.maximum}
        words.append(_("From %(minimum)s to %(maximum)s.") % limits)
    return " ".join(words)
