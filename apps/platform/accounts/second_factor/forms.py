"""Forms of the second step and of its set-up."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}


class AppCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the app"),
        max_length=20,
        widget=forms.TextInput(attrs={**_CODE, "inputmode": "numeric", "placeholder": "000000"}),
    )


class RecoveryCodeForm(forms.Form):
    code = forms.CharField(label=_("Recovery code"), max_length=20, widget=forms.TextInput(attrs=_CODE))


class PasskeyAnswerForm(forms.Form):
    """What the page's script wrote: the browser's answer as JSON."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)

    def clean_credential(self) -> dict[str, Any]:
        try:
            value = json.loads(self.cleaned_data["credential"] or "{}")
        except ValueError:
            value = {}
        return value if isinstance(value, dict) else {}


class NewPasskeyForm(PasskeyAnswerForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you recognise it later, e.g. “My phone”."),
    )


class ConfirmPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
