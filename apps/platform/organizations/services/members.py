"""Who works here, as what and where. Nobody gives or takes rights that they do not hold themselves."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
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
from apps.platform.organizations.errors import AlreadyMember, RightsExceeded
from apps.platform.organizations.events import MembershipChanged
from apps.platform.organizations.models import Branch, Membership, Organization, Role
from apps.platform.organizations.permissions import STAFF_EDIT
from apps.platform.organizations.roles import is_giveable, role_label
from apps.platform.organizations.rules import covers
from apps.platform.organizations.services.owners import check_owner_left


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
    _check_gift(actor, role, branch.pk if branch else None)
    if branch is not None and branch.organization_id != actor.organization_id:
        raise NotFound
    with translate_violations({"membership_unique": AlreadyMember}):
        membership = Membership.objects.create(
            user=user,
            organization_id=actor.organization_id,
            branch=branch,
            role=role,
            title=clean_text(title),
            active_from=active_from,
            active_to=active_to,
        )
    _tell(actor, "membership.added", membership, role.code)
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
    active_to: date | None = None,
) -> Membership:
    """Gives a member another role, branch, title or last day. Raises what `add_member` raises, and LastOwner."""
    membership = _lock(actor, membership)
    _check_gift(actor, role, branch.pk if branch else None)
    if branch is not None and branch.organization_id != actor.organization_id:
        raise NotFound
    membership.role, membership.branch = role, branch
    membership.title, membership.active_to = clean_text(title), active_to
    with translate_violations({"membership_unique": AlreadyMember}):
        membership.save(update_fields=["role", "branch", "title", "active_to"])
    check_owner_left(membership.organization_id)
    _tell(actor, "membership.changed", membership, role.code)
    return membership


@transaction.atomic
def remove_member(actor: Actor, membership: Membership) -> None:
    """Ends a membership now. Its history stays. Raises NotFound, NotAllowed, RightsExceeded, LastOwner."""
    membership = _lock(actor, membership)
    record(actor, "membership.removed", membership, data=_describe(membership))
    organization_id, user_id = membership.organization_id, membership.user_id
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
    _check_gift(actor, membership.role, membership.branch_id)
    return membership


def _check_gift(actor: Actor, role: Role, branch_id: UUID | None) -> None:
    if role.organization_id not in (None, actor.organization_id) or not is_giveable(role):
        raise NotFound
    reaches = actor.branch_ids is None if branch_id is None else actor.reaches_branch(branch_id)
    if not reaches or not covers(actor.permissions, role.permissions):
        raise RightsExceeded(field="role")


def _check_new_person(person: dict[str, Any]) -> None:
    missing = [name for name in ("first_name", "password") if not person.get(name)]
    if missing:
        text = _("Nobody has an account with this name yet: give a name and a first password.")
        raise BadInput(text, field=missing[0])


def _describe(membership: Membership) -> dict[str, str]:
    with translation.override(membership.organization.language):
        role_name = role_label(membership.role)
    return {
        "name": membership.user.full_name,
        "role": membership.role.code,
        "role_name": role_name,
        "branch": membership.branch.name if membership.branch else "",
    }


def _tell(actor: Actor, action: str, membership: Membership, role: str) -> None:
    record(actor, action, membership, data=_describe(membership))
    publish(
        actor,
        MembershipChanged(
            subject_id=membership.user_id,
            organization_id=membership.organization_id,
            branch_id=membership.branch_id,
            role=role,
        ),
    )
