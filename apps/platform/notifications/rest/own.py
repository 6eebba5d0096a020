"""/notifications: one's own list, preferences, quiet hours and linked channels."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.steps import step
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet, action
from apps.platform.notifications import selectors, services
from apps.platform.notifications.models import Notification, PushSubscription, QuietHours, TelegramLink
from apps.platform.notifications.senders import vapid
from apps.platform.notifications.services import telegram


class NotificationShape(ApiModelSerializer):
    is_read = serializers.SerializerMethodField(method_name="get_is_read")

    class Meta:
        model = Notification
        fields = ["id", "type", "category", "title", "body", "url", "is_read", "read_at", "created_at"]

    def get_is_read(self, row: Notification) -> bool:
        return row.read_at is not None


class ReadAllResult(ApiSerializer):
    """`changed`: how many were unread."""

    changed = serializers.IntegerField()


class QuietShape(ApiSerializer):
    """Times of the user's own clock; they may go over midnight."""

    is_on = serializers.BooleanField()
    begins_at = serializers.TimeField(format="%H:%M")
    ends_at = serializers.TimeField(format="%H:%M")


class TelegramShape(ApiSerializer):
    """`isAvailable`: whether this installation has a bot at all."""

    is_available = serializers.BooleanField()
    is_linked = serializers.BooleanField()
    username = serializers.CharField()


class TelegramCodeShape(ApiSerializer):
    """The code is good for ten minutes and one use; `url` opens the chat and hands it over."""

    code = serializers.CharField()
    url = serializers.CharField()


class BrowserKeys(ApiSerializer):
    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)


class BrowserInput(ApiSerializer):
    """What the browser's PushSubscription says of itself."""

    endpoint = serializers.URLField(max_length=600)
    keys = BrowserKeys()
    device = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class BrowserGone(ApiSerializer):
    endpoint = serializers.CharField(max_length=600)


class BrowserShape(ApiModelSerializer):
    class Meta:
        model = PushSubscription
        fields = ["id", "endpoint", "device", "last_used_at", "created_at"]


class PushShape(ApiSerializer):
    """`publicKey` is the server's key that a browser needs to subscribe; empty when there is none here."""

    public_key = serializers.CharField()
    browsers = BrowserShape(many=True)


class PreferencesShape(ApiSerializer):
    """`preferences`: category → channel → wanted."""

    preferences = serializers.DictField(child=serializers.DictField(child=serializers.BooleanField()))


class NotificationViewSet(ResourceViewSet):
    queryset_for = staticmethod(selectors.list_notifications)
    serializer_class = NotificationShape
    filters = {"type": ("eq", "in"), "category": ("eq", "in"), "createdAt": ("gte", "lte"), "isRead": ("eq",)}
    filter_sources = {"isRead": lambda rows, operator, text: rows.filter(read_at__isnull=text != "true")}
    sorts = ("createdAt",)
    rights = {"list": AUTHENTICATED, "destroy": AUTHENTICATED, "read": AUTHENTICATED, "read_all": AUTHENTICATED}
    output_classes = {"read_all": ReadAllResult}

    @step("read")
    def read(self, instance: Notification, data: dict[str, Any]) -> Notification:
        """Marks it as read."""
        return services.mark_read(self.actor, instance.pk)

    @action(detail=False, methods=["put", "post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Marks everything as read."""
        return Response(ReadAllResult({"changed": services.mark_all_read(self.actor)}).data)

    def perform_destroy(self, instance: Notification) -> None:
        services.delete_notification(self.actor, instance.pk)


class PreferencesView(ApiView):
    """Which kinds of messages reach me on which channel."""

    rights = {"get": AUTHENTICATED, "put": AUTHENTICATED}
    serializer_class = PreferencesShape

    def get(self, request: Request) -> Response:
        return Response(self._shown())

    def put(self, request: Request) -> Response:
        shape = PreferencesShape(data=request.data)
        shape.is_valid(raise_exception=True)
        services.save_preferences(self.actor, wanted=shape.validated_data["preferences"])
        return Response(self._shown())

    def _shown(self) -> Any:
        return PreferencesShape({"preferences": selectors.list_preferences(self.actor)}).data


class QuietView(ApiView):
    """When I do not want to be disturbed."""

    rights = {"get": AUTHENTICATED, "put": AUTHENTICATED}
    serializer_class = QuietShape

    def get(self, request: Request) -> Response:
        return Response(QuietShape(selectors.quiet_hours_of(self.actor)).data)

    def put(self, request: Request) -> Response:
        row: QuietHours = services.save_quiet_hours(self.actor, **self.read_body())
        return Response(QuietShape(row).data)


class TelegramView(ApiView):
    """My Telegram chat: its state, a code to link it, the end of it."""

    rights = {"get": AUTHENTICATED, "post": AUTHENTICATED, "delete": AUTHENTICATED}
    output_classes = {"get": TelegramShape, "post": TelegramCodeShape}
    serializer_class = TelegramShape

    def get(self, request: Request) -> Response:
        link: TelegramLink | None = selectors.telegram_link_of(self.actor)
        values = {
            "is_available": telegram.is_available(),
            "is_linked": link is not None,
            "username": link.username if link else "",
        }
        return Response(TelegramShape(values).data)

    def post(self, request: Request) -> Response:
        code = services.make_telegram_code(self.actor)
        return Response(TelegramCodeShape({"code": code, "url": telegram.chat_address(code)}).data, status=201)

    def delete(self, request: Request) -> Response:
        services.unlink_telegram(self.actor)
        return Response(status=204)


class PushView(ApiView):
    """The browsers that show my messages."""

    rights = {"get": AUTHENTICATED, "post": AUTHENTICATED, "delete": AUTHENTICATED}
    serializer_class = PushShape
    input_classes = {"post": BrowserInput, "delete": BrowserGone}
    output_classes = {"get": PushShape, "post": BrowserShape}

    def get(self, request: Request) -> Response:
        rows = selectors.list_browsers(self.actor)
        return Response(PushShape({"public_key": vapid.public_key(), "browsers": rows}).data)

    def post(self, request: Request) -> Response:
        data = self.read_body()
        row = services.subscribe_browser(self.actor, endpoint=data["endpoint"], device=data["device"], **data["keys"])
        return Response(BrowserShape(row).data, status=201)

    def delete(self, request: Request) -> Response:
        services.unsubscribe_browser(self.actor, **self.read_body())
        return Response(status=204)


URLS = [
    path("notifications/preferences", PreferencesView.as_view(), name="notification-preferences-api"),
    path("notifications/quiet-hours", QuietView.as_view(), name="notification-quiet-api"),
    path("notifications/telegram", TelegramView.as_view(), name="notification-telegram-api"),
    path("notifications/push", PushView.as_view(), name="notification-push-api"),
]
ROUTES = [route("notifications", NotificationViewSet, "notification")]
