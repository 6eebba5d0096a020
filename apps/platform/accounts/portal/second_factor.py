"""The second step of the log-in, and the pages on which it is set up."""

from collections.abc import Callable
from typing import Any, ClassVar

import segno
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError
from apps.core.portal.actions import add_refusal
from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.accounts.devices import read_device
from apps.platform.accounts.models import User
from apps.platform.accounts.portal.log_in import SECOND_STEP_KEY, asked_next, open_door
from apps.platform.accounts.requests import client_address, site_origin, user_agent
from apps.platform.accounts.second_factor.errors import ConfirmationRequired, StepExpired
from apps.platform.accounts.second_factor.forms import (
    AppCodeForm,
    ConfirmPasswordForm,
    NewPasskeyForm,
    PasskeyAnswerForm,
    RecoveryCodeForm,
)
from apps.platform.accounts.services import second_factor
from apps.platform.accounts.services.identities import list_identities
from apps.platform.accounts.services.partner_clients import disconnect_app, list_connected_apps

FORMS: dict[str, type[forms.Form]] = {
    second_factor.TOTP: AppCodeForm,
    second_factor.RECOVERY_CODE: RecoveryCodeForm,
    second_factor.PASSKEY: PasskeyAnswerForm,
}
HINTS = {
    second_factor.TOTP: _("Type the six digits that your authenticator app shows now."),
    second_factor.RECOVERY_CODE: _("Type one of the recovery codes that you kept. Each works once."),
    second_factor.PASSKEY: _("Confirm with fingerprint, face, screen lock or security key."),
}
WAYS = {
    second_factor.TOTP: _("Use the code of the authenticator app"),
    second_factor.RECOVERY_CODE: _("Use a recovery code"),
    second_factor.PASSKEY: _("Use a passkey"),
}


def origin_of(request: HttpRequest) -> dict[str, Any]:
    """Where the request comes from, as the services take it."""
    return {"ip": client_address(request), "user_agent": user_agent(request)}


@method_decorator([sensitive_post_parameters("code", "credential"), never_cache], name="dispatch")
class SecondStepView(PortalView):
    """Asks whoever typed the right password for their second factor; nobody is logged in before."""

    is_public = True
    template_name = "accounts/second_step.html"
    title = _("One more step")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.begun: dict[str, Any] = request.session.get(SECOND_STEP_KEY) or {}
        try:
            step = second_factor.find_step(self.begun.get("ticket", ""), **origin_of(request))
        except StepExpired as error:
            return self.start_again(error)
        self.methods = second_factor.methods_of(step.user)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("method", "")
        method = asked if asked in self.methods else self.methods[0]
        return self.draw_form(method, FORMS[method]())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.POST.get("method", "")
        method = method if method in self.methods else self.methods[0]
        form = FORMS[method](request.POST)
        if not form.is_valid():
            return self.draw_form(method, form, status=422)
        try:
            step = second_factor.finish(
                self.begun["ticket"],
                method,
                form.cleaned_data.get("code") or form.cleaned_data.get("credential"),
                **origin_of(request),
                origin=site_origin(request),
                device=read_device(request),
            )
        except StepExpired as error:
            return self.start_again(error)
        except BusinessError as error:
            return self.refuse(method, form, error)
        request.session.pop(SECOND_STEP_KEY)
        stay, wish = bool(self.begun.get("stay")), self.begun.get("next", "")
        return open_door(request, step.user, stay=stay, method=method, wish=wish)

    def refuse(self, method: str, form: forms.Form, error: BusinessError) -> HttpResponse:
        form.add_error(None, str(error))
        response = self.draw_form(method, form, status=error.status)
        if wait := getattr(error, "wait", 0):
            response["Retry-After"] = str(wait)
        return response

    def start_again(self, error: StepExpired) -> HttpResponse:
        self.request.session.pop(SECOND_STEP_KEY, None)
        wish = self.begun.get("next", "")
        page = f"{reverse('log-in')}?{urlencode({'next': wish})}" if wish else reverse("log-in")
        return redirect_to(self.request, page, message=error if self.begun else "", tone="attention")

    def draw_form(self, method: str, form: forms.Form, *, status: int = 200) -> HttpResponse:
        others = [{"method": one, "label": WAYS[one]} for one in self.methods if one != method]
        context = self.get_context(form=form, method=method, hint=HINTS[method], others=others)
        return self.draw(context, status=status)


