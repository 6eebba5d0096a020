"""Forms of the log-in page and of one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LogInForm(forms.Form):
    identifier = forms.CharField(
        label=_("Email or phone number"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    stay = forms.BooleanField(label=_("Stay logged in on this device"), required=False)


class PasswordForm(forms.Form):
    current_password = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_("8 characters or more, letters and digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
