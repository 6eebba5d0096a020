"""The audit log in the staff CMS."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.clock import now
from apps.core.paging import CappedPaginator
from apps.platform.audit import selectors
from apps.platform.audit.models import AuditLog


class PeriodFilter(admin.SimpleListFilter):
    title = _("period")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("last day")), ("7", _("last 7 days")), ("30", _("last 30 days")), ("365", _("last year"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLog]) -> QuerySet[AuditLog]:
        if self.value() not in {value for value, _label in self.lookup_choices}:
            return queryset
        return selectors.within_period(queryset, since=now() - timedelta(days=int(self.value() or 0)))


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return selectors.list_actions()

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLog]) -> QuerySet[AuditLog]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of thing")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return selectors.list_kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLog]) -> QuerySet[AuditLog]:
        return queryset.filter(entity_type=self.value()) if self.value() else queryset


@admin.register(AuditLog)
class AuditLogAdmin(LedgerAdmin):
    """Every filter and the search stand on an index, and nothing counts the whole table."""

    nav_group, nav_order, nav_icon = SYSTEM, 890, "history"
    list_display = ("created_at", "text", "entity_label", "actor_name", "organization", "ip")
    list_select_related = ("organization",)
    list_filter = (PeriodFilter, ActionFilter, KindFilter)
    search_fields = ("entity_label",)
    search_help_text = _("Thing, person, address or id")
    paginator = CappedPaginator
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "created_at", "text", "action", "entity_type", "entity_label", "entity_id", "differences", "data",
        "actor_kind", "actor_name", "user", "organization", "branch", "ip", "user_agent", "request_id",
    )  # fmt: skip

    @admin.display(description=_("action"))
    def text(self, row: AuditLog) -> str:
        return selectors.describe_action(row.action, row.data)

    @admin.display(description=_("what changed"))
    def differences(self, row: AuditLog) -> str:
        found = selectors.list_differences(row)
        return "; ".join(f"{one.label}: {one.old} → {one.new}" for one in found) or "–"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditLog], search_term: str
    ) -> tuple[QuerySet[AuditLog], bool]:
        return (selectors.search_entries(queryset, search_term) if search_term.strip() else queryset), False
