"""Log-in, tokens, own devices: /api/v1/auth and /api/v1/users/me/…"""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import success
from apps.core.api.pagination import CursorPagination
from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView, PublicView
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.accounts import selectors, services
from apps.platform.accounts.devices import read_app_device, sign_device
from apps.platform.accounts.models import LoginHistory, User, UserSession
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.services.second_factor import METHODS


class LogInInput(ApiSerializer):
    """One of `identifier`, `email`, `phone` names the account."""

    identifier = serializers.CharField(max_length=254, required=False)
    email = serializers.CharField(max_length=254, required=False)
    phone = serializers.CharField(max_length=40, required=False)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    device = serializers.CharField(max_length=120, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = [attrs.pop(key) for key in ("identifier", "email", "phone") if key in attrs]
        if len(names) != 1:
            raise serializers.ValidationError({"identifier": [_("Give an email address or a phone number.")]})
        return {**attrs, "identifier": names[0]}


class UserShape(ApiModelSerializer):
    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "email", "phone", "first_name", "last_name", "full_name", "language", "timezone"]


class TokenShape(ApiSerializer):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="seconds until the access token ends")
    session_id = serializers.UUIDField(source="session.pk")
    user = UserShape(source="session.user")


class EnteredShape(TokenShape):
    device_id = serializers.CharField(
        help_text="keep it, and send it as X-Device-Id at the next log-in: the phone is known then"
    )


class SecondStepShape(ApiSerializer):
    ticket = serializers.CharField(help_text="good once, from the same device and address")
    methods = serializers.ListField(child=serializers.ChoiceField(choices=METHODS))
    expires_in = serializers.IntegerField(help_text="seconds until the ticket ends")


class LogInShape(ApiSerializer):
    """The tokens; or `secondFactor` alone, for an account with a second factor: then POST /auth/mfa/verify comes next."""

    access_token = serializers.CharField(required=False)
    refresh_token = serializers.CharField(required=False)
    token_type = serializers.CharField(required=False)
    expires_in = serializers.IntegerField(required=False, help_text="seconds until the access token ends")
    session_id = serializers.UUIDField(required=False)
    device_id = serializers.CharField(required=False, help_text="for X-Device-Id at the next log-in")
    user = UserShape(required=False)
    second_factor = SecondStepShape(required=False)


def answer_log_in(request: Request, entered: services.TokenPair | services.SecondStepAsked) -> Response:
    """What an app gets after a right first step."""
    if isinstance(entered, services.SecondStepAsked):
        return Response({"secondFactor": SecondStepShape(entered).data})
    mark = sign_device(read_app_device(request._request), entered.session.user)
    return Response({**TokenShape(entered).data, "deviceId": mark})


class LogInView(PublicView):
    """Logs an app in by email or phone and password. Refusals: AUTH_001, RATE_001 with Retry-After.

    `deviceId` of the answer, sent as `X-Device-Id` at the next log-in, tells that the same people used this phone before:
    they get no letter about a new device. A made-up or somebody else's one is no better than none.

    An account with a second factor gets no tokens yet but `secondFactor` with a ticket and the methods it may answer
    with; the tokens come from POST /auth/mfa/verify.
    """

    authentication_classes: list[Any] = []
    serializer_class = LogInInput
    output_classes = {"post": LogInShape}

    def post(self, request: Request) -> Response:
        entered = services.log_in_app(
            **self.read_body(),
            known=read_app_device(request._request),
            ip=client_address(request._request),
            user_agent=user_agent(request._request),
        )
        return answer_log_in(request, entered)


class RefreshInput(ApiSerializer):
    refresh_token = serializers.CharField(max_length=200)


class RefreshView(PublicView):
    """Exchanges a refresh token. A token that was exchanged before ends the session (AUTH_002)."""

    authentication_classes: list[Any] = []
    serializer_class = RefreshInput
    output_classes = {"post": TokenShape}

    def post(self, request: Request) -> Response:
        pair = services.rotate_refresh_token(self.read_body()["refresh_token"], ip=client_address(request._request))
        return Response(TokenShape(pair).data)


class NoInput(ApiSerializer):
    """An address that needs no words."""


class LogOutView(ApiView):
    """Ends the session of the token (or browser) that calls."""

    is_open_while_enrolling = True

    rights = {"post": AUTHENTICATED}
    serializer_class = NoInput

    def post(self, request: Request) -> Response:
        self.read_body()
        if self.actor.session_id:
            services.end_session(self.actor, session_id=self.actor.session_id)
        return Response(success(None, message=_("You are logged out.")))


class PasswordInput(ApiSerializer):
    current_password = serializers.CharField(max_length=128, trim_whitespace=False)
    new_password = serializers.CharField(max_length=128, trim_whitespace=False)


class PasswordView(ApiView):
    """Changes one's own password and ends all other sessions."""

    rights = {"put": AUTHENTICATED}
    serializer_class = PasswordInput

    def put(self, request: Request) -> Response:
        services.change_password(self.actor, **self.read_body())
        return Response(success(None, message=_("Your password is changed. All other devices are logged out.")))


class SessionShape(ApiModelSerializer):
    is_current = serializers.SerializerMethodField(method_name="is_callers_own")

    class Meta:
        model = UserSession
        fields = ["id", "kind", "device", "user_agent", "ip", "method", "created_at", "last_seen_at", "expires_at"]
        fields += ["is_current"]

    def is_callers_own(self, row: UserSession) -> bool:
        return bool(row.pk == self.context["actor"].session_id)


class SessionViewSet(ResourceViewSet):
    """One's own open sessions; ending one logs that device out on its next request."""

    queryset_for = staticmethod(selectors.list_open_sessions)
    serializer_class = SessionShape
    sorts = ("lastSeenAt", "createdAt")
    rights = {"list": AUTHENTICATED, "destroy": AUTHENTICATED, "end_others": AUTHENTICATED}
    http_method_names = ["get", "delete", "head", "options"]

    def perform_destroy(self, instance: UserSession) -> None:
        services.end_session(self.actor, session_id=instance.pk, reason="ended_by_owner")

    def end_others(self, request: Request) -> Response:
        ended = services.end_other_sessions(self.actor, keep_id=self.actor.session_id)
        return Response({"ended": ended})


class LoginHistoryShape(ApiModelSerializer):
    class Meta:
        model = LoginHistory
        fields = ["id", "method", "succeeded", "reason", "ip", "user_agent", "created_at"]


class LoginHistoryViewSet(ResourceViewSet):
    """One's own log-ins and the failed tries on one's account."""

    queryset_for = staticmethod(selectors.list_login_history)
    serializer_class = LoginHistoryShape
    pagination_class = CursorPagination
    filters = {"succeeded": ("eq",), "createdAt": ("gte", "lte")}
    rights = {"list": AUTHENTICATED}
    http_method_names = ["get", "head", "options"]


URLS = [
    path("auth/login", LogInView.as_view(), name="auth-login"),
    path("auth/refresh", RefreshView.as_view(), name="auth-refresh"),
    path("auth/refresh-token", RefreshView.as_view(), name="auth-refresh-token"),
    path("auth/logout", LogOutView.as_view(), name="auth-logout"),
    path("auth/change-password", PasswordView.as_view(), name="auth-change-password"),
    path("auth/sessions", SessionViewSet.as_view({"get": "list", "delete": "end_others"}), name="auth-sessions"),
    path("auth/sessions/<str:id>", SessionViewSet.as_view({"delete": "destroy"}), name="auth-session"),
]
ROUTES = [route("users/me/login-history", LoginHistoryViewSet, "own-login-history")]
