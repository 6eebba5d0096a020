"""Ledgers and logs in the staff CMS: to be read and taken out as a file."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.admin.base import ReadOnlyMixin, StaffAdmin
from apps.core.portal.columns import Column
from apps.core.portal.export import MAX_ROWS, file_response, write_csv
from apps.core.portal.providers import providers


class LedgerAdmin(ReadOnlyMixin, StaffAdmin):
    """Rows that nobody changes. `secret_fields` are shown and exported nowhere."""

    is_searched = False
    secret_fields: tuple[str, ...] = ()
    actions = ["export_csv"]
    show_facets = admin.ShowFacets.NEVER

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.secret_fields

    @admin.action(description=_("Export the chosen rows as CSV"))
    def export_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """All plain columns of the chosen rows."""
        columns = [
            Column(field.name, str(field.verbose_name), value=field.attname)
            for field in self.opts.concrete_fields
            if field.name not in self.secret_fields
        ]
        rows = list(queryset[:MAX_ROWS])
        providers.exported(self.actor_for(request), str(self.opts.verbose_name_plural), len(rows), "csv")
        content = write_csv(columns, rows)
        return file_response(content, name=f"{self.opts.model_name}.csv", content_type="text/csv; charset=utf-8")
