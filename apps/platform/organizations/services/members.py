"""Who works here, as what and where. Nobody gives or takes rights that they do not hold themselves."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import find_user
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.errors import AlreadyMember, InviteFirst
from apps.platform.organizations.events import MembershipChanged
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.organizations.permissions import STAFF_EDIT
from apps.platform.organizations.services.gifts import check_gift, describe_membership
from apps.platform.organizations.services.invitations import invite
from apps.platform.organizations.services.leaving import has_place, settled_place
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
    """A further role of somebody who works in the actor's company, in one branch or (without) in all.

    Raises NotAllowed without staff.edit, RightsExceeded for a role or a reach beyond the actor's own, NotFound for
    another company's role or branch, InviteFirst for somebody who does not work here, AlreadyMember.
    """
    actor.require(STAFF_EDIT)
    if actor.organization_id is None:
        raise NotFound
    check_gift(actor, role, branch)
    if not has_place(user.pk, actor.organization_id):
        raise InviteFirst
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
    actor: Actor,
    *,
    role: Role,
    branch: Branch | None = None,
    title: str = "",
    email: str = "",
    phone: str = "",
    name: str = "",
) -> Membership | Invitation:
    """A further role at once for somebody who works here; an invitation to the address for everybody else.

    Nobody is made a member unasked, and the answer is the same whether or not the address has an account. Raises what
    `add_member` and `invite` raise.
    """
    actor.require(STAFF_EDIT)
    organization_id = actor.require_organization()
    known = [user for user in map(find_user, filter(None, (email, phone))) if user]
    colleague = next((user for user in known if has_place(user.pk, organization_id)), None)
    if colleague is not None:
        return add_member(actor, user=colleague, role=role, branch=branch, title=title)
    return invite(actor, role=role, branch=branch, title=title, email=email, phone=phone, name=name)


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
