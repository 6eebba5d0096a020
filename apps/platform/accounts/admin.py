"""People, their sessions and log-ins in the staff CMS."""

from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as ShippedUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm

from apps.core.actor import Actor
from apps.core.admin.groups import COMPANIES, SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import ReadOnlyInline
from apps.core.admin.master import MasterAdmin
from apps.platform.accounts import services
from apps.platform.accounts.models import AccessLink, LoginHistory, OneTimeCode, SignUp, User, UserSession
from apps.platform.accounts.partner_admin import ClientAdmin


def create_user(actor: Actor, *, password: str, **person: Any) -> User:
    """Through the service; an empty password means: none yet."""
    given = {name: value for name, value in person.items() if value is not None}
    return services.create_user(actor, password=password or None, **given)


class NewUserForm(forms.ModelForm):
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, required=False)

    class Meta:
        model = User
        fields = ("email", "phone", "last_name", "first_name", "password", "language")


class SessionInline(ReadOnlyInline):
    model = UserSession
    fields = ("kind", "device", "ip", "last_seen_at", "ended_at")


@admin.register(User)
class UserAdmin(MasterAdmin, ShippedUserAdmin):
    """People are made by their service; passwords are set on a page of their own and never shown."""

    logs_view = True
    nav_group, nav_order, nav_icon = COMPANIES, 104, "person"
    organization_path = ""
    create = create_user
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("full_name", "email", "phone", "is_active", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "phone", "last_name", "first_name")
    ordering = ("-created_at",)
    filter_horizontal = ()
    inlines = (SessionInline,)
    readonly_fields = ("last_login", "created_at", "email_verified_at", "phone_verified_at")
    add_fieldsets = ((None, {"fields": ("email", "phone", "last_name", "first_name", "password", "language")}),)
    fieldsets = (
        (None, {"fields": ("email", "phone", "last_name", "first_name", "gender", "birth_date", "bio")}),
        (_("Settings"), {"fields": ("language", "timezone", "is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "email_verified_at", "phone_verified_at", "created_at")}),
    )

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, row: User) -> str:
        return row.full_name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only superusers make staff or superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_staff", "is_superuser"]


@admin.register(UserSession)
class UserSessionAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 895, "devices"
    secret_fields = ("session_key", "refresh_hash", "previous_refresh_hash")
    list_display = ("user", "kind", "device", "ip", "last_seen_at", "ended_at", "end_reason")
    list_select_related = ("user",)
    list_filter = ("kind",)
    search_fields = ("user__email", "user__phone", "ip")


@admin.register(LoginHistory)
class LoginHistoryAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 896, "login"
    list_display = ("identifier", "method", "succeeded", "reason", "ip", "created_at")
    list_filter = ("succeeded", "method")
    search_fields = ("identifier", "ip")


@admin.register(AccessLink)
class AccessLinkAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 897, "link"
    secret_fields = ("token_hash",)
    list_display = ("purpose", "organization", "expires_at", "revoked_at", "last_used_at", "created_at")
    list_select_related = ("organization",)
    list_filter = ("purpose",)
    search_fields = ("subject_id",)


@admin.register(OneTimeCode)
class OneTimeCodeAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 898, "pin"
    secret_fields = ("code_hash",)
    list_display = ("purpose", "channel", "address", "tries", "expires_at", "used_at", "ip", "created_at")
    list_filter = ("purpose", "channel")
    search_fields = ("address", "ip")


@admin.register(SignUp)
class SignUpAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 899, "person_add"
    secret_fields = ("password",)
    list_display = ("email", "first_name", "last_name", "user", "ip", "created_at")
    list_select_related = ("user",)
    search_fields = ("email", "ip")


admin.site.register(Client, ClientAdmin)
