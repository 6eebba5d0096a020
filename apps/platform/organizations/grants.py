"""Access to single rows: a warehouse to a keeper of another branch, a vehicle to its driver.

A grant opens the row; what may be done with it is for the person's role to say. Apps register what can be granted and
let their `visible_to` read it through `visible_or_granted`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField
from django.db.models.functions import Cast
from guardian.models import UserObjectPermission

from apps.core.actor import Actor

Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True, slots=True)
class Grantable:
    """`right` is what a grant of such a row opens; `choices(actor)` offers rows where there are few."""

    model: type[Model]
    right: str
    label: Any
    choices: Callable[[Actor], Sequence[tuple[UUID, str]]] | None = None

    @property
    def key(self) -> str:
        return str(self.model._meta.label_lower)


GRANTABLES: dict[str, Grantable] = {}


def register_grantable(
    model: type[Model],
    right: str,
    *,
    label: Any,
    choices: Callable[[Actor], Sequence[tuple[UUID, str]]] | None = None,
) -> None:
    """Rows of `model` can be opened to single people, for `right`."""
    entry = Grantable(model, right, label, choices)
    GRANTABLES[entry.key] = entry


def granted_ids(actor: Actor, right: str, model: type[Model]) -> QuerySet:
    """The ids of the rows of `model` that were opened to the actor, as a subquery."""
    if actor.user_id is None:
        return UserObjectPermission.objects.none().values("pk")
    rows = UserObjectPermission.objects.filter(
        user_id=actor.user_id,
        permission__codename=right,
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
    )
    return rows.annotate(row_id=Cast("object_pk", UUIDField())).values("row_id")


def visible_or_granted(
    rows: Rows, actor: Actor, *, right: str, model: type[Model], path: str = "pk", branch_field: str = "branch_id"
) -> Rows:
    """What `visible_to` gives, and the rows whose `path` was opened to the actor within the company."""
    if actor.organization_id is None:
        return rows.none()
    rows = rows.filter(organization_id=actor.organization_id)
    if actor.branch_ids is None:
        return rows
    reach = Q(**{f"{branch_field}__isnull": True}) | Q(**{f"{branch_field}__in": actor.branch_ids})
    if actor.user_id is not None:
        reach |= Q(**{f"{path}__in": granted_ids(actor, right, model)})
    return rows.filter(reach)
