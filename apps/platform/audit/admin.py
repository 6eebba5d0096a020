"""The audit log in the staff CMS."""

from django.contrib import admin

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.platform.audit.models import AuditLog


@admin.register(AuditLog)
class AuditLogAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 890, "history"
    list_display = ("created_at", "action", "entity_label", "actor_name", "organization", "ip")
    list_select_related = ("organization",)
    list_filter = ("actor_kind",)
    search_fields = ("action", "entity_label", "actor_name", "request_id")
    date_hierarchy = "created_at"
