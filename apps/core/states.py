"""State tables: which step leads from where to where, written once per document and used by every door.

    JOB_CARD = StateTable("state", JobCardState, {
        "inspect": Step({S.CREATED}, S.INSPECTED, _("Inspect"), permission="job_card.inspect"),
    })

A service calls `table.move(card, "inspect")` under a lock; portal buttons, `availableActions` and the diagrams in the
documentation are drawn from the same table.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any

from django.db.models import Model, TextChoices

from apps.core.actor import Actor
from apps.core.errors import IllegalMove


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move: from any of `sources` to `target`; `permission` is what the actor needs to see the button."""

    sources: Set[str]
    target: str
    label: Any
    permission: str = ""
    tone: str = "primary"
    is_manual: bool = True  # False: only a service moves so, no button


@dataclass(frozen=True)
class StateTable:
    field: str
    states: type[TextChoices]
    steps: Mapping[str, Step]
    tones: Mapping[str, str] = with_default(default_factory=dict)

    def allowed(self, instance: Model) -> list[str]:
        """Names of all steps that the state of `instance` allows."""
        state = getattr(instance, self.field)
        return [name for name, step in self.steps.items() if state in step.sources]

    def available(self, instance: Model, actor: Actor) -> list[tuple[str, Step]]:
        """The manual steps that state and rights allow: the buttons."""
        return [
            (name, self.steps[name])
            for name in self.allowed(instance)
            if self.steps[name].is_manual
            and (not self.steps[name].permission or actor.can(self.steps[name].permission))
        ]

    def check(self, instance: Model, action: str) -> Step:
        """The step `action`; raises IllegalMove naming what is allowed."""
        step = self.steps[action]
        state = getattr(instance, self.field)
        if state not in step.sources:
            allowed = self.allowed(instance)
            raise IllegalMove(
                action=action, state=state, allowed=allowed, labels=[self.steps[name].label for name in allowed]
            )
        return step

    def move(self, instance: Model, action: str) -> str:
        """Sets the new state on `instance` (not saved) and returns the old one; raises IllegalMove."""
        step = self.check(instance, action)
        old: str = getattr(instance, self.field)
        setattr(instance, self.field, step.target)
        return old

    def reaching(self, target: str, instance: Model) -> str | None:
        """The manual step that leads from the present state to `target` (for boards), or None."""
        return next((name for name in self.allowed(instance) if self.steps[name].target == target), None)

    def tone(self, state: str) -> str:
        """Colour meaning of a state: neutral, info, progress, attention, danger, done."""
        return self.tones.get(state, "neutral")


def check_covers(table: StateTable, values: Iterable[str]) -> None:
    """Raises ValueError when a step names a state that does not exist."""
    known = set(values)
    for name, step in table.steps.items():
        unknown = (set(step.sources) | {step.target}) - known
        if unknown:
            raise ValueError(f"step {name} names unknown states {sorted(unknown)}")
