"""The audit log of a company, among its settings."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.paging import CappedPaginator
from apps.core.portal.actions import Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import ChoiceFilter, DateRangeFilter, ForeignFilter, start_of_day
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.core.portal.responses import redirect_to
from apps.core.portal.settings_tabs import SettingsTabs, register_settings_tab
from apps.platform.audit import exports, selectors
from apps.platform.audit.models import AuditLog
from apps.platform.audit.permissions import AUDIT_EXPORT, AUDIT_VIEW
from apps.platform.organizations.selectors import list_staff


def _limits(days: Any) -> tuple[datetime | None, datetime | None]:
    first, last = days or (None, None)
    since = start_of_day(first) if first else None
    return since, start_of_day(last + timedelta(days=1)) if last else None


def _narrow_period(rows: QuerySet[AuditLog], value: Any) -> QuerySet[AuditLog]:
    since, until = _limits(value)
    return selectors.within_period(rows, since=since, until=until)


class ActionFilter(ChoiceFilter):
    """The actions are known only when all apps have started."""

    def options(self, actor: Actor) -> list[tuple[str, str]]:
        return selectors.list_actions()


class KindFilter(ChoiceFilter):
    def options(self, actor: Actor) -> list[tuple[str, str]]:
        return selectors.list_kinds()


def _people(actor: Actor) -> list[tuple[Any, str]]:
    people = {row.user_id: row.user.full_name for row in list_staff(actor)}
    return sorted(people.items(), key=lambda pair: pair[1])


class AuditList(SettingsTabs, ListScreen):
    """Who did what, when and from where."""

    permission = AUDIT_VIEW
    # All that was found, written by a job: the buttons stand above the list.
    exports = False
    template_name = "audit/list.html"
    title = _("Audit log")
    selector = staticmethod(selectors.list_entries)
    paginator_class = CappedPaginator
    columns = (
        Column("text", _("What"), value=lambda row: selectors.describe(row).text, sub="entity_label"),
        Column("at", _("When"), value="created_at", kind="datetime"),
        Column("person", _("Who"), value=lambda row: selectors.describe(row).actor_name),
        Column("kind", _("Kind of thing"), value=lambda row: selectors.kind_label(row.entity_type), is_default=False),
        Column("thing", _("Thing"), value="entity_label", is_default=False),
        Column("branch", _("Branch"), value="branch.name", is_default=False),
        Column("ip", _("Address"), value="ip"),
        Column("action", _("Code"), value="action", is_default=False),
    )
    filters = (
        ForeignFilter("person", _("Person"), field="user_id", choose=_people),
        ActionFilter("action", _("Action")),
        KindFilter("kind", _("Kind of thing"), field="entity_type"),
        DateRangeFilter("at", _("Period"), apply=_narrow_period),
    )
    search = staticmethod(selectors.search_entries)
    search_placeholder = _("Thing, person or address")
    empty = Empty(_("Nothing was noted yet"), icon="history")

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:audit-entry", args=[row.pk])

    def get_context(self, **extra: Any) -> dict[str, Any]:
        kinds = exports.TYPES if self.actor.can(AUDIT_EXPORT) else ()
        return super().get_context(file_kinds=kinds, **extra)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "file" not in request.POST:
            return super().post(request, *args, **kwargs)
        job = exports.start_export(self.actor, kind=request.POST["file"], wanted=self.wanted())
        return redirect_to(request, reverse("own-job", args=[job.pk]))

    def wanted(self) -> selectors.Wanted:
        """What search and filters ask for."""
        values = {bound.filter.key: bound.value for bound in self.bound_filters if bound.is_on}
        since, until = _limits(values.get("at"))
        return selectors.Wanted(
            people=tuple(UUID(str(one)) for one in values.get("person", ())),
            actions=tuple(values.get("action", ())),
            kinds=tuple(values.get("kind", ())),
            since=since,
            until=until,
            text=self.query_text,
        )


def _describe_entry(_actor: Actor, row: AuditLog) -> dict[str, Any]:
    return {
        "entry": selectors.describe(row),
        "kind": selectors.kind_label(row.entity_type),
        "differences": selectors.list_differences(row),
    }


class AuditEntry(DetailScreen):
    """One line with everything that it holds."""

    permission = AUDIT_VIEW
    selector = staticmethod(selectors.list_entries)
    fragments = (Fragment("facts", "audit/entry.html", _describe_entry),)
    has_timeline = False
    list_label = _("Audit log")

    def get_title(self) -> str:
        return selectors.describe(self.instance).text

    def get_subtitle(self) -> str:
        return str(self.instance.entity_label)


def build_urls(key: str) -> list[URLPattern]:
    """The screens of the portal `key`."""
    entries = type("Entries", (AuditList,), {"portal": key})
    entry = type("Entry", (AuditEntry,), {"portal": key, "list_url_name": f"{key}:audit"})
    return [entries.path("settings/audit/", "audit"), *entry.urls("settings/audit/<uuid:id>/", "audit-entry")]


register_settings_tab(label=_("Audit log"), name="audit", permission=AUDIT_VIEW, order=90)
urlpatterns_garage = build_urls("garage")
urlpatterns_distributor = build_urls("distributor")
