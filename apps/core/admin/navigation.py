"""The sidebar of the staff CMS: the admins' own groups, named by the words of the trade."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.admin.base import OTHERS
from apps.core.portal.columns import capitalize


def build_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links to the lists that the person may view, in the order of their first entry."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for model_admin in sorted(admin.site._registry.values(), key=lambda one: getattr(one, "nav_order", OTHERS)):
        label = str(getattr(model_admin, "nav_group", ""))
        if not label or not model_admin.has_view_permission(request):
            continue
        opts = model_admin.opts
        groups.setdefault(label, []).append(
            {
                "title": capitalize(str(opts.verbose_name_plural)),
                "icon": model_admin.nav_icon,
                "link": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
            }
        )
    overview = {"title": "", "items": [{"title": _("Overview"), "icon": "home", "link": reverse("admin:index")}]}
    return [overview, *({"title": name, "collapsible": True, "items": items} for name, items in groups.items())]
