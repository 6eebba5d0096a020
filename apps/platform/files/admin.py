"""Stored files in the staff CMS."""

from django.contrib import admin

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.platform.files.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 898, "folder"
    secret_fields = ("file", "thumbnail")
    list_display = ("original_name", "kind", "content_type", "size", "organization", "is_public", "created_at")
    list_select_related = ("organization",)
    list_filter = ("kind", "is_public")
    search_fields = ("original_name", "sha256")
