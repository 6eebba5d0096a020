"""/webhooks: the company's addresses, their messages, and the events there are."""

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
from apps.core.api.viewsets import ResourceViewSet
from apps.core.db import get_visible
from apps.platform.webhooks import selectors, services
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.permissions import WEBHOOK_EDIT
from apps.platform.webhooks.services.endpoints import secret_of


class WebhookShape(ApiModelSerializer):
    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "url",
            "description",
            "events",
            "is_active",
            "disabled_reason",
            "disabled_at",
            "failures_in_row",
            "failing_since",
            "last_success_at",
            "old_secret_until",
            "version",
            "created_at",
        ]


class SecretShape(WebhookShape):
    """A webhook with its secret, which is told here and never again."""

    secret = serializers.SerializerMethodField()

    class Meta(WebhookShape.Meta):
        fields = [*WebhookShape.Meta.fields, "secret"]

    def get_secret(self, row: WebhookEndpoint) -> str:
        return secret_of(row)


class WebhookInput(ApiSerializer):
    """Address, events (see `/webhooks/events`), and what it is for."""

    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=60), max_length=200)
    description = serializers.CharField(max_length=120, required=False, allow_blank=True)


class WebhookDeliveryShape(ApiModelSerializer):
    """A message; `payload` is its `data`."""

    webhook_id = serializers.UUIDField(source="endpoint_id")

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "webhook_id",
            "name",
            "payload",
            "happened_at",
            "state",
            "attempts",
            "next_try_at",
            "last_tried_at",
            "last_status",
            "response_excerpt",
            "error",
            "duration_ms",
            "delivered_at",
            "created_at",
        ]


class EventFieldShape(ApiSerializer):
    name = serializers.CharField()
    meaning = serializers.CharField()


class EventShape(ApiSerializer):
    """An event, the right it takes to subscribe, and what its messages hold."""

    name = serializers.CharField()
    label = serializers.CharField()
    permission = serializers.CharField()
    fields = EventFieldShape(many=True)


class WebhookViewSet(ResourceViewSet):
    queryset_for = staticmethod(selectors.list_endpoints)
    serializer_class = WebhookShape
    input_classes = {"create": WebhookInput, "update": WebhookInput}
    output_classes = {"create": SecretShape}
    filters = {"isActive": ("eq",), "createdAt": ("gte", "lte")}
    sorts = ("createdAt",)
    rights = dict.fromkeys(
        ("list", "retrieve", "create", "update", "destroy", "rotate_secret", "test", "enable", "disable"), WEBHOOK_EDIT
    )

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = services.add_endpoint(self.actor, **self.read_body())
        return self.show(row, output=SecretShape, status=201)

    def perform_update(self, instance: WebhookEndpoint, data: dict[str, Any]) -> WebhookEndpoint:
        return services.update_endpoint(self.actor, instance, version=self.expected_version, **data)

    def perform_destroy(self, instance: WebhookEndpoint) -> None:
        services.remove_endpoint(self.actor, instance)

    @step("rotate-secret", output=SecretShape)
    def rotate_secret(self, instance: WebhookEndpoint, data: dict[str, Any]) -> WebhookEndpoint:
        """Makes a new secret; the old one signs too for a day."""
        return services.rotate_secret(self.actor, instance)

    @step("test", output=WebhookDeliveryShape)
    def test(self, instance: WebhookEndpoint, data: dict[str, Any]) -> WebhookDelivery:
        """Queues a test message."""
        return services.send_test(self.actor, instance)

    @step("enable")
    def enable(self, instance: WebhookEndpoint, data: dict[str, Any]) -> WebhookEndpoint:
        """Switches it on."""
        return services.switch_on(self.actor, instance)

    @step("disable")
    def disable(self, instance: WebhookEndpoint, data: dict[str, Any]) -> WebhookEndpoint:
        """Switches it off and gives up what waits."""
        return services.switch_off(self.actor, instance)


class DeliveryViewSet(ResourceViewSet):
    """Messages to one address."""

    serializer_class = WebhookDeliveryShape
    filters = {"state": ("eq", "in"), "name": ("eq", "in"), "createdAt": ("gte", "lte")}
    sorts = ("createdAt",)
    rights = {"list": WEBHOOK_EDIT, "retrieve": WEBHOOK_EDIT, "redeliver": WEBHOOK_EDIT}
    queryset_for = staticmethod(selectors.list_deliveries)

    def get_queryset(self) -> Any:
        endpoint = get_visible(selectors.list_endpoints(self.actor), self.actor, self.kwargs["webhook_id"])
        return super().get_queryset().filter(endpoint=endpoint)

    @step("redeliver")
    def redeliver(self, instance: WebhookDelivery, data: dict[str, Any]) -> WebhookDelivery:
        """Sends it again, with the same id."""
        return services.redeliver(self.actor, instance)


class EventsView(ApiView):
    """What webhooks can be told of."""

    rights = {"get": AUTHENTICATED}
    serializer_class = EventShape

    def get(self, request: Request) -> Response:
        self.actor.require(WEBHOOK_EDIT)
        return Response(EventShape(selectors.list_events(self.actor), many=True).data)


URLS = [path("webhooks/events", EventsView.as_view(), name="webhook-events")]
ROUTES = [
    route("webhooks", WebhookViewSet, "webhook"),
    route(r"webhooks/(?P<webhook_id>[^/]+)/deliveries", DeliveryViewSet, "webhook-delivery"),
]
