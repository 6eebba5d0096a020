"""Forms of roles: the rights as check marks under their areas."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.platform.organizations.models import Role
from apps.platform.organizations.rights import CATALOGUE, expand, list_rights
from apps.platform.organizations.roles import role_label
from apps.platform.organizations.rules import grants
from apps.platform.organizations.services import role_version


# The end of the name is how field templates know a group of check marks.
class CheckboxSelectMultipleWidget(forms.CheckboxSelectMultiple):
    """Check marks grouped by area; those that the person may not give cannot be changed."""

    actor: Actor | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        held = set(value or ())
        areas = [
            {
                "label": area.label,
                "rights": [
                    {
                        "right": right,
                        "is_on": right.code in held,
                        "is_open": self.actor is None or grants(self.actor.permissions, right.code),
                    }
                    for right in area.rights
                ],
            }
            for area in CATALOGUE
        ]
        return SafeString(render_to_string("organizations/roles/marks.html", {"name": name, "areas": areas}))


class RoleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("What this role is for"), max_length=200, required=False)
    requires_second_factor = forms.BooleanField(
        label=_("Second factor required"),
        required=False,
        help_text=_("Whoever has this role logs in with a second factor."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Rights"),
        required=False,
        choices=lambda: [(right.code, right.label) for right in list_rights()],
        widget=CheckboxSelectMultipleWidget,
    )

    def prepare(self, actor: Actor, _instance: Role | None = None) -> None:
        self.fields["permissions"].widget.actor = actor


class ChangeRoleForm(RoleForm):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(role: Role) -> dict[str, Any]:
        return {
            "name": role.name,
            "description": role.description,
            "requires_second_factor": role.requires_second_factor,
            "permissions": sorted(expand(role.permissions)),
            "seen": role_version(role),
        }


class CopyRoleForm(forms.Form):
    name = forms.CharField(label=_("Name of the copy"), max_length=80, help_text=_("The rights come with it."))

    @staticmethod
    def initial_of(role: Role) -> dict[str, Any]:
        return {"name": _now("%(name)s (copy)") % {"name": role_label(role)}}
