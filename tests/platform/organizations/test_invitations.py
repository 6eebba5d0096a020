"""Invitations: who may send them, what the link opens, and what every dead link says (the same)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from apps.core.clock import now
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.testing.relay import run_relay
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import User
from apps.platform.accounts.services import create_user
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.notifications.sealing import unsealed
from apps.platform.organizations.errors import (
    AlreadyMember,
    InvitationClosed,
    InvitationGone,
    InvitedAnother,
    RightsExceeded,
)
from apps.platform.organizations.models import Invitation, Membership
from apps.platform.organizations.services import (
    accept_as_new,
    accept_invitation,
    build_actor,
    invite,
    resend_invitation,
    revoke_invitation,
    set_organization_status,
)
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.support.api import api_client
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
PERSON = {"first_name": "Tú", "last_name": "Lê Văn", "password": PASSWORD}


def token_of(invitation: Invitation) -> str:
    """The secret of the link that was sent last."""
    run_relay()
    body = unsealed(Delivery.objects.filter(type="staff.invited").latest("created_at", "pk")).body
    token = re.search(r"/join/([\w-]+)/", body)[1]
    invitation.refresh_from_db()
    assert invitation.token_hash == hash_token(token)
    return token


def test_invitation_is_sent_and_only_its_hash_is_kept() -> None:
    manager = actor_for("manager")
    row = invite(manager, role=role("technician"), email=" Tu@Gara.Demo ", name="Tú", title="Thợ máy")
    assert (row.email, row.state, row.organization_id) == ("tu@gara.demo", "open", manager.organization_id)
    assert timedelta(hours=71) < row.expires_at - now() <= timedelta(hours=72)
    token = token_of(row)
    delivery = Delivery.objects.get(type="staff.invited")
    assert (delivery.address, delivery.language) == ("tu@gara.demo", "vi")
    assert not any(token in str(event.payload) for event in OutboxEvent.objects.all())
    assert not any(token in str(entry.data) for entry in AuditLog.objects.all())
    run_relay()
    assert Delivery.objects.filter(type="staff.invited").count() == 1


def test_new_person_joins_by_the_link() -> None:
    branch = BranchFactory()
    manager = actor_for("manager", branch=branch)
    token = token_of(invite(manager, role=role("technician"), email="tu@gara.demo", branch=branch, title="Thợ máy"))
    membership = accept_as_new(token, **PERSON, language="vi")
    assert (membership.branch, membership.role.code, membership.title) == (branch, "technician", "Thợ máy")
    user = User.objects.get(email="tu@gara.demo")
    assert user.check_password(PASSWORD)
    assert user.email_verified_at
    assert user.phone is None
    assert build_actor(user).can("task.work")
    row = Invitation.objects.get()
    assert (row.state, row.accepted_by) == ("accepted", user)
    run_relay()
    assert Notification.objects.get(type="staff.joined").user_id == manager.user_id
    with pytest.raises(InvitationGone):
        accept_as_new(token, **PERSON)
    assert Membership.objects.filter(user=user).count() == 1


def test_phone_gets_the_link_by_sms_and_is_proven_by_it() -> None:
    row = invite(actor_for("manager"), role=role("technician"), phone="0908 111 222")
    token = token_of(row)
    assert Delivery.objects.get(type="staff.invited").channel == "sms"
    user = accept_as_new(token, **PERSON).user
    assert (user.phone, user.email) == ("+84908111222", None)
    assert user.phone_verified_at


def test_known_person_joins_with_their_account_and_nobody_else_does() -> None:
    owner, known, other = actor_for("owner"), UserFactory(email="mai@gara.demo"), UserFactory()
    token = token_of(invite(owner, role=role("cashier"), email="mai@gara.demo"))
    with pytest.raises(InvitedAnother):
        accept_as_new(token, **PERSON)
    for wrong in (build_actor(other), build_actor(None), owner):
        with pytest.raises(InvitedAnother):
            accept_invitation(wrong, token)
    assert Membership.objects.count() == 1
    accept_invitation(build_actor(known), token)
    assert build_actor(known).organization_id == owner.organization_id
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def test_dead_links_all_say_the_same() -> None:
    owner = actor_for("owner")
    used = token_of(invite(owner, role=role("cashier"), email="a@gara.demo"))
    accept_as_new(used, **PERSON)
    old_row = invite(owner, role=role("cashier"), email="b@gara.demo")
    expired = token_of(old_row)
    Invitation.objects.filter(pk=old_row.pk).update(expires_at=now() - timedelta(seconds=1))
    revoked_row = invite(owner, role=role("cashier"), email="c@gara.demo")
    revoked = token_of(revoked_row)
    revoke_invitation(owner, revoked_row)
    again = invite(owner, role=role("cashier"), email="d@gara.demo")
    replaced = token_of(again)
    resend_invitation(owner, again)
    closed_owner = actor_for("owner")
    closed = token_of(invite(closed_owner, role=role("cashier"), email="e@gara.demo"))
    staff = build_actor(UserFactory(is_staff=True))
    set_organization_status(staff, organization_id=closed_owner.organization_id, status="suspended")
    before = Membership.objects.count()
    pages, answers = set(), set()
    for token in (used, expired, revoked, replaced, closed, "forged", "x" * 64):
        with pytest.raises(InvitationGone):
            accept_as_new(token, **PERSON)
        with pytest.raises(InvitationGone):
            accept_invitation(owner, token)
        page = Client().get(f"/join/{token}/")
        assert page.status_code == 404
        text = re.search(r"<main.*?</main>", page.content.decode(), re.S)[0]
        pages.add(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text))
        assert Client().post(f"/join/{token}/", PERSON).status_code == 404
        body = {"token": token, "firstName": "A", "password": PASSWORD}
        answer = api_client().post("/api/v1/invitations/accept", body, format="json")
        assert answer.status_code == 404
        answers.add(str(answer.json()["error"]))
    assert len(pages) == 1
    assert len(answers) == 1
    assert Membership.objects.count() == before
    assert not User.objects.filter(email__in=["b@gara.demo", "c@gara.demo", "d@gara.demo"]).exists()


def test_second_invitation_kills_the_first() -> None:
    owner = actor_for("owner")
    first = invite(owner, role=role("cashier"), email="a@gara.demo")
    old = token_of(first)
    second = invite(owner, role=role("advisor"), email="a@gara.demo")
    first.refresh_from_db()
    assert (first.state, second.state) == ("revoked", "open")
    with pytest.raises(InvitationGone):
        accept_as_new(old, **PERSON)


def test_nobody_offers_more_than_they_have() -> None:
    branch = BranchFactory()
    branch_manager = actor_for("manager", branch=branch)
    foreign = BranchFactory()
    for values, error in (
        ({"role": role("owner"), "branch": branch}, RightsExceeded),
        ({"role": role("technician")}, RightsExceeded),
        ({"role": role("technician"), "branch": foreign}, RightsExceeded),
        ({"role": role("customer"), "branch": branch}, NotFound),
        ({"role": role("technician"), "branch": branch, "email": ""}, BadInput),
        ({"role": role("technician"), "branch": branch, "email": "no-address"}, BadInput),
    ):
        with pytest.raises(error):
            invite(branch_manager, **{"email": "a@gara.demo", **values})
    with pytest.raises(NotFound):
        invite(actor_for("owner"), role=role("technician"), branch=foreign, email="a@gara.demo")
    with pytest.raises(NotAllowed):
        invite(actor_for("advisor"), role=role("technician"), email="a@gara.demo")
    assert not Invitation.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_member_is_not_invited_to_what_they_are() -> None:
    owner = actor_for("owner")
    member = MembershipFactory(organization_id=owner.organization_id, role=role("cashier"))
    with pytest.raises(AlreadyMember):
        invite(owner, role=role("cashier"), email=member.user.email)
    assert invite(owner, role=role("advisor"), email=member.user.email).state == "open"


def test_only_open_ones_are_sent_again_or_revoked() -> None:
    owner = actor_for("owner")
    row = invite(owner, role=role("cashier"), email="a@gara.demo")
    Invitation.objects.update(expires_at=now() - timedelta(days=1))
    resend_invitation(owner, row)
    assert Invitation.objects.get().state == "open"
    revoke_invitation(owner, row)
    for attempt in (resend_invitation, revoke_invitation):
        with pytest.raises(InvitationClosed):
            attempt(owner, row)
        with pytest.raises(NotFound):
            attempt(actor_for("owner"), row)
    manager = actor_for("manager", row.organization)
    boss = invite(owner, role=role("owner"), email="boss@gara.demo")
    with pytest.raises(RightsExceeded):
        revoke_invitation(manager, boss)
    assert Invitation.objects.get(pk=boss.pk).state == "open"


def test_pages(portal: str) -> None:
    owner = actor_for("owner", OrganizationFactory(kinds=[portal]))
    client, base = browser_of(owner), f"/{portal}/staff/invitations/"
    form = {"email": "tu@gara.demo", "role": role("technician").pk, "name": "Tú"}
    assert client.get(f"{base}add/").status_code == 200
    assert client.post(f"{base}add/", {**form, "email": ""}).status_code == 400
    assert client.post(f"{base}add/", form)["Location"] == base
    row = Invitation.objects.get()
    assert "tu@gara.demo" in client.get(base).content.decode()
    assert client.get(f"{base}{row.pk}/").status_code == 200
    assert client.post(f"{base}{row.pk}/do/resend/").status_code == 302
    assert client.post(f"{base}{row.pk}/do/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.state == "revoked"
    stranger = browser_of(actor_for("owner", OrganizationFactory(kinds=[portal])))
    assert stranger.get(f"{base}{row.pk}/").status_code == 404
    assert stranger.post(f"{base}{row.pk}/do/resend/").status_code == 404
    assert "tu@gara.demo" not in stranger.get(base).content.decode()
    assert browser_of(actor_for("technician", row.organization)).get(base).status_code == 403


def test_branch_manager_sees_invitations_into_their_branch() -> None:
    branch = BranchFactory()
    owner, manager = actor_for("owner", branch.organization), actor_for("manager", branch=branch)
    here = invite(owner, role=role("technician"), email="a@gara.demo", branch=branch)
    invite(owner, role=role("technician"), email="b@gara.demo")
    invite(owner, role=role("technician"), email="c@gara.demo", branch=BranchFactory(organization=branch.organization))
    assert list(Invitation.objects.visible_to(manager)) == [here]


def test_new_person_joins_in_the_browser() -> None:
    token = token_of(invite(actor_for("owner"), role=role("advisor"), email="tu@gara.demo"))
    client = Client()
    page = client.get(f"/join/{token}/").content.decode()
    assert "Cố vấn dịch vụ" in page
    assert 'name="password"' in page
    weak = client.post(f"/join/{token}/", {**PERSON, "password": "1234"})
    assert weak.status_code == 400
    assert not User.objects.filter(email="tu@gara.demo").exists()
    assert client.post(f"/join/{token}/", PERSON).status_code == 302
    assert client.get("/garage/staff/").status_code == 403
    assert client.get("/garage/").status_code == 200
    assert Membership.objects.filter(user__email="tu@gara.demo").exists()


def test_known_person_logs_in_first_and_the_wrong_one_is_refused() -> None:
    known = UserFactory(email="mai@gara.demo")
    token = token_of(invite(actor_for("owner"), role=role("advisor"), email="mai@gara.demo"))
    url = f"/join/{token}/"
    page = Client().get(url).content.decode()
    assert f"/login/?next=%2Fjoin%2F{token}%2F" in page
    assert 'name="password"' not in page
    wrong = Client()
    wrong.force_login(UserFactory())
    assert wrong.post(url).status_code == 403
    assert not Membership.objects.filter(user=known).exists()
    right = Client()
    right.force_login(known)
    assert right.get(url).status_code == 200
    assert right.post(url).status_code == 302
    assert Membership.objects.get(user=known).role.code == "advisor"


def test_invitations_over_rest() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    body = {"email": "tu@gara.demo", "roleId": str(role("advisor").pk), "title": "Cố vấn"}
    made = client.post("/api/v1/invitations", body, format="json")
    assert made.status_code == 201, made.json()
    data = made.json()["data"]
    assert (data["state"], data["role"]["code"]) == ("open", "advisor")
    assert "token" not in str(data).lower()
    row = Invitation.objects.get()
    url = f"/api/v1/invitations/{row.pk}"
    assert client.put(f"{url}/resend").status_code == 200
    token = token_of(row)
    missing = api_client().post("/api/v1/invitations/accept", {"token": token}, format="json")
    assert missing.status_code == 400
    person = {"token": token, "firstName": "Tú", "lastName": "Lê", "password": PASSWORD}
    joined = api_client().post("/api/v1/invitations/accept", person, format="json")
    assert joined.status_code == 200, joined.json()
    assert joined.json()["data"]["role"]["code"] == "advisor"
    assert client.put(f"{url}/revoke").status_code == 422
    stranger = api_client(actor=actor_for("owner"))
    assert stranger.get(url).status_code == 404
    assert stranger.put(f"{url}/revoke").status_code == 404
    assert stranger.get("/api/v1/invitations").json()["data"] == []
    assert api_client(actor=actor_for("advisor")).post("/api/v1/invitations", body, format="json").status_code == 403
    foreign = {**body, "branchId": str(BranchFactory().pk)}
    assert client.post("/api/v1/invitations", foreign, format="json").status_code == 404
    assert Invitation.objects.count() == 1


def test_members_over_rest() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    branch = BranchFactory(organization_id=owner.organization_id)
    member = MembershipFactory(organization_id=owner.organization_id, role=role("technician"))
    url = f"/api/v1/members/{member.pk}"
    body = {"roleId": str(role("cashier").pk), "branchId": str(branch.pk), "activeTo": "2027-01-31"}
    changed = client.put(url, body, format="json")
    assert changed.status_code == 200, changed.json()
    data = changed.json()["data"]
    assert (data["role"]["code"], data["branch"]["id"], data["activeTo"]) == ("cashier", str(branch.pk), "2027-01-31")
    further = {"userId": str(member.user_id), "roleId": str(role("advisor").pk)}
    assert client.post("/api/v1/members", further, format="json").status_code == 201
    assert {row.role.code for row in Membership.objects.filter(user=member.user)} == {"cashier", "advisor"}
    stranger = {**further, "userId": str(create_user(owner, first_name="X", email="x@x.vn").pk)}
    assert client.post("/api/v1/members", stranger, format="json").status_code == 404
    backwards = client.put(url, {**body, "activeFrom": "2027-02-01"}, format="json")
    assert backwards.status_code == 400
    assert backwards.json()["error"]["field"] == "activeTo"
    other = api_client(actor=actor_for("owner"))
    assert other.get(url).status_code == 404
    assert other.delete(url).status_code == 404
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    last = Membership.objects.get(user_id=owner.user_id)
    assert client.delete(f"/api/v1/members/{last.pk}").status_code == 422