class SecondStepPasskeyView(PortalView):
    """What the browser needs to answer the second step with a passkey."""

    is_public = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticket = (request.session.get(SECOND_STEP_KEY) or {}).get("ticket", "")
        options = second_factor.ask_passkey(ticket, **origin_of(request), origin=site_origin(request))
        return JsonResponse(options)


@method_decorator(never_cache, name="dispatch")
class SecurityPage(PortalView):
    """Base of the pages on which one's own factors change; open to those who must set one up first."""

    permission = ANY_MEMBER
    is_open_while_enrolling = True
    template_name = "accounts/security/page.html"
    part: ClassVar[str] = "accounts/security/second_factor.html"
    title = _("Log-in security")
    request: HttpRequest

    @property
    def user(self) -> User:
        """The person of the request; nobody else comes this far."""
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except ConfirmationRequired:
            query = urlencode({"next": asked_next(request)})
            return redirect_to(request, f"{reverse('second-factor-confirm')}?{query}")

    def draw_part(self, part: str = "", *, status: int = 200, **extra: Any) -> HttpResponse:
        """The page in the portal in which the person works, else in the public frame."""
        portal = next((one for one in find_portals(list_kinds(self.request, self.actor)) if one.kinds), None)
        frame: dict[str, Any] = {"layout": "layouts/site.html"}
        if portal is not None:
            nav = build_nav(portal.key, self.actor, self.request.path)
            frame = {"portal": portal, "nav": nav, "layout": portal.layout}
        context = self.get_context(part=part or self.part, next=asked_next(self.request), **extra)
        return self.draw({**context, **frame}, status=status)

    def go_back(self, message: Any) -> HttpResponse:
        return redirect_to(self.request, reverse("second-factor"), message=message)

    def call(self, form: forms.Form, service: Callable[..., Any], **data: Any) -> Any:
        """What the service answers, or None when it refuses: then the refusal stands in the form."""
        try:
            return service(self.actor, **data)
        except ConfirmationRequired:
            raise
        except BusinessError as error:
            add_refusal(form, error)
            return None

    def show_added(self, added: second_factor.Added, message: Any) -> HttpResponse:
        """The recovery codes of a first factor, else back to the list."""
        return self.show_codes(added.recovery_codes) if added.recovery_codes else self.go_back(message)

    def show_codes(self, codes: list[str]) -> HttpResponse:
        shown = [f"{code[:4]} {code[4:]}" for code in codes]
        go_on = asked_next(self.request) or reverse("account")
        return self.draw_part(
            "accounts/security/recovery_codes.html", codes=shown, codes_text="\n".join(["Baylink", *shown]), go_on=go_on
        )


def describe_factors(user: User, *, must_enrol: bool = False) -> dict[str, Any]:
    """What the list of one's factors shows (`accounts/security/second_factor.html`, as `factors`)."""
    return {
        "methods": second_factor.methods_of(user),
        "must_enrol": must_enrol,
        "totp": second_factor.find_totp(user),
        "passkeys": list(second_factor.list_passkeys(user)),
        "recovery_codes_left": second_factor.count_recovery_codes(user),
        "identities": list_identities(user),
        "apps": list_connected_apps(user),
    }


