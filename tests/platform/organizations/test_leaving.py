"""Whoever leaves a company leaves with nothing: opened rows are closed, sessions there end, and neither comes back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from guardian.models import UserObjectPermission

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.engines.inventory.models import Warehouse
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services import open_session
from apps.platform.audit.models import AuditLog
from apps.platform.organizations import services
from apps.platform.organizations.models import Invitation, Membership
from apps.platform.organizations.services import build_actor
from apps.platform.organizations.services.invitations import make_link
from apps.platform.organizations.services.people import remove_person, set_person_active
from tests.factories.actors import actor_for
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db
RIGHT = "inventory.view"


@pytest.fixture
def owner() -> Actor:
    return actor_for("owner")


@pytest.fixture
def keeper(owner: Actor) -> Membership:
    """A store keeper of one branch."""
    branch = BranchFactory(organization_id=owner.organization_id)
    return MembershipFactory(role=role("store_keeper"), branch=branch)


@pytest.fixture
def warehouse(owner: Actor, keeper: Membership) -> Warehouse:
    """A warehouse of another branch that is open to the keeper."""
    branch = BranchFactory(organization_id=owner.organization_id)
    row = WarehouseFactory(organization=branch.organization, branch=branch)
    services.grant(owner, keeper.user, RIGHT, row)
    return row


def seen_by(user: User, company: Any) -> list[Any]:
    actor = build_actor(user, organization_id=company)
    return list(Warehouse.objects.visible_to(actor).values_list("pk", flat=True))


def leave_removed(owner: Actor, row: Membership) -> None:
    services.remove_member(owner, row)


def leave_removed_as_person(owner: Actor, row: Membership) -> None:
    remove_person(owner, row.user_id)


def leave_closed_out(owner: Actor, row: Membership) -> None:
    set_person_active(owner, row.user_id, is_active=False)


@pytest.mark.parametrize("leave", [leave_removed, leave_removed_as_person, leave_closed_out])
def test_opened_rows_are_closed_when_somebody_leaves(
    owner: Actor, keeper: Membership, warehouse: Warehouse, leave: Any
) -> None:
    assert warehouse.pk in seen_by(keeper.user, owner.organization_id)
    leave(owner, keeper)
    assert not UserObjectPermission.objects.exists()
    line = AuditLog.objects.get(action="access.ended")
    assert (line.entity_id, line.data, line.user_id) == (warehouse.pk, {"user_id": str(keeper.user_id)}, owner.user_id)


def come_back_by_invitation(owner: Actor, user: User, branch: Any) -> None:
    invitation = services.invite(owner, role=role("store_keeper"), branch=branch, email=user.email)
    made = make_link(invitation.pk)
    assert made is not None
    services.accept_invitation(build_actor(user), made[1])


def test_coming_back_brings_no_opened_row_back(owner: Actor, keeper: Membership, warehouse: Warehouse) -> None:
    services.remove_member(owner, keeper)
    come_back_by_invitation(owner, keeper.user, keeper.branch)
    assert warehouse.pk not in seen_by(keeper.user, owner.organization_id)


def test_a_place_that_ran_out_by_its_date_brings_nothing_back(
    owner: Actor, keeper: Membership, warehouse: Warehouse
) -> None:
    Membership.objects.filter(pk=keeper.pk).update(active_to=local_date() - timedelta(days=1))
    come_back_by_invitation(owner, keeper.user, keeper.branch)
    keeper.refresh_from_db()
    assert (keeper.active_from, keeper.active_to) == (None, None)
    assert Invitation.objects.get().state == "accepted"
    assert warehouse.pk not in seen_by(keeper.user, owner.organization_id)
    assert not UserObjectPermission.objects.exists()


def test_somebody_with_another_role_here_keeps_what_is_open(
    owner: Actor, keeper: Membership, warehouse: Warehouse
) -> None:
    other = MembershipFactory(user=keeper.user, role=role("technician"), branch=keeper.branch)
    session = open_session(keeper.user, kind=UserSession.Kind.APP)
    services.remove_member(owner, other)
    assert warehouse.pk in seen_by(keeper.user, owner.organization_id)
    session.refresh_from_db()
    assert session.ended_at is None


def test_what_other_companies_opened_stays(owner: Actor, keeper: Membership, warehouse: Warehouse) -> None:
    elsewhere = actor_for("owner")
    place = MembershipFactory(
        user=keeper.user, role=role("store_keeper"), branch=BranchFactory(organization_id=elsewhere.organization_id)
    )
    far = WarehouseFactory(
        organization=place.organization, branch=BranchFactory(organization_id=elsewhere.organization_id)
    )
    services.grant(elsewhere, keeper.user, RIGHT, far)
    services.remove_member(owner, keeper)
    assert list(UserObjectPermission.objects.values_list("object_pk", flat=True)) == [str(far.pk)]
    assert far.pk in seen_by(keeper.user, elsewhere.organization_id)


class TestSessions:
    def browser_in(self, user: User, company: Any = None) -> Client:
        browser = Client()
        browser.force_login(user)
        if company is not None:
            session = browser.session
            session["organization_id"] = str(company)
            session.save()
        return browser

    def test_all_end_when_it_was_the_only_company(self, owner: Actor, keeper: Membership) -> None:
        browser = self.browser_in(keeper.user)
        app = open_session(keeper.user, kind=UserSession.Kind.APP)
        assert browser.get("/account/").status_code == 200
        services.remove_member(owner, keeper)
        assert browser.get("/account/").status_code == 302
        app.refresh_from_db()
        assert (app.end_reason, app.ended_at is not None) == ("left_company", True)

    def test_those_in_other_companies_go_on(self, owner: Actor, keeper: Membership) -> None:
        other = MembershipFactory(user=keeper.user)
        here = self.browser_in(keeper.user, owner.organization_id)
        there = self.browser_in(keeper.user, other.organization_id)
        app = open_session(keeper.user, kind=UserSession.Kind.APP)
        services.remove_member(owner, keeper)
        assert here.get("/account/").status_code == 302
        assert there.get("/account/").status_code == 200
        app.refresh_from_db()
        assert app.ended_at is None

    def test_those_of_other_people_go_on(self, owner: Actor, keeper: Membership) -> None:
        colleague = self.browser_in(MembershipFactory(organization=keeper.organization).user)
        services.remove_member(owner, keeper)
        assert colleague.get("/account/").status_code == 200

    def test_a_refused_removal_ends_nothing(self, keeper: Membership) -> None:
        browser = self.browser_in(keeper.user)
        stranger = actor_for("owner", organization=OrganizationFactory())
        with pytest.raises(Exception, match=r".") as refused:
            services.remove_member(stranger, keeper)
        assert refused.typename == "NotFound"
        assert browser.get("/account/").status_code == 200
        assert UserSession.objects.filter(ended_at__isnull=True, last_seen_at__lte=now()).count() == 1
