"""Forms of the staff and settings screens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.fields import PhoneField
from apps.platform.organizations import selectors
from apps.platform.organizations.banks import list_banks
from apps.platform.organizations.grants import GRANTABLES
from apps.platform.organizations.models import Branch, Membership, Role
from apps.platform.organizations.roles import role_label
from apps.platform.organizations.services import list_grants


class RoleField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return role_label(obj)


class PlaceForm(forms.Form):
    """Role and branch: only those that the actor may give."""

    role = RoleField(label=_("Role"), queryset=Role.objects.none(), empty_label=_("Choose a role"))
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), required=False, empty_label=_("All branches")
    )
    title = forms.CharField(label=_("Title"), max_length=80, required=False)

    def prepare(self, actor: Actor, _instance: Any = None) -> None:
        roles = selectors.list_giveable_roles(actor)
        self.fields["role"].queryset = Role.objects.filter(pk__in=[row.pk for row in roles]).order_by("code")  # type: ignore[attr-defined]
        branch: Any = self.fields["branch"]
        branch.queryset = selectors.list_branches(actor)
        if actor.branch_ids is not None:
            branch.required, branch.empty_label = True, None


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class AddPlaceForm(PlaceForm):
    """Another role, or the same in another branch."""

    active_from = _day(_("First day"), _("Empty: from now on."))
    active_to = _day(_("Last day"), _("Empty: without an end."))


class MemberForm(AddPlaceForm):
    @staticmethod
    def initial_of(membership: Membership) -> dict[str, Any]:
        names = ("role", "branch", "title", "active_from", "active_to")
        return {name: getattr(membership, name) for name in names}


class OpenRowForm(forms.Form):
    """A single thing that is opened to a person of another branch."""

    row = forms.ChoiceField(
        label=_("What"),
        help_text=_("The person may do with it what their role allows, and sees nothing else of the branch."),
    )

    def prepare(self, actor: Actor, _membership: Membership) -> None:
        field: Any = self.fields["row"]
        field.choices = [
            (entry.label, [(f"{entry.key}:{pk}", name) for pk, name in entry.choices(actor)])
            for entry in GRANTABLES.values()
            if entry.choices is not None and actor.can(entry.right)
        ]


class CloseRowForm(forms.Form):
    row = forms.ChoiceField(label=_("What"))

    def prepare(self, actor: Actor, membership: Membership) -> None:
        field: Any = self.fields["row"]
        field.choices = [
            (f"{entry.key}:{thing.pk}", f"{entry.label} {thing}")
            for entry, thing in list_grants(actor, membership.user)
        ]


class InviteForm(PlaceForm):
    email = forms.EmailField(label=_("Email"), required=False)
    phone = PhoneField(label=_("Phone"), required=False, help_text=_("The link comes by SMS when there is no email."))
    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    field_order = ("email", "phone", "name", "role", "branch", "title")


class JoinForm(forms.Form):
    """A new person's account."""

    last_name = forms.CharField(
        label=_("Family and middle name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    first_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("8 characters or more, letters and digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class CompanyForm(forms.Form):
    """The company's profile; the service knows what is right."""

    name = forms.CharField(label=_("Name"), max_length=160)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    bank_bin = forms.ChoiceField(
        label=_("Bank"),
        required=False,
        choices=lambda: [("", _("No bank")), *list_banks().items()],
        help_text=_("For the QR code on invoices."),
    )
    bank_account = forms.CharField(
        label=_("Account number"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    bank_account_name = forms.CharField(label=_("Account holder"), max_length=80, required=False)
    brand_color = forms.CharField(
        label=_("Brand colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}), required=False
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("Shown to customers on estimates and invoices."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )
    requires_second_factor = forms.BooleanField(
        label=_("Second factor required"),
        required=False,
        help_text=_("Everybody of the company logs in with a second factor, you too."),
    )
