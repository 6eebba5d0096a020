"""The sidebar of the staff CMS: the admins' own groups, named by the words of the trade."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.admin.base import OTHERS
from apps.core.admin.pages import PAGES
from apps.core.portal.columns import capitalize


def build_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links to the lists that the person may view, in the order of their first entry."""
    groups: dict[str, list[dict[str, Any]]] = {}
    entries = [*_lists(request), *_pages(request)]
    for _order, label, item in sorted(entries, key=lambda entry: entry[0]):
        groups.setdefault(label, []).append(item)
    overview = {"title": "", "items": [{"title": _("Overview"), "icon": "home", "link": reverse("admin:index")}]}
    return [overview, *({"title": name, "collapsible": True, "items": items} for name, items in groups.items())]


def _lists(request: HttpRequest) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for model_admin in admin.site._registry.values():
        label = str(getattr(model_admin, "nav_group", ""))
        if not label or not model_admin.has_view_permission(request):
            continue
        opts = model_admin.opts
        item = {
            "title": capitalize(str(opts.verbose_name_plural)),
            "icon": model_admin.nav_icon,
            "link": _address(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        }
        yield getattr(model_admin, "nav_order", OTHERS), label, item


@cache
def _address(url_name: str) -> str:
    """Every page asks for all of them."""
    return reverse(url_name)


def _pages(request: HttpRequest) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for page in PAGES.values():
        if request.user.has_perm(page.permission):
            yield page.order, str(page.group), {"title": str(page.label), "icon": page.icon, "link": page.url}
