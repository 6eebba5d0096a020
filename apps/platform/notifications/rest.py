"""/notifications: one's own list, preferences, and the company's sent messages."""

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
from apps.platform.notifications.models import Delivery, Notification


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


class DeliveryShape(ApiModelSerializer):
    class Meta:
        model = Delivery
        fields = [
            "id",
            "type",
            "channel",
            "address",
            "subject",
            "state",
            "attempts",
            "provider",
            "error",
            "sent_at",
            "created_at",
        ]


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


class HistoryViewSet(ResourceViewSet):
    """Emails and SMS of the company, with what became of them."""

    queryset_for = staticmethod(selectors.list_deliveries)
    serializer_class = DeliveryShape
    filters = {
        "state": ("eq", "in"),
        "channel": ("eq", "in"),
        "type": ("eq", "in"),
        "address": ("eq",),
        "createdAt": ("gte", "lte"),
    }
    sorts = ("createdAt",)
    rights = {"list": "notification.send", "again": "notification.send"}

    @step("again")
    def again(self, instance: Delivery, data: dict[str, Any]) -> Delivery:
        """Queues a failed message anew."""
        return services.send_again(self.actor, instance)


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


URLS = [path("notifications/preferences", PreferencesView.as_view(), name="notification-preferences-api")]
ROUTES = [
    route("notifications/history", HistoryViewSet, "notification-history"),
    route("notifications", NotificationViewSet, "notification"),
]