class SecondFactorView(SecurityPage):
    """One's own factors."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw_part(factors=describe_factors(self.user, must_enrol=self.actor.must_enrol))


class ConfirmView(SecurityPage):
    """Asks for the password once more."""

    part = "accounts/security/confirm.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw_part(form=ConfirmPasswordForm())

    @method_decorator(sensitive_post_parameters("password"))
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ConfirmPasswordForm(request.POST)
        if form.is_valid():
            self.call(form, second_factor.confirm_password, **form.cleaned_data)
        if form.errors:
            return self.draw_part(form=form, status=422)
        page, wish = reverse("second-factor"), asked_next(request)
        said = _("Thank you. You can change it now.")
        return redirect_to(request, f"{page}?{urlencode({'next': wish})}" if wish else page, message=said)


class TotpView(SecurityPage):
    """Shows the QR code for an authenticator app."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        set_up = second_factor.start_totp(self.actor)
        drawn = segno.make(set_up.url, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
        return self.draw_part(
            "accounts/security/totp.html",
            form=AppCodeForm(),
            # Drawn by the library from digits alone; nothing typed by anybody is in it.
            qr=SafeString(drawn),
            secret=set_up.secret,
            secret_shown=" ".join(set_up.secret[at : at + 4] for at in range(0, len(set_up.secret), 4)),
        )


class ConfirmTotpView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AppCodeForm(request.POST)
        added = self.call(form, second_factor.confirm_totp, **form.cleaned_data) if form.is_valid() else None
        if added is None:
            return self.draw_part("accounts/security/totp.html", form=form, status=422)
        return self.show_added(added, _("The authenticator app is set up."))


class RemoveTotpView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        second_factor.remove_totp(self.actor)
        return self.go_back(_("The authenticator app is removed."))


class PasskeyView(SecurityPage):
    """Makes a passkey with the page's script and keeps it."""

    part = "accounts/security/passkey.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        second_factor.check_recently_confirmed(self.actor)
        return self.draw_part(form=NewPasskeyForm(), has_passkey_script=True)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewPasskeyForm(request.POST)
        added = None
        if form.is_valid():
            added = self.call(form, second_factor.confirm_passkey, **form.cleaned_data, origin=site_origin(request))
        if added is None:
            return self.draw_part(form=form, has_passkey_script=True, status=422)
        return self.show_added(added, _("The passkey is added."))


class PasskeyOptionsView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(second_factor.start_passkey(self.actor, origin=site_origin(request)))


class RemovePasskeyView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        second_factor.remove_passkey(self.actor, passkey_id=kwargs["id"])
        return self.go_back(_("The passkey is removed."))


class RecoveryCodesView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show_codes(second_factor.renew_recovery_codes(self.actor))


class DisconnectAppView(SecurityPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        disconnect_app(self.actor, client_id=kwargs["id"])
        return self.go_back(_("The app is disconnected."))


OWN = "account/second-factor/"
urlpatterns: list[URLPattern] = [
    path("login/second/", SecondStepView.as_view(), name="second-step"),
    path("login/second/passkey/", SecondStepPasskeyView.as_view(), name="second-step-passkey"),
    path(OWN, SecondFactorView.as_view(), name="second-factor"),
    path(f"{OWN}confirm/", ConfirmView.as_view(), name="second-factor-confirm"),
    path(f"{OWN}totp/", TotpView.as_view(), name="second-factor-totp"),
    path(f"{OWN}totp/confirm/", ConfirmTotpView.as_view(), name="second-factor-totp-confirm"),
    path(f"{OWN}totp/remove/", RemoveTotpView.as_view(), name="second-factor-totp-remove"),
    path(f"{OWN}passkey/", PasskeyView.as_view(), name="second-factor-passkey"),
    path(f"{OWN}passkey/options/", PasskeyOptionsView.as_view(), name="second-factor-passkey-options"),
    path(f"{OWN}passkey/<str:id>/remove/", RemovePasskeyView.as_view(), name="second-factor-passkey-remove"),
    path(f"{OWN}apps/<str:id>/remove/", DisconnectAppView.as_view(), name="connected-app-remove"),
    path(f"{OWN}recovery-codes/", RecoveryCodesView.as_view(), name="second-factor-recovery-codes"),
]
