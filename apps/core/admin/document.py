"""Documents in the staff CMS: to be read, and moved only by the steps of their state table through their services."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES

from apps.core.actor import Actor
from apps.core.admin.base import HistoryMixin, ReadOnlyMixin, StaffAdmin
from apps.core.errors import BusinessError, NotFound
from apps.core.portal.actions import ActionButton, ActionHandler, add_refusal, list_buttons, read_version
from apps.core.portal.providers import providers
from apps.core.states import StateTable


class StepsMixin(StaffAdmin):
    """The timeline of a row, and buttons for what may be done with it.

    `steps` maps step names to handlers, as on the portal's detail screens. Staff who may view it and whose actor has the
    step's right get the button; each step asks once more on a page of its own.
    """

    table: ClassVar[StateTable | None] = None
    steps: ClassVar[Mapping[str, ActionHandler]] = {}
    change_form_outer_before_template = "admin/document_steps.html"
    change_form_outer_after_template = "admin/document_timeline.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        step = path("<path:object_id>/step/<slug:step>/", self.admin_site.admin_view(self.step_view), name=name)
        return [step, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        is_shown = row is not None and self.has_view_permission(request, row)
        context = {"steps": self.buttons(request, row), "entries": self.entries(row)} if is_shown else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read once for the buttons and the fields of one page."""
        if request.method != "GET" or from_field is not None:
            return super().get_object(request, object_id, from_field)
        known = request.__dict__.setdefault("known_documents", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id)
        return known[object_id]

    def entries(self, row: Any) -> Any:
        """What happened to the document."""
        return providers.timeline(row._meta.label_lower, row.pk)

    def link_step(self, row: Any, step: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return reverse(name, args=[row.pk, step], current_app=self.admin_site.name)

    def buttons(self, request: HttpRequest, row: Any) -> list[ActionButton]:
        if not self.steps:
            return []
        try:
            actor = self.actor_for(request, row)
        except NotFound:
            # It belongs to a company in which the person may look, as the other side, but not act.
            return []
        return list_buttons(self.table, self.steps, row, actor, url=lambda step: self.link_step(row, step))

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Asks for what the step needs, runs its service, and comes back to the document."""
        row = self.get_object(request, object_id)
        if row is None or step not in self.steps:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        handler, actor = self.steps[step], self.actor_for(request, row)
        button = next((one for one in self.buttons(request, row) if one.name == step), None)
        form = self.make_form(handler, request, row, actor)
        is_good = request.method == "POST" and form.is_valid()
        if is_good and (answer := self.run(request, row, handler=handler, actor=actor, form=form)):
            return answer
        label = button.label if button else step
        return self.draw_step(request, row, form=form, label=label, confirm=handler.confirm)

    def make_form(self, handler: ActionHandler, request: HttpRequest, row: Any, actor: Actor) -> forms.Form:
        data = request.POST if request.method == "POST" else None
        initial = handler.initial(row) if handler.initial else None
        form = (handler.form or forms.Form)(data, request.FILES or None, initial=initial)
        if hasattr(form, "prepare"):
            form.prepare(actor, row)
        for field in form.fields.values():
            classes = TEXTAREA_CLASSES if isinstance(field.widget, forms.Textarea) else INPUT_CLASSES
            field.widget.attrs["class"] = " ".join(classes)
        return form

    def run(
        self, request: HttpRequest, row: Any, *, handler: ActionHandler, actor: Actor, form: forms.Form
    ) -> HttpResponse | None:
        """The way back, or None after a refusal, which is then in the form."""
        version = read_version(request.POST.get("version"))
        try:
            handler.run(actor, row, data=form.cleaned_data, version=version)
        except BusinessError as error:
            add_refusal(form, error)
            return None
        messages.success(request, str(handler.done or _("Done.")))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def draw_step(
        self, request: HttpRequest, row: Any, *, form: forms.Form, label: Any, confirm: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": label,
            "form": form,
            "confirm": confirm,
            "version": request.POST.get("version") or getattr(row, "version", ""),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/step_form.html", context, status=status)


class DocumentAdmin(ReadOnlyMixin, StepsMixin):
    """A document: every field read-only, its lines below, its timeline, and buttons for legal steps."""


class TrackedDocumentAdmin(HistoryMixin, DocumentAdmin):
    """A document whose earlier versions are kept."""
