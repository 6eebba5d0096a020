"""Lines below a row in the staff CMS: a page of them at a time, each relation read with its line."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.core.admin.amounts import with_amounts
from apps.core.admin.base import ReadOnlyMixin

LINES_PER_PAGE = 10
# Forms cost more than text.
FORMS_PER_PAGE = 7


class KnownChoice:
    """What an autocomplete field offers before anything is typed: the row it holds, which is already at hand."""

    def __init__(self, field: forms.ModelChoiceField, row: Model) -> None:
        self.field, self.row = field, row

    @property
    def queryset(self) -> "KnownChoice":
        return self

    def using(self, _alias: str) -> "KnownChoice":
        return self

    def filter(self, **condition: set[str]) -> Any:
        """The known row when it alone is asked for; otherwise the database is."""
        (wanted,) = condition.values()
        if wanted <= {str(self.row.pk)}:
            return [self.row] if wanted else []
        return self.field.queryset.filter(**condition) if self.field.queryset is not None else []


class LineForm(forms.ModelForm):
    """Autocomplete fields show the relation that came with the line instead of asking for it again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name in self.instance._state.fields_cache:
                row = getattr(self.instance, name)
                if row is not None:
                    field.widget.choices = KnownChoice(field, row)


class ReadOnlyInline(ReadOnlyMixin, TabularInline):
    """Lines of a document."""

    template = "admin/lines.html"
    extra = 0
    max_num = 0
    can_delete = False
    tab = False
    per_page = LINES_PER_PAGE

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return with_amounts(self.model, self.fields or ())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them, also those that no form may hold."""
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return _with_relations(super().get_queryset(request), self.fields or ())


class LineInline(TabularInline):
    """Editable lines of a master."""

    extra = 0
    hide_title = True
    form = LineForm
    per_page = FORMS_PER_PAGE

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return _with_relations(super().get_queryset(request), self.autocomplete_fields)


def _with_relations(rows: QuerySet, names: Any) -> QuerySet:
    relations = {field.name for field in rows.model._meta.concrete_fields if field.is_relation}
    wanted = [name for name in names if name in relations]
    rows = rows.select_related(*wanted) if wanted else rows
    return rows if rows.ordered else rows.order_by("pk")
