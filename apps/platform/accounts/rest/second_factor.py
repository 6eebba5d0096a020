"""The second step of the log-in and its set-up: addresses of the API."""

from typing import Any, ClassVar

import segno
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.routing import Route
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import ApiView, PublicView
from apps.platform.accounts import services
from apps.platform.accounts.devices import read_app_device
from apps.platform.accounts.models import User
from apps.platform.accounts.requests import client_address, site_origin, user_agent
from apps.platform.accounts.rest.log_in import EnteredShape, NoInput, answer_log_in
from apps.platform.accounts.services import second_factor


class FactorShape(ApiSerializer):
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class PasskeyShape(FactorShape):
    id = serializers.CharField(source="pk")
    name = serializers.CharField(source="data.name")


class SecondFactorShape(ApiSerializer):
    """`methods` is empty without a factor. `isRequired`: the company, the role or the platform asks for one."""

    methods = serializers.ListField(child=serializers.ChoiceField(choices=second_factor.METHODS))
    is_required = serializers.BooleanField()
    totp = FactorShape(allow_null=True)
    passkeys = PasskeyShape(many=True)
    recovery_codes_left = serializers.IntegerField()
    is_recently_confirmed = serializers.BooleanField(
        help_text="false: factors change only after POST /auth/mfa/confirm-password"
    )


class TotpSetUpShape(ApiSerializer):
    secret = serializers.CharField()
    otpauth_url = serializers.CharField(source="url")
    qr_svg = serializers.SerializerMethodField()

    def get_qr_svg(self, set_up: second_factor.TotpSetUp) -> str:
        """The QR code of the address as SVG."""
        return draw_qr(set_up.url)


class RecoveryCodesShape(ApiSerializer):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), help_text="shown now and never again; empty when the account has codes already"
    )


class CodeInput(ApiSerializer):
    code = serializers.CharField(max_length=20)


class ConfirmPasswordInput(ApiSerializer):
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class PasskeyInput(ApiSerializer):
    """`credential` is what the browser's `navigator.credentials.create()` gave, as JSON."""

    credential = serializers.DictField()
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class PasskeyOptionsShape(ApiSerializer):
    public_key = serializers.DictField(help_text="options of WebAuthn, binary values in base64url")


class TicketInput(ApiSerializer):
    ticket = serializers.CharField(max_length=100)


class VerifyInput(TicketInput):
    """`code` for `totp` and `recovery_code`, `credential` for `passkey`."""

    method = serializers.ChoiceField(choices=second_factor.METHODS)
    code = serializers.CharField(max_length=20, required=False, default="")
    credential = serializers.DictField(required=False, default=dict)


def draw_qr(text: str) -> str:
    """A QR code as inline SVG."""
    return str(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True))


def origin_of(request: Request) -> dict[str, Any]:
    """Where the call comes from, as the services take it."""
    return {"ip": client_address(request._request), "user_agent": user_agent(request._request)}


class OwnFactorsView(ApiView):
    """Base of the addresses that people reach who must set up a factor before anything else."""

    is_open_while_enrolling = True
    rights: ClassVar[dict[str, str]] = dict.fromkeys(("get", "post", "delete"), AUTHENTICATED)
    serializer_class = NoInput


class SecondFactorView(OwnFactorsView):
    """One's own second factors: which there are, whether one is a must, how many recovery codes are left."""

    http_method_names = ["get", "head"]
    output_classes = {"get": SecondFactorShape}

    def get(self, request: Request) -> Response:
        user: User = request.user
        found = {
            "methods": second_factor.methods_of(user),
            "is_required": second_factor.is_demanded(user),
            "totp": second_factor.find_totp(user),
            "passkeys": list(second_factor.list_passkeys(user)),
            "recovery_codes_left": second_factor.count_recovery_codes(user),
            "is_recently_confirmed": second_factor.is_recently_confirmed(self.actor),
        }
        return Response(SecondFactorShape(found).data)


class ConfirmPasswordView(OwnFactorsView):
    """Proves once more with the password who calls; factors may be changed for five minutes."""

    http_method_names = ["post"]
    serializer_class = ConfirmPasswordInput

    def post(self, request: Request) -> Response:
        second_factor.confirm_password(self.actor, **self.read_body())
        return Response(status=204)


class TotpView(OwnFactorsView):
    """POST: a secret for an authenticator app, which counts once it is confirmed. DELETE: removes the app.

    Refusals: AUTH_003 with rule `confirmation_required` when the last proof of who calls is older than five minutes.
    """

    http_method_names = ["post", "delete"]
    output_classes = {"post": TotpSetUpShape}

    def post(self, request: Request) -> Response:
        self.read_body()
        return Response(TotpSetUpShape(second_factor.start_totp(self.actor)).data)

    def delete(self, request: Request) -> Response:
        second_factor.remove_totp(self.actor)
        return Response(status=204)


