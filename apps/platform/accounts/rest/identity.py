"""Sign-up, verification, log-in by code, forgotten passwords: addresses of the API."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import success
from apps.core.api.errors import LogInRequired
from apps.core.api.names import camel
from apps.core.api.routing import Route
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import PublicView
from apps.core.db import get_visible
from apps.core.errors import BadInput
from apps.platform.accounts import services
from apps.platform.accounts.devices import read_app_device
from apps.platform.accounts.models import OneTimeCode
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.rest.log_in import LogInShape, UserShape, answer_log_in
from apps.platform.accounts.services.codes import RESEND_AFTER
from apps.platform.accounts.services.log_in_by_code import METHOD, log_in_by_code, request_log_in_code
from apps.platform.accounts.services.reset import (
    TICKET_MINUTES,
    exchange_reset_code,
    forgot_password,
    reset_password_by_code,
    reset_password_by_link,
)
from apps.platform.accounts.services.sign_up import Origin, resend_sign_up_code, sign_up, verify_sign_up
from apps.platform.accounts.services.verify import confirm_verification, request_verification
from apps.platform.organizations.models import Branch, Membership, Role
from apps.platform.organizations.services import add_staff

Purpose = OneTimeCode.Purpose
OWN_KINDS = {Purpose.EMAIL_VERIFICATION: "email", Purpose.PHONE_VERIFICATION: "phone"}
PURPOSES = [Purpose.EMAIL_VERIFICATION, Purpose.PHONE_VERIFICATION, Purpose.PASSWORD_RESET, Purpose.LOGIN_2FA]
NAMES = ("identifier", "email", "phone")


def origin_of(request: Request) -> dict[str, Any]:
    """Where the call comes from, as the services take it."""
    return {"ip": client_address(request._request), "user_agent": user_agent(request._request)}


class NamedInput(ApiSerializer):
    """At most one of `identifier`, `email`, `phone` names the account."""

    identifier = serializers.CharField(max_length=254, required=False)
    email = serializers.CharField(max_length=254, required=False)
    phone = serializers.CharField(max_length=40, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = [attrs.pop(key) for key in NAMES if key in attrs]
        if len(names) > 1:
            raise serializers.ValidationError({"identifier": [_("Give an email address or a phone number.")]})
        return {**attrs, "identifier": names[0] if names else ""}


class NewPasswordInput(NamedInput):
    """`token` from the link in the letter; or the address that the code was sent to, and `code`."""

    token = serializers.CharField(max_length=200, required=False)
    code = serializers.CharField(max_length=12, required=False)
    new_password = serializers.CharField(max_length=128, trim_whitespace=False)


class RegisterInput(ApiSerializer):
    """Without a log-in: `email`, `password`, `firstName` and `acceptTerms` (true) are needed.

    With `staff.edit` in a company: an invitation to work there; `roleId` and `email` or `phone` are needed.
    """

    email = serializers.CharField(max_length=254, required=False)
    phone = serializers.CharField(max_length=40, required=False)
    password = serializers.CharField(max_length=128, trim_whitespace=False, required=False)
    first_name = serializers.CharField(max_length=80)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=services.LANGUAGES, required=False)
    accept_terms = serializers.BooleanField(required=False)
    wants_news = serializers.BooleanField(required=False)
    role_id = serializers.UUIDField(required=False)
    branch_id = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)

    customers = frozenset({"email", "password", "first_name", "last_name", "language", "accept_terms", "wants_news"})
    staff = frozenset({"email", "phone", "first_name", "last_name", "role_id", "branch_id", "title"})

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_staff = self.context["actor"].is_authenticated
        unread = set(attrs) - (self.staff if is_staff else self.customers)
        needed = {"role_id"} if is_staff else {"email", "password"}
        faults = {name: [_("This field is not for this kind of account.")] for name in unread}
        faults |= {name: [_("This field is required.")] for name in needed - set(attrs)}
        if not is_staff and not attrs.pop("accept_terms", False):
            faults["accept_terms"] = [_("An account needs your agreement.")]
        if faults:
            raise serializers.ValidationError({camel(name): texts for name, texts in faults.items()})
        return attrs


class RegisterShape(ApiSerializer):
    """For a customer `signUpId`, for POST /auth/verify-email; for staff `invitationId`.

    Whoever works in the company already gets a further role at once: then it is `user` and `membershipId`.
    """

    sign_up_id = serializers.UUIDField(required=False)
    resend_after = serializers.IntegerField(required=False, help_text="seconds until another code may be asked for")
    user = UserShape(required=False)
    membership_id = serializers.UUIDField(required=False)
    invitation_id = serializers.UUIDField(required=False)


class RegisterView(PublicView):
    """Makes an account.

    Strangers: a customer's account, made when the code from the letter is given to /auth/verify-email. The answer is the
    same when the address has an account already; then its owner gets a letter. Who has `staff.edit` in their company
    invites somebody to work there.
    """

    http_method_names = ["post"]
    serializer_class = RegisterInput
    output_classes = {"post": RegisterShape}
    creates = {"post"}

    def post(self, request: Request) -> Response:
        if self.actor.is_authenticated:
            self.actor.require("staff.edit")
            return self.add_staff(self.read_body())
        row = sign_up(**self.read_body(), origin=Origin(**origin_of(request)))
        answer = {"sign_up_id": row.pk, "resend_after": RESEND_AFTER.seconds}
        text = _("We have sent a code to your email address.")
        return Response(success(RegisterShape(answer).data, message=text), status=201)

    def add_staff(self, body: dict[str, Any]) -> Response:
        branch_id = body.pop("branch_id", None)
        role = get_visible(Role.objects.all(), self.actor, body.pop("role_id"))
        branch = get_visible(Branch.objects.all(), self.actor, branch_id) if branch_id else None
        names = (body.pop("last_name", ""), body.pop("first_name"))
        made = add_staff(self.actor, role=role, branch=branch, name=" ".join(filter(None, names)), **body)
        is_colleague = isinstance(made, Membership)
        answer = {"user": made.user, "membership_id": made.pk} if is_colleague else {"invitation_id": made.pk}
        return Response(RegisterShape(answer).data, status=201)


class VerifyEmailInput(ApiSerializer):
    """`signUpId` from /auth/register; without it the code proves the email address of whoever is logged in."""

    sign_up_id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=12)
    device = serializers.CharField(max_length=120, required=False, default="")


class VerifyEmailView(PublicView):
    """The code from the letter: makes the customer's account and logs the app in, or proves one's own email address.

    Refusals: VALIDATION_001 for a wrong code, which counts; BUSINESS_001 with rule `code_expired` after five of them.
    """

    http_method_names = ["post"]
    serializer_class = VerifyEmailInput
    output_classes = {"post": LogInShape}

    def post(self, request: Request) -> Response:
        body = self.read_body()
        origin = origin_of(request)
        if "sign_up_id" not in body:
            return Response({"user": UserShape(prove(self.actor, kind="email", code=body["code"])).data})
        user = verify_sign_up(body["sign_up_id"], code=body["code"], origin=Origin(**origin))
        entered = services.enter_app(
            user, method="sign_up", identifier=user.email or "", device=body["device"], **origin
        )
        return answer_log_in(request, entered)


def prove(actor: Any, *, kind: str, code: str) -> Any:
    """The actor with one more proven address. Raises LogInRequired for those who are not logged in."""
    if not actor.is_authenticated:
        raise LogInRequired
    return confirm_verification(actor, kind=kind, code=code)


class CodeRequestInput(NamedInput):
    """`login_2fa` and `password_reset` need an address; the other two a log-in, or `signUpId` for a sign-up."""

    purpose = serializers.ChoiceField(choices=PURPOSES)
    channel = serializers.ChoiceField(choices=OneTimeCode.Channel.values, required=False)
    sign_up_id = serializers.UUIDField(required=False)


class CodeRequestShape(ApiSerializer):
    resend_after = serializers.IntegerField(help_text="seconds until another code may be asked for")


class CodeRequestView(PublicView):
    """Sends a one-time code of six digits, if somebody has the address; the answer does not tell.

    Refusals: RATE_001 with Retry-After within 60 seconds of the last code, and after too many in an hour.
    """

    http_method_names = ["post"]
    serializer_class = CodeRequestInput
    output_classes = {"post": CodeRequestShape}

    def post(self, request: Request) -> Response:
        self.send(self.read_body(), ip=client_address(request._request))
        text = _("If there is an account with this address, a code is on its way.")
        return Response(success(CodeRequestShape({"resend_after": RESEND_AFTER.seconds}).data, message=text))

    def send(self, body: dict[str, Any], *, ip: str | None) -> None:
        purpose, identifier = body["purpose"], body["identifier"]
        if purpose in OWN_KINDS:
            if "sign_up_id" in body:
                resend_sign_up_code(body["sign_up_id"], ip=ip)
            elif self.actor.is_authenticated:
                request_verification(self.actor, kind=OWN_KINDS[purpose])
            else:
                raise LogInRequired
            return
        channel = body.get("channel", "")
        if channel and (channel == OneTimeCode.Channel.EMAIL) != ("@" in identifier):
            raise BadInput(field="channel", errors={"channel": [_("The address does not fit the channel.")]})
        send = forgot_password if purpose == Purpose.PASSWORD_RESET else request_log_in_code
        send(identifier, ip=ip)


class CodeAnswerInput(NamedInput):
    purpose = serializers.ChoiceField(choices=PURPOSES)
    code = serializers.CharField(max_length=12)
    device = serializers.CharField(max_length=120, required=False, default="")


class CodeAnswerShape(LogInShape):
    """`login_2fa`: tokens, or `secondFactor`. `password_reset`: `resetToken`. The other two: `user`."""

    reset_token = serializers.CharField(required=False, help_text="for POST /auth/reset-password, good once")
    reset_token_expires_in = serializers.IntegerField(required=False, help_text="seconds")


class CodeAnswerView(PublicView):
    """Uses up a one-time code.

    Refusals, alike for addresses that nobody has: VALIDATION_001 for a wrong code, which counts; BUSINESS_001 with rule
    `code_expired` after five wrong tries, ten minutes or one use; RATE_001 as at the log-in.
    """

    http_method_names = ["post"]
    serializer_class = CodeAnswerInput
    output_classes = {"post": CodeAnswerShape}

    def post(self, request: Request) -> Response:
        body = self.read_body()
        purpose, identifier, code = body["purpose"], body["identifier"], body["code"]
        if purpose in OWN_KINDS:
            return Response({"user": UserShape(prove(self.actor, kind=OWN_KINDS[purpose], code=code)).data})
        if purpose == Purpose.PASSWORD_RESET:
            token = exchange_reset_code(identifier, code=code)
            answer = {"reset_token": token, "reset_token_expires_in": TICKET_MINUTES * 60}
            return Response(CodeAnswerShape(answer).data)
        origin = origin_of(request)
        user = log_in_by_code(identifier, code, device=read_app_device(request._request), **origin)
        entered = services.enter_app(user, method=METHOD, identifier=identifier, device=body["device"], **origin)
        return answer_log_in(request, entered)


class ForgotPasswordView(PublicView):
    """Sends link and code to set another password, if somebody has the address; the answer does not tell."""

    http_method_names = ["post"]
    authentication_classes: list[Any] = []
    serializer_class = NamedInput
    output_classes = {"post": CodeRequestShape}

    def post(self, request: Request) -> Response:
        forgot_password(self.read_body()["identifier"], ip=client_address(request._request))
        text = _("If there is an account with this address, a message is on its way.")
        return Response(success(CodeRequestShape({"resend_after": RESEND_AFTER.seconds}).data, message=text))


class ResetPasswordView(PublicView):
    """Sets another password by link or by code, once, and ends all sessions of the account.

    Refusals: NOT_FOUND_001 for a token that is none, BUSINESS_001 with rule `link_expired` or `code_expired`.
    """

    http_method_names = ["post"]
    authentication_classes: list[Any] = []
    serializer_class = NewPasswordInput

    def post(self, request: Request) -> Response:
        body = self.read_body()
        origin = origin_of(request)
        if "token" in body:
            reset_password_by_link(body["token"], new_password=body["new_password"], **origin)
        elif "code" in body:
            reset_password_by_code(body["identifier"], code=body["code"], new_password=body["new_password"], **origin)
        else:
            raise BadInput(field="token", errors={"token": [_("Give the token of the link, or the code.")]})
        text = _("Your new password is set. All devices are logged out; please log in with it.")
        return Response(success(None, message=text))


URLS: list[URLPattern] = [
    path("auth/register", RegisterView.as_view(), name="auth-register"),
    path("auth/verify-email", VerifyEmailView.as_view(), name="auth-verify-email"),
    path("auth/otp/request", CodeRequestView.as_view(), name="auth-otp-request"),
    path("auth/otp/verify", CodeAnswerView.as_view(), name="auth-otp-verify"),
    path("auth/forgot-password", ForgotPasswordView.as_view(), name="auth-forgot-password"),
    path("auth/reset-password", ResetPasswordView.as_view(), name="auth-reset-password"),
]
ROUTES: list[Route] = []
