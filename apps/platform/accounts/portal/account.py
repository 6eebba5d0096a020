"""One's own account: profile, password and log-ins, devices."""

from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound
from apps.core.portal.registry import register_person_link
from apps.platform.accounts import selectors, services
from apps.platform.accounts.forms import PasswordForm
from apps.platform.accounts.person_forms import PictureForm, ProfileForm
from apps.platform.accounts.phones import format_phone
from apps.platform.accounts.pictures import find_pictured
from apps.platform.accounts.portal.frame import AccountPage
from apps.platform.accounts.portal.log_in import set_language
from apps.platform.accounts.portal.second_factor import describe_factors
from apps.platform.accounts.services.profile import PROFILE_FIELDS
from apps.platform.accounts.services.sessions import follow_browser_session

HISTORY_LENGTH = 20


class AccountView(AccountPage):
    """Profile, picture, and what one logs in by."""

    template_name = "accounts/account/profile.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        own = {name: getattr(self.user, name) for name in PROFILE_FIELDS}
        forms = {"profile_form": ProfileForm(initial=own, zone=self.user.timezone), "picture_form": PictureForm()}
        return super().get_context(**{**forms, "phone": format_phone(self.user.phone), **extra})


class ProfileView(AccountView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ProfileForm(request.POST, zone=self.user.timezone)
        user = self.call(form, services.update_profile)
        if user is None:
            return self.show(profile_form=form, status=422)
        return set_language(self.go_back(_("Saved.")), request, user.language)


class PictureView(AccountView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PictureForm(request.POST, request.FILES)
        if self.call(form, services.set_picture) is None:
            return self.show(picture_form=form, status=422)
        return self.go_back(_("Your picture is changed."))


class RemovePictureView(AccountView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.remove_picture(self.actor)
        return self.go_back(_("Your picture is removed."))


class SecurityView(AccountPage):
    """Password, second step, and the latest log-ins."""

    section = "account-security"
    template_name = "accounts/account/security.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        log_ins = selectors.list_login_history(self.actor)[:HISTORY_LENGTH]
        own = {"password_form": PasswordForm(), "log_ins": log_ins, "factors": describe_factors(self.user)}
        return super().get_context(**{**own, **extra})


@method_decorator(sensitive_post_parameters("current_password", "new_password"), name="dispatch")
class PasswordView(SecurityView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PasswordForm(request.POST)
        user = self.call(form, services.change_password)
        if user is None:
            return self.show(password_form=form, status=422)
        update_session_auth_hash(request, user)
        follow_browser_session(self.actor.session_id, session_key=request.session.session_key or "")
        return self.go_back(_("Your password is changed. All other devices are logged out."))


class DevicesView(AccountPage):
    """Where one is logged in."""

    section = "account-devices"
    template_name = "accounts/account/devices.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(sessions=selectors.list_open_sessions(self.actor), **extra)


class EndSessionView(DevicesView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session_id: UUID = kwargs["id"]
        if session_id == self.actor.session_id or not selectors.own_sessions(self.actor).filter(pk=session_id).exists():
            raise NotFound
        services.end_session(self.actor, session_id=session_id, reason="ended_by_owner")
        return self.go_back(_("This device is logged out."))


class EndOtherSessionsView(DevicesView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.end_other_sessions(self.actor, keep_id=self.actor.session_id)
        return self.go_back(_("All other devices are logged out."))


@require_safe
def show_picture(_request: HttpRequest, user_id: UUID, signature: str) -> HttpResponseBase:
    """A person's picture, for whoever was given its signed address. It changes with the picture."""
    user = find_pictured(user_id, signature)
    if user is None:
        raise Http404
    try:
        file = user.avatar.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


register_person_link(label=_("My account"), url_name="account", icon="circle-user")
urlpatterns = [
    path("account/", AccountView.as_view(), name="account"),
    path("account/profile/", ProfileView.as_view(), name="account-profile"),
    path("account/picture/", PictureView.as_view(), name="account-picture"),
    path("account/picture/remove/", RemovePictureView.as_view(), name="account-picture-remove"),
    path("account/security/", SecurityView.as_view(), name="account-security"),
    path("account/password/", PasswordView.as_view(), name="account-password"),
    path("account/devices/", DevicesView.as_view(), name="account-devices"),
    path("account/sessions/end-others/", EndOtherSessionsView.as_view(), name="account-end-others"),
    path("account/sessions/<uuid:id>/end/", EndSessionView.as_view(), name="account-end-session"),
    path("people/<uuid:user_id>/picture/<str:signature>", show_picture, name="person-picture"),
]
