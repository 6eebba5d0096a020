"""Detail screens: state and next legal steps on top, parts that refresh themselves below, a timeline at the end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.db import get_visible
from apps.core.errors import BusinessError, NotAllowed, NotFound
from apps.core.portal.actions import (
    ActionButton,
    ActionHandler,
    Fragment,
    add_refusal,
    is_open,
    list_buttons,
    read_version,
)
from apps.core.portal.columns import capitalize
from apps.core.portal.detail_page import CHANGES, TIMELINE, describe_detail, draw_part
from apps.core.portal.places import parts_of
from apps.core.portal.providers import providers
from apps.core.portal.responses import add_toast, add_trigger, is_htmx, redirect_to
from apps.core.portal.views import PortalView
from apps.core.states import StateTable


class DetailScreen(PortalView):
    """One document. `selector(actor)` gives the rows that exist for the actor; the address carries the id.

    `urls(route, name)` gives the page (`name`), its parts (`name-part`) and its actions (`name-do`). `place` lets apps
    above add parts of theirs (`places.add_part`). `logs_view` writes who looked into the audit log: for personal data.
    """

    template_name = "portal/detail/page.html"
    body_template = "portal/detail/body.html"
    head_template = "portal/detail/head.html"
    selector: Callable[[Any], QuerySet]
    name: ClassVar[str] = ""
    table: ClassVar[StateTable | None] = None
    actions: ClassVar[Mapping[str, ActionHandler]] = {}
    fragments: ClassVar[Sequence[Fragment]] = ()
    place: ClassVar[str] = ""
    topics: ClassVar[Sequence[str]] = ()
    has_timeline: ClassVar[bool] = True
    logs_view: ClassVar[bool] = False
    list_url_name: ClassVar[str] = ""
    list_label: Any = ""

    @classmethod
    def urls(cls, route: str, name: str) -> list[URLPattern]:
        """The addresses of this screen; `route` ends with the id, e.g. `job-cards/<uuid:id>/`."""
        cls.name = name
        view = cls.as_view()
        return [
            path(route, view, name=name),
            path(f"{route}part/<slug:part>/", view, name=f"{name}-part"),
            path(f"{route}do/<slug:action>/", view, name=f"{name}-do"),
        ]

    @cached_property
    def instance(self) -> Any:
        """The document; NotFound for another company's."""
        rows = type(self).selector(self.actor)
        if hasattr(rows, "visible_to"):
            return get_visible(rows, self.actor, self.kwargs["id"])
        row = rows.filter(pk=self.kwargs["id"]).first()
        if row is None:
            raise NotFound
        return row

    @property
    def is_drawer(self) -> bool:
        """Whether the screen stands in the drawer beside a list or board."""
        return self.request.GET.get("in") == "drawer" or self.request.headers.get("HX-Target") == "drawer"

    def get_title(self) -> Any:
        return str(self.instance)

    def get_subtitle(self) -> Any:
        return ""

    def link(self, suffix: str = "", **kwargs: Any) -> str:
        """An address of this document in the portal of the page; keeps the drawer."""
        match = self.request.resolver_match
        space = f"{match.namespace}:" if match and match.namespace else ""
        url = reverse(f"{space}{self.name}{suffix}", kwargs={**self.kwargs_of_row(), **kwargs})
        return f"{url}?in=drawer" if self.is_drawer and suffix else url

    def kwargs_of_row(self) -> dict[str, Any]:
        return {"id": self.instance.pk}

    def state_label(self) -> str:
        if self.table is None:
            return ""
        return capitalize(str(getattr(self.instance, f"get_{self.table.field}_display")()))

    def state_tone(self) -> str:
        return self.table.tone(getattr(self.instance, self.table.field)) if self.table else "neutral"

    def buttons(self) -> list[ActionButton]:
        return list_buttons(
            self.table, self.actions, self.instance, self.actor, url=lambda name: self.link("-do", action=name)
        )

    def shown_fragments(self) -> list[Fragment]:
        """The parts that the actor may see."""
        known = [*self.fragments, *parts_of(self.place)]
        shown = [fragment for fragment in known if fragment.is_open_to(self.actor)]
        return [*shown, TIMELINE] if self.has_timeline else shown

    def topics_of(self, patterns: Sequence[str]) -> list[str]:
        values = {
            "id": self.instance.pk,
            "branch": getattr(self.instance, "branch_id", ""),
            "organization": self.actor.organization_id,
        }
        return [pattern.format(**values) for pattern in patterns]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if part := kwargs.get("part"):
            return HttpResponse(self.draw_part(part))
        if action := kwargs.get("action"):
            return self.ask(action)
        if self.logs_view:
            providers.viewed(self.actor, self.instance)
        return self.draw_detail()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.act(kwargs.get("action", ""))

    def draw_part(self, name: str) -> str:
        """One part of the page; `head` is the title with state and buttons."""
        if name == "head":
            context = describe_detail(self, parts=[])
            return render_to_string(self.head_template, context, request=self.request)
        known = [*self.shown_fragments(), *([CHANGES] if self.has_timeline else [])]
        fragment = next((one for one in known if one.name == name and one.is_open_to(self.actor)), None)
        if fragment is None:
            raise NotFound
        return draw_part(self, fragment)

    def draw_detail(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The whole page, the drawer, or (after an action) the body that changed."""
        parts = [(fragment, draw_part(self, fragment)) for fragment in self.shown_fragments()]
        context = self.get_context(**describe_detail(self, parts=parts), **extra)
        if not is_htmx(self.request):
            return self.draw(context, status=status)
        return self.draw(context, template=self.body_template, status=status)

    def find_action(self, name: str) -> ActionHandler:
        """The handler of a button; refused when it is not one of this screen or not for this actor."""
        handler = self.actions.get(name)
        if handler is None:
            raise NotFound
        if self.table is None or name not in self.table.steps:
            if not is_open(handler, self.instance, self.actor):
                raise NotAllowed
            return handler
        permission = self.table.steps[name].permission
        if permission:
            self.actor.require(permission)
        return handler

    def make_form(self, handler: ActionHandler, data: Any = None, files: Any = None) -> forms.Form | None:
        if handler.form is None:
            return None
        initial = handler.initial(self.instance) if handler.initial else None
        form = handler.form(data, files, initial=initial)
        if hasattr(form, "prepare"):
            form.prepare(self.actor, self.instance)
        return form

    def ask(self, name: str) -> HttpResponse:
        """The dialog of an action; the state is checked now so that nobody fills in a form in vain."""
        handler = self.find_action(name)
        if self.table is not None and name in self.table.steps:
            self.table.check(self.instance, name)
        return self.draw_dialog(name, handler, self.make_form(handler))

    def act(self, name: str) -> HttpResponse:
        """Runs an action; a refusal comes back where it was asked, with everything that was typed."""
        handler = self.find_action(name)
        form = self.make_form(handler, self.request.POST, self.request.FILES)
        if form is not None and not form.is_valid():
            return self.draw_dialog(name, handler, form, status=422)
        version = read_version(self.request.POST.get("version"))
        try:
            data = form.cleaned_data if form is not None else {}
            result = handler.run(self.actor, self.instance, data=data, version=version)
        except BusinessError as error:
            return self.refuse(name, handler, form, error)
        return self.succeed(handler, result)

    def refuse(self, name: str, handler: ActionHandler, form: Any, error: BusinessError) -> HttpResponse:
        self.forget_instance()
        if form is not None:
            add_refusal(form, error)
            return self.draw_dialog(name, handler, form, status=error.status)
        return add_toast(self.draw_detail(status=error.status, error=error), error, tone="danger")

    def succeed(self, handler: ActionHandler, result: Any) -> HttpResponse:
        done = handler.done or _("Done.")
        if handler.go_to is not None:
            return redirect_to(self.request, handler.go_to(result), message=done)
        if not is_htmx(self.request):
            return redirect_to(self.request, self.link(), message=done)
        self.forget_instance()
        response = self.draw_detail()
        response["HX-Retarget"], response["HX-Reswap"] = "#detail", "outerHTML"
        return add_toast(add_trigger(response, "closeDialog"), done)

    def draw_dialog(self, name: str, handler: ActionHandler, form: Any, *, status: int = 200) -> HttpResponse:
        """The form of an action: in the dialog, or as a page of its own without scripts."""
        button = next((one for one in self.buttons() if one.name == name), None)
        context = self.get_context(
            form=form,
            handler=handler,
            action_label=button.label if button else (handler.label or name),
            action_url=self.link("-do", action=name),
            back_url=self.link(),
            version=self.request.POST.get("version") or getattr(self.instance, "version", ""),
        )
        is_part = is_htmx(self.request)
        template = handler.template if is_part else "portal/detail/dialog_page.html"
        return self.draw(context, template=template, status=status)

    def forget_instance(self) -> None:
        """Reads the document anew when it is next needed."""
        self.__dict__.pop("instance", None)
