"""Repeated rows inside a form (estimate lines, order lines): added by HTMX, added up by the server."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from apps.core.actor import Actor

PREFIX = "lines"
MAX_LINES = 200


class LinesMixin:
    """For a FormScreen with `lines_form`: rows named `lines-0-…`; `calculate(rows)` gives the totals to show."""

    lines_form: ClassVar[type[forms.Form] | None] = None
    line_template = "portal/form/line.html"
    min_lines: ClassVar[int] = 0
    extra_lines: ClassVar[int] = 1
    request: HttpRequest
    actor: Actor

    def initial_lines(self) -> Sequence[Mapping[str, Any]]:
        """Rows to start with."""
        return ()

    def calculate(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Totals of the valid rows, label → shown text."""
        return {}

    @cached_property
    def lines(self) -> BaseFormSet | None:
        """The rows, bound to what was typed."""
        if self.lines_form is None:
            return None
        initial = list(self.initial_lines())
        maker = forms.formset_factory(
            self.lines_form,
            extra=0 if initial else self.extra_lines,
            can_delete=True,
            min_num=self.min_lines,
            validate_min=self.min_lines > 0,
            max_num=MAX_LINES,
            validate_max=True,
        )
        data = self.request.POST if self.request.method == "POST" else None
        rows = maker(data=data, initial=initial, prefix=PREFIX)
        for form in rows.forms:
            self.prepare_line(form)
        return rows

    def prepare_line(self, form: forms.Form) -> None:
        if hasattr(form, "prepare"):
            form.prepare(self.actor)

    def lines_are_valid(self) -> bool:
        return self.lines is None or self.lines.is_valid()

    def clean_lines(self) -> list[dict[str, Any]]:
        """The filled-in rows that are not taken away, in order."""
        if self.lines is None:
            return []
        found = []
        for form in self.lines.forms:
            data = getattr(form, "cleaned_data", None)
            if form.is_valid() and data and form.has_changed() and not data.get("DELETE"):
                found.append({name: value for name, value in data.items() if name != "DELETE"})
        return found

    def totals(self) -> Mapping[str, Any]:
        if self.lines is None:
            return {}
        if self.lines.is_bound:
            self.lines.is_valid()
            return self.calculate(self.clean_lines())
        return self.calculate([dict(row) for row in self.initial_lines()])

    def draw_new_line(self, place: str) -> HttpResponse:
        """An empty row number `place`, and the counter that now includes it."""
        if self.lines_form is None or not place.isdigit() or int(place) >= MAX_LINES:
            return HttpResponse(status=204)
        form = self.lines_form(prefix=f"{PREFIX}-{place}", empty_permitted=True, use_required_attribute=False)
        form.fields["DELETE"] = forms.BooleanField(required=False)
        self.prepare_line(form)
        context = {"line": form, "view": self, "total_forms": int(place) + 1}
        return render(self.request, "portal/form/new_line.html", context)

    def draw_totals(self) -> HttpResponse:
        """The totals of what is typed so far."""
        return render(self.request, "portal/form/totals.html", {"totals": self.totals(), "view": self})
