"""Form screens: a form, one service, errors beside the fields, nothing lost, nothing done twice."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError
from apps.core.portal import tokens
from apps.core.portal.actions import add_refusal, read_version
from apps.core.portal.columns import capitalize
from apps.core.portal.lines import LinesMixin
from apps.core.portal.responses import add_trigger, is_htmx, redirect_to
from apps.core.portal.views import PortalView


def capitalize_choices(form: forms.Form) -> None:
    """Choices stand alone in a form, so they begin like sentences (`person` → `Person`)."""
    for field in form.fields.values():
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            field.choices = [
                (value, label if isinstance(label, list | tuple) else capitalize(str(label)))
                for value, label in field.choices
            ]


class FormScreen(LinesMixin, PortalView):
    """A form. Subclasses give `form_class` and `save(data)`, which calls one service and returns its result.

    `get_success_url(result)` says where to go. The form may stand on its own page, in the drawer or in the dialog.
    A form with `prepare(actor)` gets the actor (to fill its choices). `lines_form` adds repeated rows (see LinesMixin).
    """

    template_name = "portal/form/page.html"
    form_template = "portal/form/form.html"
    form_class: type[forms.Form] = forms.Form
    submit_label: Any = _("Save")
    done: Any = _("Saved.")
    cancel_url_name: ClassVar[str] = ""
    guards: ClassVar[bool] = True

    def get_initial(self) -> Mapping[str, Any]:
        """What the form starts with."""
        return {}

    def get_version(self) -> Any:
        """The version of the row that is edited, sent back so that a stale save is refused."""
        return ""

    def save(self, data: Mapping[str, Any]) -> Any:
        """Calls the service with the cleaned data; refusals land in the form."""
        raise TypeError(f"{type(self).__name__} must say what it saves")

    def get_success_url(self, result: Any) -> str:
        raise TypeError(f"{type(self).__name__} must say where to go")

    @property
    def version(self) -> int | None:
        """The version that the person saw, for the service."""
        return read_version(self.request.POST.get("version"))

    @cached_property
    def form(self) -> forms.Form:
        form = self.form_class(**self.form_arguments())
        if hasattr(form, "prepare"):
            form.prepare(self.actor)
        capitalize_choices(form)
        return form

    def form_arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {"initial": dict(self.get_initial())}
        if self.request.method == "POST":
            arguments.update(data=self.request.POST, files=self.request.FILES)
        return arguments

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "add_line" in request.GET:
            return self.draw_new_line(request.GET["add_line"])
        return self.draw_form()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "_recalculate" in request.POST:
            return self.draw_totals()
        token = request.POST.get(tokens.FIELD, "")
        if not (self.form.is_valid() & self.lines_are_valid()):
            return self.draw_form(status=422)
        try:
            if done_before := tokens.claim(self.actor, token):
                return redirect_to(request, done_before)
            url = self.get_success_url(self.save_claimed(token))
        except BusinessError as error:
            add_refusal(self.form, error)
            return self.draw_form(status=error.status)
        tokens.keep_result(self.actor, token, url)
        return self.finish(url)

    def save_claimed(self, token: str) -> Any:
        """Saves; on a refusal the token is good for another try."""
        try:
            return self.save(self.collect())
        except BaseException:
            tokens.give_back(self.actor, token)
            raise

    def collect(self) -> dict[str, Any]:
        """The cleaned data, with the rows under `lines` where there are any."""
        data = dict(self.form.cleaned_data)
        if self.lines_form is not None:
            data["lines"] = self.clean_lines()
        return data

    def finish(self, url: str) -> HttpResponse:
        response = redirect_to(self.request, url, message=self.done)
        return add_trigger(response, "closeDialog") if is_htmx(self.request) else response

    def draw_form(self, *, status: int = 200) -> HttpResponse:
        """The form on its page, or alone in the drawer or dialog from which it was asked."""
        target = self.request.headers.get("HX-Target", "")
        place = self.request.GET.get("in") or (target if target in {"drawer", "dialog"} else "page")
        template = {"drawer": "portal/form/drawer.html", "dialog": "portal/form/dialog.html"}.get(place, "")
        is_part = is_htmx(self.request)
        return self.draw(
            self.get_context(place=place if is_part else "page"),
            template=(template or self.form_template) if is_part else "",
            status=status,
        )

    def get_context(self, **extra: Any) -> dict[str, Any]:
        posted = self.request.POST
        return super().get_context(
            form=self.form,
            token=posted.get(tokens.FIELD) or tokens.new_token(),
            version=posted.get("version") or self.get_version(),
            lines=self.lines,
            totals=self.totals(),
            post_url=self.request.get_full_path(),
            **extra,
        )