class ConfirmTotpView(OwnFactorsView):
    """The app shows the right code: it counts from now on. The first factor brings recovery codes."""

    http_method_names = ["post"]
    serializer_class = CodeInput
    output_classes = {"post": RecoveryCodesShape}

    def post(self, request: Request) -> Response:
        return Response(RecoveryCodesShape(second_factor.confirm_totp(self.actor, **self.read_body())).data)


class RecoveryCodesView(OwnFactorsView):
    """New recovery codes; the old ones are worth nothing from now on."""

    http_method_names = ["post"]
    output_classes = {"post": RecoveryCodesShape}

    def post(self, request: Request) -> Response:
        self.read_body()
        codes = second_factor.renew_recovery_codes(self.actor)
        return Response(RecoveryCodesShape({"recovery_codes": codes}).data)


class PasskeysView(OwnFactorsView):
    """What the browser needs to make a passkey."""

    http_method_names = ["post"]
    output_classes = {"post": PasskeyOptionsShape}

    def post(self, request: Request) -> Response:
        self.read_body()
        return Response(second_factor.start_passkey(self.actor, origin=site_origin(request._request)))


class ConfirmPasskeyView(OwnFactorsView):
    """Keeps the passkey that the browser made. The first factor brings recovery codes."""

    http_method_names = ["post"]
    serializer_class = PasskeyInput
    output_classes = {"post": RecoveryCodesShape}

    def post(self, request: Request) -> Response:
        added = second_factor.confirm_passkey(self.actor, **self.read_body(), origin=site_origin(request._request))
        return Response(RecoveryCodesShape(added).data)


class PasskeyView(OwnFactorsView):
    """Removes one of one's own passkeys."""

    http_method_names = ["delete"]

    def delete(self, request: Request, id: str) -> Response:  # noqa: A002 - the name in the address
        second_factor.remove_passkey(self.actor, passkey_id=id)
        return Response(status=204)


class PasskeyOptionsView(PublicView):
    """What the browser needs to answer the second step of a log-in with a passkey."""

    http_method_names = ["post"]
    authentication_classes: list[Any] = []
    serializer_class = TicketInput
    output_classes = {"post": PasskeyOptionsShape}

    def post(self, request: Request) -> Response:
        ticket = self.read_body()["ticket"]
        origin = site_origin(request._request)
        return Response(second_factor.ask_passkey(ticket, **origin_of(request), origin=origin))


class VerifyView(PublicView):
    """The second step of a log-in. Refusals: AUTH_001 wrong, AUTH_002 ticket used or too old, RATE_001."""

    http_method_names = ["post"]
    authentication_classes: list[Any] = []
    serializer_class = VerifyInput
    output_classes = {"post": EnteredShape}

    def post(self, request: Request) -> Response:
        body = self.read_body()
        answer = body["credential"] if body["method"] == second_factor.PASSKEY else body["code"]
        pair = services.finish_app(
            body["ticket"],
            body["method"],
            answer,
            known=read_app_device(request._request),
            **origin_of(request),
            origin=site_origin(request._request),
        )
        return answer_log_in(request, pair)


URLS: list[URLPattern] = [
    path("auth/mfa", SecondFactorView.as_view(), name="auth-mfa"),
    path("auth/mfa/confirm-password", ConfirmPasswordView.as_view(), name="auth-mfa-confirm-password"),
    path("auth/mfa/totp", TotpView.as_view(), name="auth-mfa-totp"),
    path("auth/mfa/totp/confirm", ConfirmTotpView.as_view(), name="auth-mfa-totp-confirm"),
    path("auth/mfa/recovery-codes", RecoveryCodesView.as_view(), name="auth-mfa-recovery-codes"),
    path("auth/mfa/passkeys", PasskeysView.as_view(), name="auth-mfa-passkeys"),
    path("auth/mfa/passkeys/confirm", ConfirmPasskeyView.as_view(), name="auth-mfa-passkey-confirm"),
    path("auth/mfa/passkeys/<str:id>", PasskeyView.as_view(), name="auth-mfa-passkey"),
    path("auth/mfa/passkey-options", PasskeyOptionsView.as_view(), name="auth-mfa-passkey-options"),
    path("auth/mfa/verify", VerifyView.as_view(), name="auth-mfa-verify"),
]
ROUTES: list[Route] = []
