"""Who one is in which company, and what one may do there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.core.actor import ActorKind
from apps.core.clock import local_date
from apps.core.errors import NotFound
from apps.platform.organizations.errors import OrganizationSuspended
from apps.platform.organizations.models import Membership
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db


def test_nobody_is_anonymous() -> None:
    actor = build_actor(AnonymousUser(), ip="10.0.0.1")
    assert (actor.kind, actor.user_id, actor.ip, actor.permissions) == (
        ActorKind.ANONYMOUS,
        None,
        "10.0.0.1",
        frozenset(),
    )


def test_inactive_user_is_anonymous() -> None:
    user = UserFactory(is_active=False)
    MembershipFactory(user=user)
    assert build_actor(user).kind == ActorKind.ANONYMOUS


def test_owner_of_one_company_acts_in_it_with_all_rights() -> None:
    actor = actor_for("owner")
    assert actor.organization_id is not None
    assert actor.branch_id is None
    assert actor.branch_ids is None
    assert actor.can("settings.edit")
    assert actor.roles == {"owner"}


def test_member_without_company_is_a_customer() -> None:
    actor = build_actor(UserFactory())
    assert (actor.kind, actor.organization_id, actor.permissions) == (ActorKind.CUSTOMER, None, frozenset())


def test_member_of_several_companies_acts_in_none_until_they_choose() -> None:
    user = UserFactory()
    first, second = MembershipFactory(user=user), MembershipFactory(user=user, role=role("technician"))
    undecided = build_actor(user)
    assert (undecided.organization_id, undecided.permissions, undecided.branch_ids) == (None, frozenset(), frozenset())
    assert build_actor(user, organization_id=first.organization_id).can("settings.edit")
    chosen = build_actor(user, organization_id=second.organization_id)
    assert chosen.can("task.work")
    assert not chosen.can("settings.edit")


def test_foreign_and_missing_companies_look_the_same() -> None:
    user = MembershipFactory().user
    for organization_id in (OrganizationFactory().pk, uuid4()):
        with pytest.raises(NotFound):
            build_actor(user, organization_id=organization_id)


def test_suspended_company_is_closed_to_its_members_and_invisible_to_others() -> None:
    membership = MembershipFactory(organization=OrganizationFactory(status="suspended"))
    assert build_actor(membership.user).organization_id is None
    with pytest.raises(OrganizationSuspended):
        build_actor(membership.user, organization_id=membership.organization_id)
    with pytest.raises(NotFound):
        build_actor(UserFactory(), organization_id=membership.organization_id)


@pytest.mark.parametrize(
    ("start", "end", "is_member"),
    [(None, None, True), (0, 0, True), (-10, -1, False), (1, None, False), (-1, 1, True)],
)
def test_membership_holds_in_its_period_only(start: int | None, end: int | None, is_member: bool) -> None:
    def day(offset: int | None):
        return None if offset is None else local_date() + timedelta(days=offset)

    membership = MembershipFactory(active_from=day(start), active_to=day(end))
    assert (build_actor(membership.user).organization_id is not None) is is_member
    if not is_member:
        with pytest.raises(NotFound):
            build_actor(membership.user, organization_id=membership.organization_id)


def test_branch_member_reaches_their_branch_only() -> None:
    own = BranchFactory()
    other = BranchFactory(organization=own.organization)
    actor = actor_for("advisor", branch=own)
    assert (actor.branch_id, actor.branch_ids) == (own.pk, {own.pk})
    assert not actor.reaches_branch(other.pk)
    for branch_id in (other.pk, BranchFactory().pk, uuid4()):
        with pytest.raises(NotFound):
            build_actor(UserFactory._meta.model.objects.get(pk=actor.user_id), branch_id=branch_id)


def test_owner_can_work_in_any_branch_of_their_company() -> None:
    membership = MembershipFactory()
    branch = BranchFactory(organization=membership.organization)
    actor = build_actor(membership.user, branch_id=branch.pk)
    assert (actor.branch_id, actor.branch_ids) == (branch.pk, None)
    with pytest.raises(NotFound):
        build_actor(membership.user, branch_id=BranchFactory().pk)


def test_closed_branch_opens_nothing() -> None:
    branch = BranchFactory(is_active=False)
    membership = MembershipFactory(branch=branch, role=role("advisor"))
    assert build_actor(membership.user).organization_id is None


def test_rights_of_one_branch_do_not_leak_into_another() -> None:
    first = BranchFactory()
    second = BranchFactory(organization=first.organization)
    user = UserFactory()
    MembershipFactory(user=user, branch=first, role=role("manager"))
    MembershipFactory(user=user, branch=second, role=role("technician"))
    here = build_actor(user, branch_id=first.pk)
    assert here.can("staff.edit")
    assert here.branch_ids == {first.pk}
    there = build_actor(user, branch_id=second.pk)
    assert not there.can("staff.edit")
    assert there.branch_ids == {first.pk, second.pk}


def test_rights_everywhere_and_more_rights_here() -> None:
    branch = BranchFactory()
    other = BranchFactory(organization=branch.organization)
    user = UserFactory()
    MembershipFactory(user=user, organization=branch.organization, role=role("qc"))
    MembershipFactory(user=user, branch=branch, role=role("manager"))
    everywhere = build_actor(user)
    assert (everywhere.branch_id, everywhere.branch_ids) == (None, None)
    assert not everywhere.can("staff.edit")
    here = build_actor(user, branch_id=branch.pk)
    assert here.can("staff.edit")
    assert not here.reaches_branch(other.pk)


def test_platform_administrator_enters_any_company() -> None:
    branch = BranchFactory()
    user = UserFactory(is_staff=True, is_superuser=True)
    actor = build_actor(user, organization_id=branch.organization_id, branch_id=branch.pk)
    assert actor.is_platform_staff
    assert actor.can("settings.edit")
    assert actor.branch_ids is None
    with pytest.raises(NotFound):
        build_actor(user, organization_id=uuid4())


def test_platform_staff_without_all_rights_enter_no_company() -> None:
    with pytest.raises(NotFound):
        build_actor(UserFactory(is_staff=True), organization_id=OrganizationFactory().pk)


def test_memberships_are_seen_within_the_company() -> None:
    actor = actor_for("owner")
    MembershipFactory()
    assert [row.user_id for row in Membership.objects.visible_to(actor)] == [actor.user_id]
