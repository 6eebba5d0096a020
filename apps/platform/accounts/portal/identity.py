"""Sign-up, verification, log-in by code, forgotten passwords.

What a page was asked for is remembered in the browser's session, so no address shows in an address bar.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError, NotFound
from apps.core.portal.actions import add_refusal
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.accounts.devices import read_device
from apps.platform.accounts.errors import LinkExpired
from apps.platform.accounts.identity_forms import (
    AddressForm,
    CodeForm,
    LogInCodeForm,
    NewPasswordForm,
    ResetCodeForm,
    SignUpForm,
)
from apps.platform.accounts.phones import format_phone
from apps.platform.accounts.portal.log_in import LogInView, asked_next, next_step
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.services.log_in_by_code import METHOD, log_in_by_code, request_log_in_code
from apps.platform.accounts.services.reset import (
    check_reset_link,
    forgot_password,
    reset_password_by_code,
    reset_password_by_link,
)
from apps.platform.accounts.services.sign_up import Origin, resend_sign_up_code, sign_up, verify_sign_up
from apps.platform.accounts.services.verify import confirm_verification, request_verification

SIGN_UP_KEY, LOG_IN_KEY, RESET_KEY = "sign_up", "log_in_code", "password_reset"
secret_page = method_decorator(
    [sensitive_post_parameters("password", "new_password", "code"), never_cache], name="dispatch"
)


def origin_of(request: HttpRequest) -> dict[str, Any]:
    """Where a request comes from, as the services take it."""
    return {"ip": client_address(request), "user_agent": user_agent(request)}


class IdentityPage(LogInView):
    """A page with one form, for people who are not logged in."""

    form_class: ClassVar[type[forms.Form]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_step(request))
        return self.show(self.form_class(initial=self.get_initial()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            return self.accept(form.cleaned_data)
        except BusinessError as error:
            return self.refuse(form, error)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        """Does what was asked; refusals are shown in the form."""
        raise NotFound

    def refuse(self, form: forms.Form, error: BusinessError) -> HttpResponse:
        add_refusal(form, error)
        response = self.show(form, status=error.status)
        if wait := getattr(error, "wait", 0):
            response["Retry-After"] = str(wait)
        return response

    def show(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        return self.draw(self.get_context(form=form, next=self.get_next()), status=status)

    def get_next(self) -> str:
        return asked_next(self.request)

    def go(self, name: str, message: Any = "") -> HttpResponse:
        return redirect_to(self.request, reverse(name), message=message)


class RememberedPage(IdentityPage):
    """A step that needs what the step before it remembered; without that it sends back."""

    memory: ClassVar[str]
    step_before: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.remembered and not request.user.is_authenticated:
            return HttpResponseRedirect(reverse(self.step_before))
        return super().dispatch(request, *args, **kwargs)

    @property
    def remembered(self) -> dict[str, str]:
        found = self.request.session.get(self.memory)
        return found if isinstance(found, dict) else {}

    def get_next(self) -> str:
        return asked_next(self.request) or self.remembered.get("next", "")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        address = self.remembered.get("address", "")
        return super().get_context(address=address if "@" in address else format_phone(address), **extra)


@secret_page
class SignUpView(IdentityPage):
    """A customer's account; says the same whether or not the address has one already."""

    form_class = SignUpForm
    template_name = "accounts/sign_up.html"
    title = _("Make an account")

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        del data["agrees"]
        row = sign_up(**data, language=get_language() or "vi", origin=Origin(**origin_of(self.request)))
        self.request.session[SIGN_UP_KEY] = {"id": str(row.pk), "address": row.email, "next": asked_next(self.request)}
        return self.go("verify-email")


@secret_page
class VerifyEmailView(RememberedPage):
    """The code from the letter makes the account and logs in."""

    memory, step_before = SIGN_UP_KEY, "sign-up"
    form_class = CodeForm
    template_name = "accounts/verify_email.html"
    title = _("Confirm your email address")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "resend" in request.POST:
            return self.send_another()
        return super().post(request, *args, **kwargs)

    def send_another(self) -> HttpResponse:
        try:
            resend_sign_up_code(self.remembered.get("id"), ip=client_address(self.request))
        except BusinessError as error:
            return redirect_to(self.request, self.request.path, message=error, tone="attention")
        return self.go("verify-email", _("We have sent another code."))

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        origin = Origin(**origin_of(self.request))
        user = verify_sign_up(self.remembered.get("id"), code=data["code"], origin=origin)
        del self.request.session[SIGN_UP_KEY]
        return self.enter(user, stay=True, method="sign_up", identifier=user.email or "")


class AskForCodeView(IdentityPage):
    """Base of the pages on which a stranger names their address to get a code there."""

    form_class = AddressForm
    memory: ClassVar[str]
    step_after: ClassVar[str]

    def request_code(self, identifier: str) -> str:
        """Asks for the code; answers with the address in one spelling."""
        raise NotFound

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        address = self.request_code(data["identifier"])
        self.request.session[self.memory] = {"address": address, "next": asked_next(self.request)}
        return self.go(self.step_after)


