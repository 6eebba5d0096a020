"""What all admins share: who may come in, whose rows they see, who acts."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import get_permission_codename
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from apps.core.actor import Actor
from apps.core.money import format_money
from apps.core.portal.columns import resolve
from apps.core.portal.providers import providers

OTHERS = 900


class StaffAdmin(ModelAdmin):
    """Superusers see all rows; other staff those of the company they act in, with the rights Django gives them.

    `nav_group`, `nav_order`, `nav_icon` (a Material symbol) place it in the sidebar; without a group it is reached only
    through others. `organization_path` leads from a row to the company it belongs to. `money_columns` are those of
    `list_display` that hold amounts.
    """

    nav_group: Any = ""
    nav_order: ClassVar[int] = OTHERS
    nav_icon: ClassVar[str] = "circle"
    organization_path: ClassVar[str] = "organization_id"
    money_columns: ClassVar[Sequence[str]] = ()
    list_per_page = 25
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser or not hasattr(rows, "visible_to"):
            return rows
        return rows.visible_to(request.actor)  # type: ignore[attr-defined]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [
            self.money_column(name) if name in self.money_columns else name
            for name in super().get_list_display(request)
        ]

    def money_column(self, name: str) -> Callable[[Any], str]:
        """The amount with its currency instead of bare digits."""

        def shown(row: Any) -> str:
            return format_money(getattr(row, name), getattr(row, "currency", "VND"))

        shown.__name__ = name
        shown.short_description = self.opts.get_field(name).verbose_name  # type: ignore[attr-defined]
        shown.admin_order_field = name  # type: ignore[attr-defined]
        return shown

    def organization_of(self, row: Model) -> UUID | None:
        """The company a row belongs to, if it belongs to one."""
        value = resolve(row, self.organization_path) if self.organization_path else None
        return value if isinstance(value, UUID) else None

    def actor_for(self, request: HttpRequest, row: Model | None = None) -> Actor:
        """The person of the request, acting in the row's company."""
        return providers.act_in(request, self.organization_of(row) if row is not None else None)

    def may(self, request: HttpRequest, action: str) -> bool:
        """Whether Django's own right `action` (view, add, change, delete) is given."""
        codename = get_permission_codename(action, self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{codename}"))


class HistoryMixin(SimpleHistoryAdmin):
    """Shows earlier versions of a row; nobody brings one back past the services."""

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class ReadOnlyMixin:
    """Nobody adds, changes or deletes; whoever may view may look."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
