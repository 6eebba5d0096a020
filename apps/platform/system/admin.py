"""Settings and background jobs in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.master import MasterAdmin
from apps.platform.system.models import JobRun, Setting
from apps.platform.system.settings import forget


@admin.register(Setting)
class SettingAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 892, "settings"
    is_deletable = True
    list_display = ("key", "organization", "branch", "value", "updated_at")
    list_select_related = ("organization", "branch")
    search_fields = ("key", "organization__name")
    autocomplete_fields = ("organization", "branch")

    def save_model(self, request: HttpRequest, obj: Setting, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget(obj.key)

    def delete_model(self, request: HttpRequest, obj: Setting) -> None:
        super().delete_model(request, obj)
        forget(obj.key)


@admin.register(JobRun)
class JobRunAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 893, "schedule"
    list_display = ("name", "state", "progress", "attempts", "created_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("name",)
