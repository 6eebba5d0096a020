"""The audit log in the staff CMS."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.pages import check_right
from apps.core.clock import now
from apps.core.paging import CappedPaginator
from apps.platform.audit import exports, selectors
from apps.platform.audit.models import AuditLog

PERIODS: dict[str, Any] = {
    "1": _("last day"),
    "7": _("last 7 days"),
    "30": _("last 30 days"),
    "365": _("last year"),
}


class PeriodFilter(admin.SimpleListFilter):
    title = _("period")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PERIODS.items())

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


def _wanted(request: HttpRequest) -> selectors.Wanted:
    """What the address of the list asks for."""
    asked = request.GET
    days = asked.get("days", "")
    return selectors.Wanted(
        actions=tuple(one for one in [asked.get("action", "")] if one),
        kinds=tuple(one for one in [asked.get("kind", "")] if one),
        since=now() - timedelta(days=int(days)) if days in PERIODS else None,
        text=asked.get("q", ""),
    )


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
    list_before_template = "audit/admin/export.html"
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "created_at", "text", "action", "entity_type", "entity_label", "entity_id", "differences", "data",
        "actor_kind", "actor_name", "user", "organization", "branch", "ip", "user_agent", "request_id",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        own = path("export/", self.admin_site.admin_view(self.export_view), name="audit_export")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"file_kinds": exports.TYPES, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Starts the job that writes all that search and filters of the list find."""
        check_right(request, exports.VIEW)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:audit_auditlog_changelist"))
        kind, actor = request.POST.get("file", ""), self.actor_for(request)
        job = exports.start_platform_export(actor, kind=kind, wanted=_wanted(request))
        return HttpResponseRedirect(reverse("own-job", args=[job.pk]))

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
