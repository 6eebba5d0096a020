"""Which right a field needs. Every field of Query and Mutation names one; fields of types may need a further one."""

from collections.abc import Callable
from typing import Any

from strawberry.extensions import FieldExtension

from apps.core.actor import Actor
from apps.core.api.permissions import AUTHENTICATED
from apps.core.graphql.context import actor_of

__all__ = ["AUTHENTICATED", "Right", "ShownTo", "right_of"]


class Right(FieldExtension):
    """`@strawberry.field(extensions=[Right("vehicle.view")])`: without the right the field is an error AUTH_003."""

    def __init__(self, right: str) -> None:
        self.right = right

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        if self.right != AUTHENTICATED:
            actor_of(info).require(self.right)
        return next_(source, info, **kwargs)


class ShownTo(FieldExtension):
    """The value to those who have the right, and `null` to everybody else. The field must allow null.

    `if_own(row, actor)` says for documents of two companies whose value it is.
    """

    def __init__(self, right: str = "", *, if_own: Callable[[Any, Actor], bool] | None = None) -> None:
        self.right = right
        self.if_own = if_own

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        actor = actor_of(info)
        if self.right and not actor.can(self.right):
            return None
        if self.if_own is not None and not self.if_own(source, actor):
            return None
        return next_(source, info, **kwargs)


def right_of(field: Any) -> str:
    """The right that a field of Query or Mutation names; empty when it names none."""
    return next((one.right for one in field.extensions if isinstance(one, Right)), "")
