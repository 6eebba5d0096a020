"""Forms of sign-up, codes and forgotten passwords."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HELP = _("8 characters or more, letters and digits.")


def password_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def code_field() -> forms.CharField:
    """Phones offer the code from the SMS; the number pad opens."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12", "spellcheck": "false"}
    attrs |= {"autofocus": "autofocus"}
    return forms.CharField(label=_("Code of 6 digits"), max_length=12, widget=forms.TextInput(attrs=attrs))


class SignUpForm(forms.Form):
    last_name = forms.CharField(
        label=_("Family and middle name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    first_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = password_field(_("Password"))
    agrees = forms.BooleanField(
        label=_("I agree to the terms of use and the privacy notice"),
        error_messages={"required": _("An account needs your agreement.")},
    )
    wants_news = forms.BooleanField(label=_("Send me offers and news"), required=False)


class CodeForm(forms.Form):
    code = code_field()


class AddressForm(forms.Form):
    identifier = forms.CharField(
        label=_("Email or phone number"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class LogInCodeForm(CodeForm):
    stay = forms.BooleanField(label=_("Stay logged in on this device"), required=False)


class NewPasswordForm(forms.Form):
    new_password = password_field(_("New password"))


class ResetCodeForm(CodeForm, NewPasswordForm):
    """The code that was sent, and the password from now on."""

    field_order = ("code", "new_password")
