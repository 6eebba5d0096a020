"""What is set and where, the settings of the platform, and the switch of the maintenance mode."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.pages import check_right, draw_page, register_page
from apps.core.errors import BusinessError
from apps.core.portal.actions import add_refusal
from apps.platform.system.forms import MaintenanceForm, SettingsForm, build_form
from apps.platform.system.models import Setting
from apps.platform.system.selectors import SettingRow, list_settings
from apps.platform.system.services.maintenance import describe_maintenance, set_maintenance
from apps.platform.system.settings import DECLARED, change_settings

RIGHT = "system.change_setting"
OWN_PAGE = "maintenance."


@admin.register(Setting)
class SettingAdmin(LedgerAdmin):
    """Every stored value, also those of companies; the platform's own are changed on a page of their own."""

    nav_group, nav_order, nav_icon = SYSTEM, 892, "tune"
    list_display = ("key", "organization", "branch", "shown_value", "updated_at")
    list_select_related = ("organization", "branch")
    search_fields = ("key", "organization__name")
    secret_fields = ("secret",)
    actions = ()
    fields = ("key", "organization", "branch", "shown_value", "created_at", "updated_at")

    @admin.display(description=_("value"))
    def shown_value(self, row: Setting) -> str:
        declaration = DECLARED.get(row.key)
        if row.secret is not None:
            return "••••••••"
        return declaration.show(declaration.from_json(row.value)) if declaration else str(row.value)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("platform/", self.admin_site.admin_view(self.platform_view), name="system_settings"),
            path("maintenance/", self.admin_site.admin_view(self.maintenance_view), name="system_maintenance"),
        ]
        return [*own, *super().get_urls()]

    def platform_view(self, request: HttpRequest) -> HttpResponse:
        """The settings of the platform itself."""
        check_right(request, RIGHT)
        rows = _rows_of(request)
        form = build_form(rows, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self.save_values(request, form):
            return HttpResponseRedirect(reverse("admin:system_settings"))
        status = 422 if form.errors else 200
        return draw_page(
            self, request, "system/admin/settings.html", title=_("Settings of the platform"), form=form, status=status
        )

    def save_values(self, request: HttpRequest, form: SettingsForm) -> bool:
        try:
            changed = change_settings(request.actor, values=form.values())
        except BusinessError as error:
            add_refusal(form, error)
            return False
        messages.success(request, str(_("Saved.") if changed else _("Nothing was changed.")))
        return True

    def maintenance_view(self, request: HttpRequest) -> HttpResponse:
        """The switch, with the words that people read meanwhile."""
        check_right(request, RIGHT)
        data = request.POST if request.method == "POST" else None
        form = MaintenanceForm(data, initial=describe_maintenance())
        if request.method == "POST" and form.is_valid():
            set_maintenance(request.actor, **form.cleaned_data)
            is_on = form.cleaned_data["is_on"]
            said = _("Maintenance mode is on: only staff get in now.") if is_on else _("Everybody gets in again.")
            messages.success(request, str(said))
            return HttpResponseRedirect(reverse("admin:system_maintenance"))
        context: dict[str, Any] = {"form": form, "state": describe_maintenance()}
        status = 422 if form.errors else 200
        return draw_page(
            self, request, "system/admin/maintenance.html", title=_("Maintenance mode"), status=status, **context
        )


def _rows_of(request: HttpRequest) -> list[SettingRow]:
    rows = list_settings(request.actor)
    return [row for row in rows if not row.key.startswith(OWN_PAGE)]


register_page(
    label=_("Settings of the platform"),
    name="system_settings",
    permission=RIGHT,
    group=SYSTEM,
    order=894,
    icon="settings",
)
register_page(
    label=_("Maintenance mode"),
    name="system_maintenance",
    permission=RIGHT,
    group=SYSTEM,
    order=895,
    icon="construction",
)
