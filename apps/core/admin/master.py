"""Reference data that staff edit: through its service where there is one, with its refusals beside the fields."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from apps.core.admin.base import HistoryMixin, StaffAdmin
from apps.core.errors import BusinessError
from apps.core.portal.actions import add_refusal
from apps.core.portal.providers import providers

REFUSAL = "staff_refusal"


class RefusedForm(forms.ModelForm):
    """The same form once more, with the refusal of the service as its error."""

    refusal: ClassVar[BusinessError]

    def clean(self) -> Any:
        cleaned = super().clean()
        add_refusal(self, self.refusal)
        return cleaned


class MasterAdmin(StaffAdmin):
    """Editable rows. `create(actor, **data)` and `update(actor, row, **changes)` are the services, if there are any.

    Rows are switched off, not deleted, unless `is_deletable`. Saves without a service are written to the audit log here.
    `fixed_fields` cannot be changed any more once the row exists; `by_id` are relations that the services take by id.
    """

    create: ClassVar[Callable[..., Model] | None] = None
    update: ClassVar[Callable[..., Model] | None] = None
    is_deletable: ClassVar[bool] = False
    by_id: ClassVar[Sequence[str]] = ()
    fixed_fields: ClassVar[Sequence[str]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = self.fixed_fields if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_deletable and super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, REFUSAL, None)
        return type(form.__name__, (RefusedForm, form), {"refusal": refusal}) if refusal else form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal undoes everything and brings the form back with what was typed."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)
        except BusinessError as error:
            if request.method != "POST" or hasattr(request, REFUSAL):
                raise
            setattr(request, REFUSAL, error)
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        service = type(self).update if change else type(self).create
        if service is None:
            self.save_directly(request, obj, form, change)
        elif change:
            names = [name for name in form.changed_data if name in form.cleaned_data]
            if names:
                row = type(obj)._default_manager.get(pk=obj.pk)
                service(self.actor_for(request, row), row, **self.arguments(form, names))
        else:
            names = [name for name in form.cleaned_data if name != "organization"]
            row = service(self.actor_for(request, obj), **self.arguments(form, names))
            obj.pk, obj._state.adding = row.pk, False
            obj.refresh_from_db()

    def arguments(self, form: Any, names: Sequence[str]) -> dict[str, Any]:
        """What the service gets of the form."""
        found = {}
        for name in names:
            value = form.cleaned_data[name]
            if name in self.by_id:
                found[f"{name}_id"] = value.pk if value is not None else None
            else:
                found[name] = value
        return found

    def save_directly(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """For plain reference data without a service of its own."""
        if change and hasattr(obj, "version"):
            obj.version += 1
        super().save_model(request, obj, form, change)
        self.note(request, obj, "staff.changed" if change else "staff.added", form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.note(request, obj, "staff.deleted", [])
        super().delete_model(request, obj)

    def note(self, request: HttpRequest, obj: Any, action: str, fields: Sequence[str]) -> None:
        if isinstance(obj.pk, UUID):
            providers.note(self.actor_for(request, obj), action, obj, fields)


class TrackedMasterAdmin(HistoryMixin, MasterAdmin):
    """A master whose earlier versions are kept."""
