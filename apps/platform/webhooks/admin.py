"""Webhooks in the staff CMS: to be looked at; a message can be sent again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.admin.base import HistoryMixin
from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.errors import BusinessError
from apps.platform.webhooks import services
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(HistoryMixin, LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 895, "webhook"
    list_display = ("url", "organization", "is_active", "disabled_reason", "failures_in_row", "last_success_at")
    list_select_related = ("organization",)
    list_filter = ("is_active", "disabled_reason")
    search_fields = ("url", "description", "organization__name")
    secret_fields = ("secret", "old_secret", "busy_until")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 896, "send"
    organization_path = "endpoint.organization_id"
    list_display = ("created_at", "endpoint", "name", "state", "attempts", "last_status", "duration_ms", "error")
    list_select_related = ("endpoint",)
    list_filter = ("state", "name")
    search_fields = ("endpoint__url", "name")
    actions = ("export_csv", "send_again")

    @admin.action(description=_("Send the chosen messages again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        sent = 0
        for row in queryset.select_related("endpoint"):
            try:
                services.redeliver(self.actor_for(request, row), row)
            except BusinessError as error:
                messages.error(request, f"{row}: {error}")
            else:
                sent += 1
        text = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", sent)
        messages.success(request, text % {"n": sent})

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)
