"""Message texts, notifications and deliveries in the staff CMS."""

from django.contrib import admin

from apps.core.admin.groups import MESSAGES
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.master import MasterAdmin
from apps.platform.notifications.models import Delivery, Notification, NotificationTemplate


@admin.register(NotificationTemplate)
class NotificationTemplateAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 800, "draft"
    is_deletable = True
    list_display = ("type", "channel", "language", "organization", "subject")
    list_select_related = ("organization",)
    list_filter = ("channel", "language")
    search_fields = ("type", "subject", "body")
    autocomplete_fields = ("organization",)


@admin.register(Delivery)
class DeliveryAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 801, "send"
    list_display = ("created_at", "type", "channel", "address", "subject", "state", "attempts", "sent_at")
    list_filter = ("state", "channel")
    search_fields = ("address", "type", "subject", "provider_id")


@admin.register(Notification)
class NotificationAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MESSAGES, 802, "notifications"
    list_display = ("created_at", "user", "title", "type", "organization", "read_at")
    list_select_related = ("user", "organization")
    list_filter = ("category",)
    search_fields = ("title", "user__email", "user__phone")
