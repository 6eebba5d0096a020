"""A person's own data and the people of staff, through the API."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from rest_framework.test import APIClient

from apps.core.clock import local_date
from apps.platform.accounts import services
from apps.platform.accounts.models import Address, User, UserSession
from apps.platform.accounts.provinces import PROVINCES
from apps.platform.accounts.selectors import agrees_to
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Invitation, Membership, Organization
from apps.platform.organizations.services import build_actor
from apps.platform.system.models import JobRun
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.platform.accounts.test_person import picture, set_code
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
BODY = {
    "recipient": "Trần Thị Lan", "phone": "0901 234 567", "province": "46", "ward": "Phường Thuận Hóa",
    "street": "12 Lê Lợi",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def user() -> User:
    return UserFactory(email="lan@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")


@pytest.fixture
def client(user) -> APIClient:
    return api_client(user)


def test_profile_and_picture(client, user) -> None:
    body = {"bio": "Xe cổ", "birthDate": "1990-02-03", "gender": "female", "timezone": "Asia/Tokyo"}
    data = client.put(f"{V1}auth/profile", body, format="json").json()["data"]
    assert {name: data[name] for name in body} == body
    refused = client.put(f"{V1}auth/profile", {"timezone": "Mars"}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_001")
    shown = client.put(f"{V1}users/me/picture", {"file": picture(80)}, format="multipart").json()["data"]
    assert APIClient().get(shown["pictureUrl"]).status_code == 200
    assert client.put(f"{V1}users/me/picture", {"file": io.BytesIO(b"x")}, format="multipart").status_code == 400
    assert client.delete(f"{V1}users/me/picture").json()["data"]["pictureUrl"] == ""


def test_addresses(client, user) -> None:
    answer = client.post(f"{V1}users/me/addresses", BODY, format="json")
    first = answer.json()["data"]
    assert answer.status_code == 201
    assert (first["province"], first["provinceCode"], first["phone"], first["isDefault"]) == (
        "Huế", "46", "+84901234567", True,
    )  # fmt: skip
    second = client.post(f"{V1}users/me/addresses", {**BODY, "isDefault": True}, format="json").json()["data"]
    rows = client.get(f"{V1}users/me/addresses").json()["data"]
    assert [(row["id"], row["isDefault"]) for row in rows] == [(second["id"], True), (first["id"], False)]
    changed = client.put(f"{V1}users/me/addresses/{first['id']}", {**BODY, "street": "13 Lê Lợi"}, format="json")
    assert changed.json()["data"]["street"] == "13 Lê Lợi"
    made = client.put(f"{V1}users/me/addresses/{first['id']}/default")
    assert made.json()["data"]["isDefault"] is True
    assert client.delete(f"{V1}users/me/addresses/{first['id']}").status_code == 204
    assert [(str(row.pk), row.is_default) for row in Address.objects.all()] == [(second["id"], True)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"province": "99"}, "province"),
        ({"phone": "1"}, "phone"),
        ({"ward": "."}, "ward"),
        ({"kind": "castle"}, "kind"),
        ({"userId": "x"}, "userId"),
    ],
)
def test_wrong_addresses_are_refused(client, body, field: str) -> None:
    answer = client.post(f"{V1}users/me/addresses", {**BODY, **body}, format="json")
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (400, [field])
    assert not Address.objects.exists()


def test_addresses_of_others_are_not_found(client) -> None:
    row = services.add_address(build_actor(UserFactory()), **BODY)
    url = f"{V1}users/me/addresses/{row.pk}"
    assert [client.get(url).status_code, client.put(url, BODY, format="json").status_code] == [404, 404]
    assert client.delete(url).status_code == 404
    assert APIClient().get(f"{V1}users/me/addresses").status_code == 401
    assert Address.objects.count() == 1


def test_provinces_are_for_everybody() -> None:
    rows = APIClient().get(f"{V1}provinces").json()["data"]
    assert len(rows) == len(PROVINCES)
    assert rows[0] == {"code": "01", "name": "Hà Nội", "former": []}


def test_consents(client, user) -> None:
    assert client.put(f"{V1}users/me/consents/marketing", {"isGranted": True}, format="json").status_code == 200
    assert agrees_to(user.pk, "marketing")
    client.put(f"{V1}users/me/consents/marketing", {"isGranted": False}, format="json")
    rows = client.get(f"{V1}users/me/consents").json()["data"]
    assert [(row["kind"], row["isGranted"]) for row in rows] == [("marketing", False), ("marketing", True)]


@pytest.mark.parametrize(("kind", "address", "shown"), [
    ("email", "new@example.com", "new@example.com"), ("phone", "0912345678", "+84912345678"),
])  # fmt: skip
def test_contacts_are_changed_with_password_and_code(client, user, kind, address, shown) -> None:
    url = f"{V1}users/me/{kind}"
    refused = client.post(url, {"address": address, "password": "wrong"}, format="json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "password")
    assert client.post(url, {"address": address, "password": PASSWORD}, format="json").status_code == 202
    again = client.post(url, {"address": address, "password": PASSWORD}, format="json")
    assert again.status_code == 429
    set_code(user, f"{kind}_change")
    assert client.post(f"{url}/confirm", {"code": "000000"}, format="json").status_code in (400, 422)
    assert client.post(f"{url}/confirm", {"code": "123456"}, format="json").json()["data"][kind] == shown


def test_export_is_a_zip_of_ones_own(client, user) -> None:
    answer = client.get(f"{V1}users/me/export")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "lan@gara.demo" in archive.read("accounts.json").decode()
    assert client.get(f"{V1}users/me/export").status_code == 429
    assert APIClient().get(f"{V1}users/me/export").status_code == 401
    cache.clear()
    queued = client.post(f"{V1}users/me/export", {}, format="json")
    assert (queued.status_code, queued.json()["data"]["state"]) == (201, "queued")
    assert str(JobRun.objects.get().pk) == queued.json()["data"]["jobId"]


def test_account_is_deleted_with_the_password(client, user) -> None:
    refused = client.delete(f"{V1}users/me", {"password": "wrong"}, format="json")
    assert refused.status_code == 400
    assert client.delete(f"{V1}users/me", {"password": PASSWORD}, format="json").status_code == 204
    user.refresh_from_db()
    assert user.erased_at is not None


def test_last_owner_is_told_the_company(client, user) -> None:
    MembershipFactory(user=user, organization=OrganizationFactory(name="Gara Minh Phát"))
    error = client.delete(f"{V1}users/me", {"password": PASSWORD}, format="json").json()["error"]
    assert (error["code"], error["details"]["rule"]) == ("BUSINESS_001", "last_owner")
    assert "Gara Minh Phát" in error["message"]


# People, for the staff of the platform


@pytest.fixture
def platform() -> APIClient:
    return api_client(UserFactory(is_staff=True, is_superuser=True))


def test_platform_staff_see_and_change_everybody(platform, user) -> None:
    MembershipFactory(user=user, organization=OrganizationFactory(name="Gara A"))
    rows = platform.get(f"{V1}admin/users", {"search": "tran lan"}).json()["data"]
    assert [(row["fullName"], row["memberships"][0]["organization"]) for row in rows] == [("Trần Thị Lan", "Gara A")]
    made = platform.post(f"{V1}admin/users", {"email": "moi@x.vn", "firstName": "Mới"}, format="json")
    assert (made.status_code, made.json()["data"]["email"]) == (201, "moi@x.vn")
    body = {"email": "LAN2@x.vn", "firstName": "Lan Anh"}
    changed = platform.put(f"{V1}admin/users/{user.pk}", body, format="json").json()["data"]
    assert (changed["email"], changed["firstName"], changed["emailVerifiedAt"]) == ("lan2@x.vn", "Lan Anh", None)
    assert AuditLog.objects.get(action="user.changed_by_staff").data == {"fields": "email, first_name"}
    for wrong in ({"email": "moi@x.vn"}, {"email": "", "phone": ""}, {"roleId": str(role("owner").pk)}, {"phone": "1"}):
        assert platform.put(f"{V1}admin/users/{user.pk}", wrong, format="json").status_code in (400, 409)
    user.refresh_from_db()
    assert user.email == "lan2@x.vn"


def test_closing_an_account_ends_its_sessions(platform, user) -> None:
    session = services.open_session(user, kind="app")
    answer = platform.put(f"{V1}admin/users/{user.pk}/activate", {"isActive": False}, format="json")
    assert answer.json()["data"]["isActive"] is False
    assert UserSession.objects.get(pk=session.pk).end_reason == "ended_by_staff"
    assert platform.put(f"{V1}admin/users/{user.pk}/activate", {}, format="json").json()["data"]["isActive"] is True


def test_platform_staff_erase_on_request(platform, user) -> None:
    assert platform.delete(f"{V1}admin/users/{user.pk}").status_code == 204
    assert platform.get(f"{V1}admin/users/{user.pk}").status_code == 404
    user.refresh_from_db()
    assert user.erased_at is not None


def test_staff_without_the_right_change_nobody(user) -> None:
    helper = api_client(UserFactory(is_staff=True))
    url = f"{V1}admin/users/{user.pk}"
    assert helper.get(url).status_code == 200
    answers = [
        helper.put(url, {"firstName": "X"}, format="json"), helper.delete(url),
        helper.put(f"{url}/activate", {"isActive": False}, format="json"),
        helper.post(f"{V1}users", {"email": "a@x.vn", "firstName": "A"}, format="json"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 4
    user.refresh_from_db()
    assert (user.first_name, user.is_active, user.erased_at) == ("Lan", True, None)


def test_staff_do_not_change_superusers() -> None:
    helper, boss = UserFactory(is_staff=True), UserFactory(is_staff=True, is_superuser=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = api_client(User.objects.get(pk=helper.pk))
    url = f"{V1}admin/users/{boss.pk}"
    assert client.put(url, {"email": "thief@x.vn"}, format="json").status_code == 403
    assert client.delete(url).status_code == 403
    assert client.put(f"{url}/activate", {"isActive": False}, format="json").status_code == 403
    boss.refresh_from_db()
    assert (boss.is_active, boss.erased_at) == (True, None)


# People, for companies


def test_companies_see_and_manage_their_own_people() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    branch = BranchFactory(organization=Organization.objects.get(pk=owner.organization_id))
    stranger = MembershipFactory().user
    colleague = MembershipFactory(organization=branch.organization, branch=branch, role=role("cashier"))
    body = {"email": colleague.user.email, "roleId": str(role("technician").pk), "branchId": str(branch.pk)}
    made = client.post(f"{V1}admin/users", body, format="json")
    person = made.json()["data"]
    assert (made.status_code, person["id"]) == (201, str(colleague.user_id))
    colleague.delete()
    person = client.get(f"{V1}admin/users/{person['id']}").json()["data"]
    assert [place["branchId"] for place in person["memberships"]] == [str(branch.pk)]
    ids = {row["id"] for row in client.get(f"{V1}admin/users").json()["data"]}
    assert ids == {person["id"], str(owner.user_id)}
    url = f"{V1}admin/users/{person['id']}"
    changed = client.put(url, {"roleId": str(role("advisor").pk)}, format="json").json()["data"]
    assert (changed["memberships"][0]["roleId"], changed["memberships"][0]["branchId"]) == (
        str(role("advisor").pk), str(branch.pk),
    )  # fmt: skip
    assert client.put(url, {"email": "x@x.vn"}, format="json").status_code == 400
    client.put(f"{url}/activate", {"isActive": False}, format="json")
    row = Membership.objects.get(user_id=person["id"])
    assert row.active_to < local_date()
    assert User.objects.get(pk=person["id"]).is_active is True
    client.put(f"{url}/activate", {}, format="json")
    row.refresh_from_db()
    assert row.active_to is None
    assert client.delete(url).status_code == 204
    assert User.objects.filter(pk=person["id"], erased_at=None).exists()
    assert not Membership.objects.filter(user_id=person["id"]).exists()
    foreign = f"{V1}admin/users/{stranger.pk}"
    assert [client.get(foreign).status_code, client.delete(foreign).status_code] == [404, 404]
    assert client.put(foreign, {"title": "x"}, format="json").status_code == 404
    assert Membership.objects.filter(user=stranger).exists()


def test_places_in_other_companies_are_not_shown() -> None:
    owner = actor_for("owner")
    colleague = MembershipFactory(
        organization=Organization.objects.get(pk=owner.organization_id), role=role("advisor")
    ).user
    MembershipFactory(user=colleague, organization=OrganizationFactory(name="Gara Bí Mật"))
    text = api_client(actor=owner).get(f"{V1}admin/users/{colleague.pk}").content.decode()
    assert "Gara Bí Mật" not in text


@pytest.mark.parametrize("code", ["technician", "advisor"])
def test_others_see_and_change_nobody(code: str) -> None:
    member = actor_for(code)
    boss = MembershipFactory(organization=Organization.objects.get(pk=member.organization_id)).user
    client = api_client(actor=member)
    url = f"{V1}admin/users/{boss.pk}"
    assert client.get(f"{V1}admin/users").status_code == 403
    assert client.delete(url).status_code == 403
    assert client.post(f"{V1}users", {"email": "a@x.vn"}, format="json").status_code == 403
    assert api_client(UserFactory()).get(f"{V1}admin/users").status_code == 403
    assert APIClient().get(f"{V1}admin/users").status_code == 401
    assert Membership.objects.filter(user=boss).exists()


def test_manager_of_a_branch_manages_its_people_only() -> None:
    branch = BranchFactory()
    manager = actor_for("manager", branch.organization, branch)
    own = MembershipFactory(branch=branch, role=role("technician")).user
    other = MembershipFactory(branch=BranchFactory(organization=branch.organization), role=role("technician")).user
    owner = MembershipFactory(organization=branch.organization).user
    client = api_client(actor=manager)
    assert client.put(f"{V1}admin/users/{own.pk}", {"title": "Thợ cả"}, format="json").status_code == 200
    assert client.delete(f"{V1}admin/users/{other.pk}").status_code == 404
    assert client.delete(f"{V1}admin/users/{owner.pk}").status_code in (403, 404)
    assert Membership.objects.filter(user__in=[other, owner]).count() == 2


def test_one_changes_oneself_by_ones_own_id(client, user) -> None:
    answer = client.patch(f"{V1}users/{user.pk}", {"bio": "Xe cổ"}, format="json")
    assert answer.status_code == 200
    assert client.patch(f"{V1}users/{user.pk}", {"email": "x@x.vn"}, format="json").status_code == 400
    assert client.patch(f"{V1}users/{UserFactory().pk}", {"bio": "x"}, format="json").status_code == 403
    user.refresh_from_db()
    assert (user.bio, user.email) == ("Xe cổ", "lan@gara.demo")


def test_more_people_cost_no_more_queries(platform, django_assert_max_num_queries) -> None:
    for _ in range(20):
        MembershipFactory()
    with django_assert_max_num_queries(8):
        assert len(platform.get(f"{V1}admin/users").json()["data"]) == 20


def test_companies_invite_people_alike_whether_or_not_they_have_an_account() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    known = UserFactory(email="co@gara.demo")
    body = {"firstName": "Tú", "lastName": "Lê Văn", "roleId": str(role("technician").pk)}
    for path in ("users", "admin/users"):
        for email in (known.email, "chua-co@gara.demo"):
            answer = client.post(f"{V1}{path}", {**body, "email": email}, format="json")
            assert (answer.status_code, list(answer.json()["data"])) == (201, ["invitationId"])
    assert set(Invitation.objects.values_list("name", flat=True)) == {"Lê Văn Tú"}
    refused = client.post(f"{V1}users", {**body, "email": "x@gara.demo", "password": "mat-khau-tot-1"}, format="json")
    assert refused.status_code == 400
    assert not known.memberships.exists()
    assert not User.objects.filter(email__in=("chua-co@gara.demo", "x@gara.demo")).exists()
    assert not Invitation.objects.filter(email="x@gara.demo").exists()
