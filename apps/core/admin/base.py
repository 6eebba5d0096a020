"""What all admins share: who may come in, whose rows they see, who acts."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from apps.core.actor import Actor
from apps.core.admin.amounts import with_amounts
from apps.core.portal.columns import resolve
from apps.core.portal.providers import providers

OTHERS = 900
_EARLIER = "shows_earlier_version"


def shows_earlier_version(request: HttpRequest) -> bool:
    """Whether the page is that of an earlier version of a row."""
    return _EARLIER in request.__dict__


class StaffAdmin(ModelAdmin):
    """Superusers see all rows; other staff those of the company they act in, with the rights Django gives them.

    `nav_group`, `nav_order`, `nav_icon` (a Material symbol) place it in the sidebar; without a group it is reached only
    through others. `organization_path` leads from a row to the company it belongs to.
    `is_searched` rows are found by the search over everything.
    """

    nav_group: Any = ""
    nav_order: ClassVar[int] = OTHERS
    nav_icon: ClassVar[str] = "circle"
    organization_path: ClassVar[str] = "organization_id"
    logs_view: ClassVar[bool] = False
    is_searched: ClassVar[bool] = True
    list_per_page = 25
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        if self.organization_path == "pk":
            return rows.filter(pk=request.actor.organization_id)
        if not hasattr(rows, "visible_to"):
            return rows
        return rows.visible_to(request.actor)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row with everything it names, read at once."""
        if from_field is not None:
            return super().get_object(request, object_id, from_field)
        named = [one.name for one in self.opts.concrete_fields if one.is_relation]
        try:
            key = self.opts.pk.to_python(object_id)
        except ValidationError:
            return None
        rows = self.get_queryset(request).filter(pk=key)
        return (rows.select_related(*named) if named else rows).first()

    def get_list_display(self, request: HttpRequest) -> Any:
        return with_amounts(self.model, super().get_list_display(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees amounts with their currency; who edits gets bare numbers."""
        groups = super().get_fieldsets(request, obj)
        if obj is None or (self.has_change_permission(request, obj) and not shows_earlier_version(request)):
            return groups
        return [(name, {**group, "fields": with_amounts(self.model, group["fields"])}) for name, group in groups]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """With `logs_view` the audit log says who looked: for personal data."""
        response = super().change_view(request, object_id, form_url, extra_context)
        row = (getattr(response, "context_data", None) or {}).get("original")
        if self.logs_view and request.method == "GET" and row is not None:
            providers.viewed(self.actor_for(request, row), row)
        return response

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Addresses typed without a scheme are meant as https."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

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

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """An earlier version is read, not filled in."""
        request.__dict__[_EARLIER] = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not shows_earlier_version(request):
            return super().get_readonly_fields(request, obj)
        names = [one.name for one in (*self.opts.concrete_fields, *self.opts.many_to_many)]
        return [*with_amounts(self.model, names), *super().get_readonly_fields(request, obj)]


class ReadOnlyMixin:
    """Nobody adds, changes or deletes; whoever may view may look."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
