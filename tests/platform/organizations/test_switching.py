"""Acting in one company and branch: by header in the API, by the switcher in pages; what ends, ends at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from apps.core.clock import local_date
from apps.platform.accounts.models import User
from apps.platform.events.models import OutboxEvent
from apps.platform.organizations.models import Membership
from apps.platform.organizations.services import build_actor, change_member, remove_member
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, role
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
ME = "/api/v1/auth/me"


def ask(user: User, **headers: object) -> tuple[int, dict]:
    """Status and place of a call with these headers (`organization`, `branch`)."""
    named = {f"HTTP_X_{name.upper()}": str(value) for name, value in headers.items()}
    answer = api_client(user).get(ME, **named)
    return answer.status_code, answer.json().get("data") or {}


def place_of(data: dict) -> tuple[str | None, str | None]:
    organization, branch = data["organization"], data["branch"]
    return (organization and organization["id"], branch and branch["id"])


def test_headers_choose_company_and_branch() -> None:
    user = UserFactory()
    first, second = BranchFactory(), BranchFactory()
    MembershipFactory(user=user, organization=first.organization)
    MembershipFactory(user=user, branch=second, role=role("technician"))
    assert place_of(ask(user)[1]) == (None, None)
    ours = ask(user, organization=first.organization_id)[1]
    assert (place_of(ours), "*" in ours["permissions"]) == ((str(first.organization_id), None), True)
    here = ask(user, organization=first.organization_id, branch=first.pk)[1]
    assert place_of(here) == (str(first.organization_id), str(first.pk))
    there = ask(user, organization=second.organization_id)[1]
    assert (place_of(there), "*" in there["permissions"]) == ((str(second.organization_id), str(second.pk)), False)


def test_headers_open_nothing_foreign() -> None:
    own = BranchFactory()
    member = MembershipFactory(branch=own, role=role("advisor"))
    sibling, foreign = BranchFactory(organization=own.organization), BranchFactory()
    for headers in (
        {"organization": foreign.organization_id},
        {"organization": uuid4()},
        {"organization": "none"},
        {"organization": ""},
        {"branch": sibling.pk},
        {"branch": foreign.pk},
        {"branch": "none"},
        {"organization": own.organization_id, "branch": sibling.pk},
        {"organization": own.organization_id, "branch": foreign.pk},
        {"organization": foreign.organization_id, "branch": foreign.pk},
    ):
        assert ask(member.user, **headers)[0] == 404, headers
    assert place_of(ask(member.user, branch=own.pk)[1]) == (str(own.organization_id), str(own.pk))


def test_an_ended_membership_opens_nothing_from_the_next_request_on() -> None:
    owner = actor_for("owner")
    member = MembershipFactory(organization_id=owner.organization_id, role=role("manager"))
    client = Client()
    client.force_login(member.user)
    named = {"organization": owner.organization_id}
    assert client.get("/garage/staff/").status_code == 200
    assert ask(member.user, **named)[0] == 200
    change_member(owner, member, role=role("technician"), branch=None)
    assert client.get("/garage/staff/").status_code == 403
    yesterday = local_date() - timedelta(days=1)
    change_member(owner, member, role=role("manager"), branch=None, active_to=yesterday)
    assert client.get("/garage/staff/")["Location"].startswith("/login/")
    assert ask(member.user, **named)[0] == 404
    change_member(owner, member, role=role("manager"), branch=None)
    # The session there has ended; a new one is good again.
    assert client.get("/garage/staff/")["Location"].startswith("/login/")
    client.force_login(member.user)
    assert client.get("/garage/staff/").status_code == 200
    remove_member(owner, member)
    assert client.get("/garage/staff/")["Location"].startswith("/login/")
    assert ask(member.user, **named)[0] == 404
    told = OutboxEvent.objects.filter(name="membership.changed", subject_id=member.user_id)
    assert told.count() == 4


def test_a_choice_that_no_longer_holds_is_forgotten() -> None:
    user = UserFactory()
    gone, kept = MembershipFactory(user=user), MembershipFactory(user=user)
    client = Client()
    client.force_login(user)
    client.post("/switch/", {"place": str(gone.organization_id)})
    assert client.get("/garage/staff/").status_code == 200
    Membership.objects.filter(pk=gone.pk).delete()
    page = client.get("/garage/staff/")
    assert page.status_code == 200
    assert kept.organization.name in page.content.decode()
    assert gone.organization.name not in page.content.decode()
    assert client.post("/switch/", {"place": str(gone.organization_id)}).status_code == 404


def test_several_roles_add_up_and_a_future_one_waits() -> None:
    branch = BranchFactory()
    user = UserFactory()
    MembershipFactory(user=user, branch=branch, role=role("technician"))
    MembershipFactory(user=user, branch=branch, role=role("cashier"))
    tomorrow = local_date() + timedelta(days=1)
    MembershipFactory(user=user, branch=branch, role=role("manager"), active_from=tomorrow)
    actor = build_actor(user)
    assert (actor.can("task.work"), actor.can("payment.receive"), actor.can("staff.edit")) == (True, True, False)
    assert actor.roles == {"technician", "cashier"}
