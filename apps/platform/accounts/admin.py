"""People, their sessions and log-ins in the staff CMS."""

from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as ShippedUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm

from apps.core.actor import Actor
from apps.core.admin.document import StepsMixin
from apps.core.admin.groups import COMPANIES, SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import ReadOnlyInline
from apps.core.admin.master import MasterAdmin
from apps.core.errors import BusinessError
from apps.core.portal.actions import ActionButton, ActionHandler
from apps.platform.accounts import services
from apps.platform.accounts.models import (
    AccessLink,
    Address,
    Consent,
    LoginHistory,
    OneTimeCode,
    SignUp,
    User,
    UserSession,
)
from apps.platform.accounts.partner_admin import ClientAdmin
from apps.platform.accounts.services.erase import erase_user
from apps.platform.accounts.services.second_factor import remove_all_factors
from apps.platform.accounts.services.staff import end_sessions_of, set_powers, set_user_active, update_user

POWERS = ("is_staff", "is_superuser")


def create_user(actor: Actor, *, password: str, **person: Any) -> User:
    """Through the service; an empty password means: none yet."""
    given = {name: value for name, value in person.items() if value is not None}
    return services.create_user(actor, password=password or None, **given)


def change_user(actor: Actor, row: User, **changes: Any) -> User:
    """Through the services, one for each kind of change; an empty field takes the value away."""
    powers = {name: changes.pop(name) for name in POWERS if name in changes}
    if powers:
        set_powers(actor, row, **{**{name: getattr(row, name) for name in POWERS}, **powers})
    if "is_active" in changes:
        set_user_active(actor, row, is_active=changes.pop("is_active"))
    names = {name: changes.pop(name) or "" for name in ("email", "phone") if name in changes}
    return update_user(actor, row, **names, **changes)


def end_all_sessions(actor: Actor, row: User) -> None:
    end_sessions_of(actor, row)


def erase_person(actor: Actor, row: User) -> None:
    erase_user(actor, row.pk)


def _is_there(row: User, actor: Actor) -> bool:
    return row.erased_at is None and row.pk != actor.user_id


class NewUserForm(forms.ModelForm):
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, required=False)

    class Meta:
        model = User
        fields = ("email", "phone", "last_name", "first_name", "password", "language")


class SessionInline(ReadOnlyInline):
    model = UserSession
    fields = ("kind", "method", "device", "ip", "last_seen_at", "ended_at", "end_reason")


class LoginInline(ReadOnlyInline):
    model = LoginHistory
    fields = ("created_at", "method", "succeeded", "reason", "ip", "user_agent")


class AddressInline(ReadOnlyInline):
    model = Address
    fields = ("kind", "recipient", "phone", "street", "ward", "district", "province", "is_default")


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ("created_at", "kind", "version", "is_granted", "source", "ip")


@admin.register(User)
class UserAdmin(StepsMixin, MasterAdmin, ShippedUserAdmin):
    """People are made and changed by their services; passwords are set on a page of their own and never shown.

    Erasing and logging out are steps that ask once more.
    """

    logs_view = True
    nav_group, nav_order, nav_icon = COMPANIES, 104, "person"
    organization_path = ""
    create = create_user
    update = change_user
    steps = {
        "log-out": ActionHandler(
            end_all_sessions,
            label=_("Log out everywhere"),
            confirm=_("End all sessions of this person now?"),
            done=_("All sessions are ended."),
            when=_is_there,
        ),
        "erase": ActionHandler(
            erase_person,
            label=_("Erase at their request"),
            variant="danger",
            confirm=_("Everything that names this person is removed for good; invoices and payments stay. Erase?"),
            done=_("The person is erased."),
            when=_is_there,
        ),
    }
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("full_name", "email", "phone", "is_active", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "phone", "last_name", "first_name")
    ordering = ("-created_at",)
    filter_horizontal = ()
    inlines = (SessionInline, LoginInline, AddressInline, ConsentInline)
    readonly_fields = ("last_login", "created_at", "email_verified_at", "phone_verified_at")
    add_fieldsets = ((None, {"fields": ("email", "phone", "last_name", "first_name", "password", "language")}),)
    fieldsets = (
        (None, {"fields": ("email", "phone", "last_name", "first_name", "gender", "birth_date", "bio")}),
        (_("Settings"), {"fields": ("language", "timezone", "is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "email_verified_at", "phone_verified_at", "created_at")}),
    )

    actions = ["remove_factors"]

    @admin.action(description=_("Take away the second factors (lost phone)"))
    def remove_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The person logs in with the password alone and sets a new factor up; only administrators may do this."""
        for user in queryset:
            try:
                remove_all_factors(self.actor_for(request), user)
            except BusinessError as error:
                self.message_user(request, f"{user.full_name}: {error}", messages.ERROR)
            else:
                self.message_user(request, _("%(name)s has no second factor any more.") % {"name": user.full_name})

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, row: User) -> str:
        return row.full_name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only superusers make staff or superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *POWERS]

    def buttons(self, request: HttpRequest, row: Any) -> list[ActionButton]:
        """Whoever may change people may log them out; whoever may delete may erase."""
        needed = {"log-out": "change", "erase": "delete"}
        return [one for one in super().buttons(request, row) if self.may(request, needed[one.name])]

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None and step in self.steps and step not in {one.name for one in self.buttons(request, row)}:
            raise PermissionDenied
        return super().step_view(request, object_id, step)


@admin.register(UserSession)
class UserSessionAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 895, "devices"
    secret_fields = ("session_key", "refresh_hash", "previous_refresh_hash")
    list_display = ("user", "kind", "device", "ip", "last_seen_at", "ended_at", "end_reason")
    list_select_related = ("user",)
    list_filter = ("kind",)
    search_fields = ("user__email", "user__phone", "ip")
    actions = ("export_csv", "end_sessions")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "change")

    @admin.action(description=_("End the chosen sessions"), permissions=["end"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        """Logs these devices out; their next request finds nobody."""
        actor = self.actor_for(request)
        for session in queryset.filter(ended_at__isnull=True).order_by("pk"):
            services.end_session(actor, session_id=session.pk, reason="ended_by_staff")
        messages.success(request, _("The sessions are ended."))


@admin.register(LoginHistory)
class LoginHistoryAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 896, "login"
    list_display = ("identifier", "method", "succeeded", "reason", "ip", "created_at")
    list_filter = ("succeeded", "method")
    search_fields = ("identifier", "ip")


@admin.register(Consent)
class ConsentAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 897, "verified_user"
    list_display = ("user", "kind", "version", "is_granted", "source", "ip", "created_at")
    list_select_related = ("user",)
    list_filter = ("kind", "is_granted")
    search_fields = ("user__email", "user__phone")


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
