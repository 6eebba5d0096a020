"""Search over everything that a member of staff may see, for the command window (Ctrl-K) and the sidebar."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.utils import quote
from django.http import HttpRequest
from django.urls import reverse

from apps.core.portal.columns import capitalize

SHORTEST = 2
ROWS_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the answer."""

    title: str
    description: str
    link: str
    icon: str


def find_lists(site: AdminSite, request: HttpRequest, text: str) -> list[Found]:
    """Lists whose name holds the text."""
    found = []
    for model_admin in _searched(site, request, rows=False):
        opts = model_admin.opts
        title = capitalize(str(opts.verbose_name_plural))
        if text.casefold() in title.casefold():
            link = reverse(f"{site.name}:{opts.app_label}_{opts.model_name}_changelist")
            found.append(Found(title, str(model_admin.nav_group), link, model_admin.nav_icon))
    return found


def find_rows(site: AdminSite, request: HttpRequest, text: str) -> list[Found]:
    """The first rows of every kind, out of those that the person sees in its list."""
    if len(text) < SHORTEST:
        return []
    found = []
    for model_admin in _searched(site, request, rows=True):
        rows, _many = model_admin.get_search_results(request, model_admin.get_queryset(request), text)
        if model_admin.list_select_related:
            rows = rows.select_related(*model_admin.list_select_related)
        opts = model_admin.opts
        for row in rows[:ROWS_OF_A_KIND]:
            link = reverse(f"{site.name}:{opts.app_label}_{opts.model_name}_change", args=[quote(row.pk)])
            found.append(Found(str(row), capitalize(str(opts.verbose_name)), link, model_admin.nav_icon))
    return found


def _searched(site: AdminSite, request: HttpRequest, *, rows: bool) -> list[Any]:
    def is_meant(one: ModelAdmin) -> bool:
        if not getattr(one, "nav_group", "") or not one.has_view_permission(request):
            return False
        return not rows or (one.is_searched and bool(one.get_search_fields(request)))

    return sorted(filter(is_meant, site._registry.values()), key=lambda one: one.nav_order)
