"""A colleague as one person, however many roles they have in the company: changed, closed out, let in again, removed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.platform.organizations.models import Membership
from apps.platform.organizations.permissions import STAFF_EDIT
from apps.platform.organizations.services.members import change_member, remove_member


@transaction.atomic
def change_person(actor: Actor, user_id: UUID, **place: Any) -> Membership:
    """Gives a colleague another `role`, `branch` or `title`; what is not named stays.

    Raises NotFound for somebody who does not work here, BadInput for one with several roles (change those one by one),
    and what `change_member` raises.
    """
    rows = _memberships(actor, user_id)
    if len(rows) > 1:
        raise BadInput(_("This person has several roles here. Change each of them."), field="role_id")
    row = rows[0]
    present = {name: getattr(row, name) for name in ("role", "branch", "title", "active_from", "active_to")}
    return change_member(actor, row, **{**present, **place})


@transaction.atomic
def set_person_active(actor: Actor, user_id: UUID, *, is_active: bool) -> None:
    """Ends all roles of a colleague by yesterday, or lets them in again. Their account and other companies stay.

    Raises NotFound, NotAllowed (also for oneself), and what `change_member` raises.
    """
    rows = _memberships(actor, user_id)
    if user_id == actor.user_id:
        raise NotAllowed
    today = local_date()
    for row in rows:
        kept = {name: getattr(row, name) for name in ("role", "branch", "title")}
        if is_active:
            change_member(actor, row, active_from=row.active_from, active_to=None, **kept)
        elif row.active_to is None or row.active_to >= today:
            started = row.active_from if row.active_from and row.active_from < today else None
            change_member(actor, row, active_from=started, active_to=today - timedelta(days=1), **kept)


@transaction.atomic
def remove_person(actor: Actor, user_id: UUID) -> None:
    """Ends all roles of a colleague for good. Raises what `remove_member` raises."""
    for row in _memberships(actor, user_id):
        remove_member(actor, row)


def _memberships(actor: Actor, user_id: UUID) -> list[Membership]:
    actor.require(STAFF_EDIT)
    rows = list(Membership.objects.visible_to(actor).filter(user_id=user_id).order_by("pk"))
    if not rows:
        raise NotFound
    return rows
