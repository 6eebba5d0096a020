"""Forms of one's own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.portal.columns import capitalize
from apps.core.portal.fields import PhoneField
from apps.platform.accounts.models import Address, User
from apps.platform.accounts.provinces import PROVINCES

ZONES = (
    "Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Singapore", "Asia/Shanghai", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul",
    "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Europe/Moscow", "Europe/Berlin", "Europe/Paris",
    "Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles", "UTC",
)  # fmt: skip


def _password_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(forms.Form):
    """What a person says about themselves. The zone may be one that is not offered, when they have it already."""

    last_name = forms.CharField(
        label=_("Family and middle name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    first_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=[("", "–"), *User.Gender.choices])
    language = forms.ChoiceField(label=_("Language"), choices=[("vi", "Tiếng Việt"), ("en", "English")])
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    bio = forms.CharField(
        label=_("About me"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        genders = [("", "–"), *((value, capitalize(str(label))) for value, label in User.Gender.choices)]
        self.fields["gender"].choices = genders  # type: ignore[attr-defined]
        zones = [*ZONES, zone] if zone and zone not in ZONES else ZONES
        self.fields["timezone"].choices = [(name, name.replace("_", " ")) for name in zones]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """No zone chosen means: leave it as it is."""
        cleaned = dict(super().clean() or {})
        if not cleaned.get("timezone"):
            cleaned.pop("timezone", None)
        return cleaned


class PictureForm(forms.Form):
    upload = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/*"}), help_text=_("JPEG, PNG or WebP.")
    )


class NewEmailForm(forms.Form):
    address = forms.EmailField(
        label=_("New email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = _password_field(_("Present password"))


class NewPhoneForm(forms.Form):
    address = PhoneField(label=_("New phone number"))
    password = _password_field(_("Present password"))


class ContactCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of six digits"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class AddressForm(forms.Form):
    """An address as Vietnam has them since 2025-07-01: province or city, then ward or commune."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices, initial=Address.Kind.HOME)
    recipient = forms.CharField(
        label=_("Recipient"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Phone"))
    province = forms.ChoiceField(label=_("Province or city"))
    ward = forms.CharField(
        label=_("Ward or commune"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    street = forms.CharField(
        label=_("House number and street"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    district = forms.CharField(
        label=_("Former district"), max_length=80, required=False, help_text=_("Only if drivers still ask for it.")
    )
    note = forms.CharField(label=_("Note for the driver"), max_length=200, required=False)
    is_default = forms.BooleanField(label=_("Use as my default address"), required=False)

    def __init__(self, *args: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [province.name for province in PROVINCES]
        extra = [present] if present and present not in names else []
        kinds = [(value, capitalize(str(label))) for value, label in Address.Kind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        choices = [("", _("Choose")), *((name, name) for name in [*extra, *names])]
        self.fields["province"].choices = choices  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """Asks twice: by a tick and by the password."""

    is_sure = forms.BooleanField(label=_("I understand that this cannot be undone."))
    password = _password_field(_("Present password"))
