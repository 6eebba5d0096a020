"""Who works here, as what and where. Nobody gives or takes rights that they do not hold themselves."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import find_user
from apps.platform.accounts.services import create_user
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.errors import AlreadyMember
from apps.platform.organizations.events import MembershipChanged
from apps.platform.organizations.models import Branch, Membership, Organization, Role
from apps.platform.organizations.permissions import STAFF_EDIT
from apps.platform.organizations.services.gifts import check_gift, describe_membership
from apps.platform.organizations.services.leaving import settled_place
from apps.platform.organizations.services.owners import check_owner_left

_VIOLATIONS: Mapping[str, Callable[[], Exception]] = {
    "membership_unique": AlreadyMember,
    "membership_period_forward": lambda: BadInput(_("The last day is before the first."), field="active_to"),
}


@transaction.atomic
def add_member(
    actor: Actor,
    *,
    user: User,
    role: Role,
    branch: Branch | None = None,
    title: str = "",
    active_from: date | None = None,
    active_to: date | None = None,
) -> Membership:
    """Makes `user` a member of the actor's company, in one branch or (without) in all.

    Raises NotAllowed without staff.edit, RightsExceeded for a role or a reach beyond the actor's own, NotFound for
    another company's role or branch, AlreadyMember.
    """
    actor.require(STAFF_EDIT)
    if actor.organization_id is None:
        raise NotFound
    check_gift(actor, role, branch)
    place = settled_place(actor, user.pk, actor.organization_id)
    with place, translate_violations(_VIOLATIONS):
        membership = Membership.objects.create(
            user=user,
            organization_id=actor.organization_id,
            branch=branch,
            role=role,
            title=clean_text(title),
            active_from=active_from,
            active_to=active_to,
        )
    record(actor, "membership.added", membership, data=describe_membership(membership))
    _publish(actor, membership, role.code)
    return membership


@transaction.atomic
def add_staff(
    actor: Actor, *, role: Role, branch: Branch | None = None, title: str = "", **person: Any
) -> tuple[Membership, bool]:
    """(membership, whether the account is new) of a person found by `email` or `phone`, made when there is none.

    `person` is what `create_user` takes. The password and names of an existing account stay as they are.
    """
    actor.require(STAFF_EDIT)
    identifiers = [text for text in (person.get("email"), person.get("phone")) if text]
    user = next((found for found in map(find_user, identifiers) if found), None)
    is_new = user is None
    if user is None:
        _check_new_person(person)
        user = create_user(actor, **person)
    return add_member(actor, user=user, role=role, branch=branch, title=title), is_new


@transaction.atomic
def change_member(
    actor: Actor,
    membership: Membership,
    *,
    role: Role,
    branch: Branch | None,
    title: str = "",
    active_from: date | None = None,
    active_to: date | None = None,
) -> Membership:
    """Gives a member another role, branch, title or period. Raises what `add_member` raises, and LastOwner."""
    membership = _lock(actor, membership)
    check_gift(actor, role, branch)
    membership.role, membership.branch = role, branch
    membership.title, membership.active_from, membership.active_to = clean_text(title), active_from, active_to
    old = _plain(lock_row(membership))
    place = settled_place(actor, membership.user_id, membership.organization_id)
    with place, translate_violations(_VIOLATIONS):
        membership.save(update_fields=["role", "branch", "title", "active_from", "active_to"])
    check_owner_left(membership.organization_id)
    new = _plain(membership)
    changed = {name for name in new if new[name] != old[name]}
    record(
        actor,
        "membership.changed",
        membership,
        data=describe_membership(membership),
        old={name: old[name] for name in changed},
        new={name: new[name] for name in changed},
    )
    _publish(actor, membership, role.code)
    return membership


@transaction.atomic
def remove_member(actor: Actor, membership: Membership) -> None:
    """Ends a membership now. Its history stays. Raises NotFound, NotAllowed, RightsExceeded, LastOwner."""
    membership = _lock(actor, membership)
    record(actor, "membership.removed", membership, data=describe_membership(membership))
    organization_id, user_id = membership.organization_id, membership.user_id
    with settled_place(actor, user_id, organization_id):
        membership.delete()
    check_owner_left(organization_id)
    publish(actor, MembershipChanged(subject_id=user_id, organization_id=organization_id, role=""))


def _lock(actor: Actor, membership: Membership) -> Membership:
    """The membership, its company locked first: two owners who remove each other stand in a queue."""
    actor.require(STAFF_EDIT)
    if not Membership.objects.visible_to(actor).filter(pk=membership.pk).exists():
        raise NotFound
    Organization.objects.select_for_update(of=("self",)).get(pk=membership.organization_id)
    membership = lock_row(membership)
    check_gift(actor, membership.role, membership.branch)
    return membership


def _check_new_person(person: dict[str, Any]) -> None:
    missing = [name for name in ("first_name", "password") if not person.get(name)]
    if missing:
        text = _("Nobody has an account with this name yet: give a name and a first password.")
        raise BadInput(text, field=missing[0])


def _plain(membership: Membership) -> dict[str, str]:
    """What can be changed about a membership, as the log keeps it."""
    return {
        "role": membership.role.code,
        "branch": membership.branch.name if membership.branch else "",
        "title": membership.title,
        "active_from": str(membership.active_from or ""),
        "active_to": str(membership.active_to or ""),
    }


def _publish(actor: Actor, membership: Membership, role: str) -> None:
    publish(
        actor,
        MembershipChanged(
            subject_id=membership.user_id,
            organization_id=membership.organization_id,
            branch_id=membership.branch_id,
            role=role,
        ),
    )
