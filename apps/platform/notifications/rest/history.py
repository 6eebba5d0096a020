"""/notifications/history: what the company sent, and what became of it."""

from typing import Any

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer
from apps.core.api.steps import step
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.notifications import selectors, services
from apps.platform.notifications.models import Delivery


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
            "delivered_at",
            "created_at",
        ]


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


ROUTES = [route("notifications/history", HistoryViewSet, "notification-history")]