@secret_page
class AskForLogInCodeView(AskForCodeView):
    template_name = "accounts/ask_log_in_code.html"
    title = _("Log in with a code")
    memory, step_after = LOG_IN_KEY, "log-in-code"

    def request_code(self, identifier: str) -> str:
        return request_log_in_code(identifier, ip=client_address(self.request)).address


@secret_page
class LogInCodeView(RememberedPage):
    memory, step_before = LOG_IN_KEY, "ask-log-in-code"
    form_class = LogInCodeForm
    template_name = "accounts/log_in_code.html"
    title = _("Log in with a code")

    def get_initial(self) -> dict[str, Any]:
        return {"stay": True}

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        address = self.remembered.get("address", "")
        user = log_in_by_code(address, data["code"], device=read_device(self.request), **origin_of(self.request))
        del self.request.session[LOG_IN_KEY]
        return self.enter(user, stay=data["stay"], method=METHOD, identifier=address)


@secret_page
class ForgotPasswordView(AskForCodeView):
    template_name = "accounts/forgot_password.html"
    title = _("Forgotten password")
    memory, step_after = RESET_KEY, "reset-password-code"

    def request_code(self, identifier: str) -> str:
        return forgot_password(identifier, ip=client_address(self.request)).address


class NewPasswordPage(IdentityPage):
    """Base of the two ways to another password. Afterwards one logs in with it, second step included."""

    title = _("Set a new password")

    def finish(self) -> HttpResponse:
        self.request.session.pop(RESET_KEY, None)
        if self.request.user.is_authenticated:
            logout(self.request)
        return self.go("log-in", _("Your new password is set. All devices are logged out; please log in with it."))


@secret_page
class ResetByCodeView(NewPasswordPage, RememberedPage):
    memory, step_before = RESET_KEY, "forgot-password"
    form_class = ResetCodeForm
    template_name = "accounts/reset_by_code.html"

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        reset_password_by_code(self.remembered.get("address", ""), **data, **origin_of(self.request))
        return self.finish()


@secret_page
class ResetByLinkView(NewPasswordPage):
    form_class = NewPasswordForm
    template_name = "accounts/reset_by_link.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_reset_link(kwargs["token"])
        return self.show(self.form_class())

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        reset_password_by_link(self.kwargs["token"], **data, **origin_of(self.request))
        return self.finish()

    def refuse(self, form: forms.Form, error: BusinessError) -> HttpResponse:
        if isinstance(error, NotFound | LinkExpired):
            raise error
        return super().refuse(form, error)


@secret_page
class VerifyOwnView(PortalView):
    """Proving one's own email or phone: sends a code, then takes it."""

    permission = ANY_MEMBER
    template_name = "accounts/verify_own.html"
    title = _("Confirm your address")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(CodeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "code" not in request.POST:
            return self.send()
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            confirm_verification(self.actor, kind=self.kind, code=form.cleaned_data["code"])
        except BusinessError as error:
            add_refusal(form, error)
            return self.show(form, status=error.status)
        return redirect_to(request, reverse("account"), message=_("Confirmed."))

    def send(self) -> HttpResponse:
        try:
            request_verification(self.actor, kind=self.kind)
        except BusinessError as error:
            return redirect_to(self.request, self.request.path, message=error, tone="attention")
        return redirect_to(self.request, self.request.path, message=_("We have sent you a code."))

    @property
    def kind(self) -> str:
        return str(self.kwargs["kind"])

    def show(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        user = self.request.user
        address = getattr(user, self.kind)
        if not address:
            raise NotFound
        context = self.get_context(
            form=form,
            address=address if self.kind == "email" else format_phone(address),
            is_proven=getattr(user, f"{self.kind}_verified_at") is not None,
        )
        return self.draw(context, status=status)


urlpatterns = [
    path("sign-up/", SignUpView.as_view(), name="sign-up"),
    path("verify-email/", VerifyEmailView.as_view(), name="verify-email"),
    path("login/code/", AskForLogInCodeView.as_view(), name="ask-log-in-code"),
    path("login/code/enter/", LogInCodeView.as_view(), name="log-in-code"),
    path("password/forgot/", ForgotPasswordView.as_view(), name="forgot-password"),
    path("password/reset/", ResetByCodeView.as_view(), name="reset-password-code"),
    path("password/reset/<str:token>/", ResetByLinkView.as_view(), name="reset-password-link"),
    path("account/verify/email/", VerifyOwnView.as_view(), {"kind": "email"}, name="verify-own-email"),
    path("account/verify/phone/", VerifyOwnView.as_view(), {"kind": "phone"}, name="verify-own-phone"),
]
