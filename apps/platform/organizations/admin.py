"""Companies, branches, roles and memberships in the staff CMS."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.core.admin.groups import COMPANIES
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import ReadOnlyInline
from apps.core.admin.master import MasterAdmin, TrackedMasterAdmin
from apps.platform.organizations import services
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.organizations.roles import role_description, role_label


def update_organization(actor: Actor, row: Organization, *, status: str | None = None, **changes: Any) -> Organization:
    """Profile by its service, suspension by its own."""
    if changes:
        services.update_organization(actor, **changes)
    if status is not None:
        services.set_organization_status(actor, organization_id=row.pk, status=status)
    return row


def update_membership(actor: Actor, row: Membership, **changes: Any) -> Membership:
    """All the service's values, the unchanged ones as they are."""
    names = ("role", "branch", "title", "active_from", "active_to")
    return services.change_member(actor, row, **{name: changes.get(name, getattr(row, name)) for name in names})


class OrganizationForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(choices=Organization.Kind.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Organization
        fields = (
            "kinds", "name", "legal_name", "code", "slug", "tax_code", "country", "currency", "language", "timezone",
            "brand_color", "phone", "email", "address", "bank_bin", "bank_account", "bank_account_name", "status",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kinds" in self.fields:
            self.fields["kinds"].label = capfirst(Organization._meta.get_field("kinds").verbose_name)


class BranchInline(ReadOnlyInline):
    model = Branch
    fields = ("code", "name", "province", "phone", "is_active")
    show_change_link = True


@admin.register(Organization)
class OrganizationAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = COMPANIES, 100, "domain"
    organization_path = "pk"
    form = OrganizationForm
    create = services.create_organization
    update = update_organization
    list_display = ("name", "code", "tax_code", "phone", "status", "created_at")
    list_filter = ("status", "country")
    search_fields = ("name", "legal_name", "code", "tax_code", "phone")
    fixed_fields = ("kinds", "code", "slug", "country", "currency")
    inlines = (BranchInline,)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("status",) if obj is None else ()


@admin.register(Branch)
class BranchAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = COMPANIES, 101, "storefront"
    create, update = services.add_branch, services.update_branch
    list_display = ("name", "code", "organization", "province", "phone", "is_active")
    list_select_related = ("organization",)
    list_filter = ("is_active",)
    search_fields = ("name", "code", "organization__name", "address")
    autocomplete_fields = ("organization",)
    fixed_fields = ("organization",)


@admin.register(Role)
class RoleAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = COMPANIES, 102, "badge"
    list_display = ("label", "code", "organization", "explanation")
    list_select_related = ("organization",)
    search_fields = ("name", "code", "organization__name")
    autocomplete_fields = ("organization",)
    fixed_fields = ("organization", "code")

    @admin.display(description=pgettext_lazy("field", "name"), ordering="name")
    def label(self, row: Role) -> str:
        return role_label(row)

    @admin.display(description=pgettext_lazy("field", "description"))
    def explanation(self, row: Role) -> str:
        return role_description(row)


@admin.register(Membership)
class MembershipAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = COMPANIES, 103, "group"
    create, update = services.add_member, update_membership
    is_deletable = True
    list_display = ("user", "organization", "branch", "role", "title", "active_from", "active_to")
    list_select_related = ("user", "organization", "branch", "role")
    list_filter = ("role__code",)
    search_fields = ("user__email", "user__phone", "user__last_name", "user__first_name", "organization__name")
    autocomplete_fields = ("user", "organization", "branch", "role")
    fixed_fields = ("user", "organization", "active_from")

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        services.remove_member(self.actor_for(request, obj), obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(Invitation)
class InvitationAdmin(LedgerAdmin, MasterAdmin):
    """Sent from here as from the portals; nobody changes one that is on its way."""

    nav_group, nav_order, nav_icon = COMPANIES, 105, "forward_to_inbox"
    create = services.invite
    secret_fields = ("token_hash",)
    list_display = ("address", "organization", "branch", "role", "expires_at", "accepted_at", "revoked_at")
    list_select_related = ("organization", "branch", "role")
    search_fields = ("email", "phone", "name", "organization__name")
    autocomplete_fields = ("organization", "branch", "role")
    ends = ("invited_by", "expires_at", "accepted_at", "accepted_by", "revoked_at")

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.secret_fields if obj else (*self.secret_fields, *self.ends)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    @admin.display(description=_("Email or phone"))
    def address(self, row: Invitation) -> str:
        return str(row)
