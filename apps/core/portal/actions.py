"""Buttons of documents: each is one service, perhaps asked for more (a reason) by a form in a dialog."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from apps.core.actor import Actor
from apps.core.errors import BadInput, BusinessError
from apps.core.states import StateTable, Step

STEP_VARIANTS = {"primary": "primary", "danger": "danger"}


@dataclass(frozen=True)
class ActionHandler:
    """What a button does: `service(actor, instance, **cleaned form data)`.

    With a `form` a dialog asks first; with `confirm` a question. A service that takes `version` gets the version that
    the person saw, so that it can refuse a stale click under its lock. `label`, `permission` and `when` are for
    buttons that are no step of a state table. `go_to(result)` names the page to go on to. `template` draws the dialog
    in another way than field by field.
    """

    service: Callable[..., Any]
    form: type[forms.Form] | None = None
    confirm: Any = ""
    done: Any = ""
    icon: str = ""
    label: Any = ""
    permission: str = ""
    variant: str = ""
    when: Callable[[Any, Actor], bool] | None = None
    initial: Callable[[Any], Mapping[str, Any]] | None = None
    go_to: Callable[[Any], str] | None = None
    template: str = "portal/detail/dialog.html"

    def run(self, actor: Actor, instance: Model, *, data: Mapping[str, Any], version: int | None) -> Any:
        """Checks the version that was seen and calls the service."""
        if version is not None and hasattr(instance, "check_version"):
            instance.check_version(version)
        extra = {"version": version} if "version" in inspect.signature(self.service).parameters else {}
        return self.service(actor, instance, **data, **extra)


@dataclass
class ActionButton:
    """A button as the page draws it."""

    name: str
    label: Any
    url: str
    variant: str
    icon: str
    confirm: Any
    has_form: bool


def list_buttons(
    table: StateTable | None,
    actions: Mapping[str, ActionHandler],
    instance: Model,
    actor: Actor,
    *,
    url: Callable[[str], str],
) -> list[ActionButton]:
    """The steps that state and rights allow and that have a handler, then the buttons beside the states."""
    steps = dict(table.available(instance, actor)) if table else {}
    known = set(table.steps) if table else set()
    found = []
    for name, handler in actions.items():
        step = steps.get(name)
        if name in known and step is None:
            continue
        if name not in known and not is_open(handler, instance, actor):
            continue
        found.append(_button(name, handler, step, url(name)))
    if not any(button.variant == "primary" for button in found):
        return found
    first = next(button for button in found if button.variant == "primary")
    for button in found:
        if button.variant == "primary" and button is not first:
            button.variant = "secondary"
    return found


def is_open(handler: ActionHandler, instance: Model, actor: Actor) -> bool:
    """Whether a button that is no step of a state table is shown."""
    if handler.permission and not actor.can(handler.permission):
        return False
    return handler.when is None or handler.when(instance, actor)


def _button(name: str, handler: ActionHandler, step: Step | None, url: str) -> ActionButton:
    variant = handler.variant or (STEP_VARIANTS.get(step.tone, "secondary") if step else "secondary")
    label = handler.label or (step.label if step else name)
    return ActionButton(name, label, url, variant, handler.icon, handler.confirm, handler.form is not None)


def add_refusal(form: forms.BaseForm, error: BusinessError) -> None:
    """Puts a refusal beside the field it belongs to, else on top of the form."""
    if isinstance(error, BadInput) and error.errors:
        for name, texts in error.errors.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return
    form.add_error(error.field if error.field in form.fields else None, str(error))


def read_version(text: str | None) -> int | None:
    """The version that a hidden field carries, or None."""
    return int(text) if text and text.isdigit() else None


@dataclass(frozen=True)
class Fragment:
    """A named part of a detail page with an address of its own, drawn the same for clicks and for live refresh.

    `build(actor, instance)` gives the template's context; `topics` are patterns such as `job-card:{id}`. `permission`
    hides the part from those without the right. `is_side` puts it into the narrow column.
    """

    name: str
    template: str
    build: Callable[[Actor, Any], Mapping[str, Any]] | None = None
    topics: Sequence[str] = ()
    permission: str = ""
    is_side: bool = False

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)
