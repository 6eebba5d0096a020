"""One's own account: profile, password, devices, log-ins."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError, NotFound
from apps.core.portal.actions import add_refusal
from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds
from apps.core.portal.registry import register_person_link
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.accounts import selectors, services
from apps.platform.accounts.forms import PasswordForm, ProfileForm
from apps.platform.accounts.phones import format_phone
from apps.platform.accounts.portal.log_in import set_language
from apps.platform.accounts.services.sessions import follow_browser_session

HISTORY_LENGTH = 20


class AccountPage(PortalView):
    """One's own account: profile, password, devices, log-ins. Its forms post to addresses of their own."""

    permission = ANY_MEMBER
    template_name = "accounts/account.html"
    title = _("My account")

    def draw_account(self, *, status: int = 200, **drawn_forms: Any) -> HttpResponse:
        user = self.request.user
        kinds = list_kinds(self.request, self.actor)
        portal = next((one for one in find_portals(kinds) if one.kinds), None)
        own = {name: getattr(user, name) for name in ("first_name", "last_name", "language")}
        context = self.get_context(
            person=user,
            phone=format_phone(user.phone),
            sessions=selectors.list_open_sessions(self.actor),
            log_ins=selectors.list_login_history(self.actor)[:HISTORY_LENGTH],
            **{"profile_form": ProfileForm(initial=own), "password_form": PasswordForm(), **drawn_forms},
        )
        if portal is None:
            return self.draw({**context, "layout": "layouts/site.html"}, status=status)
        nav = build_nav(portal.key, self.actor, self.request.path)
        return self.draw({**context, "portal": portal, "nav": nav, "layout": portal.layout}, status=status)

    def save(self, form: Any, call: Callable[..., Any]) -> Any:
        """What `call` answers to the cleaned data, or None when the form or the service refuses."""
        if not form.is_valid():
            return None
        try:
            return call(self.actor, **form.cleaned_data)
        except BusinessError as error:
            add_refusal(form, error)
            return None

    def go_back(self, message: Any) -> HttpResponse:
        return redirect_to(self.request, reverse("account"), message=message)


class AccountView(AccountPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw_account()


class ProfileView(AccountPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ProfileForm(request.POST)
        user = self.save(form, services.update_profile)
        if user is None:
            return self.draw_account(profile_form=form, status=422)
        return set_language(self.go_back(_("Saved.")), request, user.language)


@method_decorator(sensitive_post_parameters("current_password", "new_password"), name="dispatch")
class PasswordView(AccountPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PasswordForm(request.POST)
        user = self.save(form, services.change_password)
        if user is None:
            return self.draw_account(password_form=form, status=422)
        update_session_auth_hash(request, user)
        follow_browser_session(self.actor.session_id, session_key=request.session.session_key or "")
        return self.go_back(_("Your password is changed. All other devices are logged out."))


class EndSessionView(AccountPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session_id: UUID = kwargs["id"]
        if session_id == self.actor.session_id or not selectors.own_sessions(self.actor).filter(pk=session_id).exists():
            raise NotFound
        services.end_session(self.actor, session_id=session_id, reason="ended_by_owner")
        return self.go_back(_("This device is logged out."))


class EndOtherSessionsView(AccountPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.end_other_sessions(self.actor, keep_id=self.actor.session_id)
        return self.go_back(_("All other devices are logged out."))


register_person_link(label=_("My account"), url_name="account", icon="circle-user")
urlpatterns = [
    path("account/", AccountView.as_view(), name="account"),
    path("account/profile/", ProfileView.as_view(), name="account-profile"),
    path("account/password/", PasswordView.as_view(), name="account-password"),
    path("account/sessions/end-others/", EndOtherSessionsView.as_view(), name="account-end-others"),
    path("account/sessions/<uuid:id>/end/", EndSessionView.as_view(), name="account-end-session"),
]
