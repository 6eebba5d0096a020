"""Message texts, notifications and deliveries in the staff CMS."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.actor import Actor
from apps.core.admin.groups import MESSAGES
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.master import MasterAdmin
from apps.core.errors import BadInput
from apps.core.portal.actions import add_refusal
from apps.platform.notifications.models import (
    BulkSend,
    Delivery,
    Notification,
    NotificationTemplate,
    PushSubscription,
    QuietHours,
    TelegramLink,
)
from apps.platform.notifications.registry import TYPES
from apps.platform.notifications.sealing import MASK
from apps.platform.notifications.services import preview_wording, send_many_again


class WordingForm(forms.ModelForm):
    """Holds to what a message may hold, as the editor of the portals does."""

    def clean(self) -> Any:
        values = super().clean() or self.cleaned_data
        kind, channel = values.get("type", ""), values.get("channel", "")
        if kind not in TYPES or channel not in TYPES[kind].all_channels:
            self.add_error("type", _("This kind of message does not exist on this channel."))
            return values
        try:
            preview_wording(kind, channel, values.get("subject", ""), values.get("body", ""))
        except BadInput as error:
            add_refusal(self, error)
        return values


@admin.register(NotificationTemplate)
class NotificationTemplateAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 800, "draft"
    is_deletable = True
    list_display = ("type", "channel", "language", "organization", "subject")
    list_select_related = ("organization",)
    list_filter = ("channel", "language")
    search_fields = ("type", "subject", "body")
    autocomplete_fields = ("organization",)
    form = WordingForm


@admin.register(Delivery)
class DeliveryAdmin(LedgerAdmin):
    """What went out, and the dead letters: filter by the state failed, choose, send again."""

    nav_group, nav_order, nav_icon = MESSAGES, 801, "send"
    list_display = ("created_at", "type", "channel", "address", "subject", "state", "attempts", "sent_at", "error")
    list_filter = ("state", "channel", "provider")
    search_fields = ("address", "type", "subject", "provider_id")
    actions = ("export_csv", "send_again")
    secret_fields = ("sealed",)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What is sealed is shown as such, not as empty."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and row.sealed is not None:
            row.subject = row.body = MASK
        return row

    @admin.action(description=_("Send the chosen messages again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Those of them that failed and whose text is kept."""
        actor: Actor = request.actor
        count = send_many_again(actor, queryset)
        said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
        messages.success(request, said % {"count": count})

    def has_resend_permission(self, request: HttpRequest) -> bool:
        actor: Actor = request.actor
        return actor.is_platform_staff


@admin.register(Notification)
class NotificationAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 802, "notifications"
    list_display = ("created_at", "user", "title", "type", "organization", "read_at")
    list_select_related = ("user", "organization")
    list_filter = ("category",)
    search_fields = ("title", "user__email", "user__phone")


@admin.register(BulkSend)
class BulkSendAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 803, "campaign"
    list_display = ("created_at", "name", "organization", "channel", "audience", "state", "total", "queued", "skipped")
    list_select_related = ("organization",)
    list_filter = ("state", "channel", "audience")
    search_fields = ("name", "organization__name")


@admin.register(TelegramLink)
class TelegramLinkAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 804, "link"
    list_display = ("user", "username", "linked_at")
    list_select_related = ("user",)
    search_fields = ("username", "user__email", "user__phone")
    secret_fields = ("code_hash", "chat_id")


@admin.register(PushSubscription)
class PushSubscriptionAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 805, "devices"
    list_display = ("user", "device", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("device", "user__email", "user__phone")
    secret_fields = ("endpoint", "p256dh", "auth")


@admin.register(QuietHours)
class QuietHoursAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 806, "bedtime"
    list_display = ("user", "begins_at", "ends_at", "is_on")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__phone")
