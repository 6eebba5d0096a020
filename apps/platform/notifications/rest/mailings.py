"""/notifications/mailings: one message to many people, written, started, paused and cancelled."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions
from apps.core.api.steps import step
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.notifications import selectors, services
from apps.platform.notifications.models import BulkSend, Channel
from apps.platform.notifications.permissions import NOTIFICATION_SEND
from apps.platform.notifications.states import BULK_SEND


class MailingShape(ApiModelSerializer):
    """`queued` of `total` have been taken; `skipped` did not agree or have no address on the channel."""

    available_actions = AvailableActions(BULK_SEND)

    class Meta:
        model = BulkSend
        fields = [
            "id",
            "name",
            "audience",
            "channel",
            "subject",
            "body",
            "per_minute",
            "state",
            "total",
            "queued",
            "skipped",
            "available_actions",
            "started_at",
            "finished_at",
            "created_at",
        ]


class MailingInput(ApiSerializer):
    """The words may use `{{ name }}`, `{{ organization_name }}` and `{{ organization_phone }}`; an SMS has no subject."""

    name = serializers.CharField(max_length=120)
    audience = serializers.ChoiceField(BulkSend.Audience.choices)
    channel = serializers.ChoiceField([Channel.EMAIL, Channel.SMS, Channel.TELEGRAM])
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    body = serializers.CharField(max_length=8000)
    per_minute = serializers.IntegerField(min_value=1, max_value=600, required=False)


class MailingViewSet(ResourceViewSet):
    """Mailings of the company."""

    queryset_for = staticmethod(selectors.list_bulk_sends)
    serializer_class = MailingShape
    input_classes: ClassVar[dict[str, Any]] = {"create": MailingInput, "update": MailingInput}
    filters = {"state": ("eq", "in"), "channel": ("eq", "in"), "audience": ("eq",), "createdAt": ("gte", "lte")}
    sorts = ("createdAt", "name")
    search = ("name", "subject")
    rights = dict.fromkeys(
        ("list", "retrieve", "create", "update", "start", "pause", "resume", "cancel"), NOTIFICATION_SEND
    )
    idempotent = {"create", "start"}

    def perform_create(self, data: dict[str, Any]) -> BulkSend:
        return services.create_bulk_send(self.actor, **data)

    def perform_update(self, instance: BulkSend, data: dict[str, Any]) -> BulkSend:
        return services.update_bulk_send(self.actor, instance, version=self.expected_version, **data)

    @step("start")
    def start(self, instance: BulkSend, data: dict[str, Any]) -> BulkSend:
        """Begins to send."""
        return services.start_bulk_send(self.actor, instance, version=self.expected_version)

    @step("pause")
    def pause(self, instance: BulkSend, data: dict[str, Any]) -> BulkSend:
        """Nothing more goes out until it goes on."""
        return services.pause_bulk_send(self.actor, instance, version=self.expected_version)

    @step("resume")
    def resume(self, instance: BulkSend, data: dict[str, Any]) -> BulkSend:
        """Goes on after the last receiver."""
        return services.resume_bulk_send(self.actor, instance, version=self.expected_version)

    @step("cancel")
    def cancel(self, instance: BulkSend, data: dict[str, Any]) -> BulkSend:
        """Ends it; what waits is not sent."""
        return services.cancel_bulk_send(self.actor, instance, version=self.expected_version)


ROUTES = [route("notifications/mailings", MailingViewSet, "mailing")]
