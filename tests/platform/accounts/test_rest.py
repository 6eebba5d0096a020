"""Log-in, tokens and own data through the API."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from apps.platform.accounts.models import LoginHistory, UserSession
from apps.platform.accounts.services import open_session
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def log_in(**body):
    return APIClient().post(f"{V1}auth/login", {"password": PASSWORD, **body})


def bearer(token: str, **headers: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", **headers)
    return client


@pytest.mark.parametrize(
    "names", [{"identifier": "LAN@gara.demo"}, {"email": "lan@gara.demo"}, {"phone": "0901234567"}]
)
def test_log_in_answers_with_tokens_and_user(names) -> None:
    user = UserFactory(email="lan@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")
    answer = log_in(device="Pixel 8", **names)
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert set(data) == {"accessToken", "refreshToken", "tokenType", "expiresIn", "sessionId", "deviceId", "user"}
    assert (data["tokenType"], data["expiresIn"]) == ("Bearer", 900)
    assert (data["user"]["id"], data["user"]["fullName"]) == (str(user.pk), "Trần Thị Lan")
    assert UserSession.objects.get().device == "Pixel 8"
    assert not {"set-cookie"} & {name.lower() for name in answer.headers}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"identifier": "lan@gara.demo", "password": "wrong"}, 401, "AUTH_001"),
        ({"identifier": "nobody@gara.demo"}, 401, "AUTH_001"),
        ({"phone": "0909999999"}, 401, "AUTH_001"),
        ({}, 400, "VALIDATION_001"),
        ({"email": "lan@gara.demo", "phone": "0901234567"}, 400, "VALIDATION_001"),
        ({"email": "lan@gara.demo", "role": "owner"}, 400, "VALIDATION_001"),
        ({"email": {"$ne": ""}}, 400, "VALIDATION_001"),
    ],
)
def test_refused_log_ins_open_nothing(body, status: int, code: str) -> None:
    UserFactory(email="lan@gara.demo")
    answer = log_in(**body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not UserSession.objects.exists()


def test_unknown_account_and_wrong_password_answer_word_for_word_the_same() -> None:
    UserFactory(email="lan@gara.demo")
    errors = [log_in(identifier=name, password="no").json()["error"] for name in ("lan@gara.demo", "x@gara.demo")]
    assert errors[0] == errors[1]


def test_wait_is_told() -> None:
    UserFactory(email="lan@gara.demo")
    for _ in range(3):
        assert log_in(email="lan@gara.demo", password="no").status_code == 401
    answer = log_in(email="lan@gara.demo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "RATE_001")
    assert int(answer["Retry-After"]) >= 1
    assert not UserSession.objects.exists()


def test_log_in_works_with_a_dead_token_in_the_header() -> None:
    user = UserFactory()
    answer = bearer("dead").post(f"{V1}auth/login", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["auth/refresh", "auth/refresh-token"])
def test_refresh_rotates(path: str) -> None:
    user = UserFactory()
    first = log_in(email=user.email).json()["data"]
    answer = APIClient().post(f"{V1}{path}", {"refreshToken": first["refreshToken"]})
    second = answer.json()["data"]
    assert answer.status_code == 200
    assert second["refreshToken"] != first["refreshToken"]
    assert bearer(second["accessToken"]).get(f"{V1}auth/me").status_code == 200
    UserSession.objects.update(refreshed_at=UserSession.objects.get().refreshed_at - timedelta(seconds=11))
    again = APIClient().post(f"{V1}{path}", {"refreshToken": first["refreshToken"]})
    assert (again.status_code, again.json()["error"]["code"]) == (401, "AUTH_002")
    assert bearer(second["accessToken"]).get(f"{V1}auth/me").status_code == 401


def test_log_out_ends_the_session_at_once() -> None:
    user = UserFactory()
    tokens = log_in(email=user.email).json()["data"]
    client = bearer(tokens["accessToken"])
    assert client.post(f"{V1}auth/logout").status_code == 200
    answer = client.get(f"{V1}auth/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_002")
    assert UserSession.objects.get().end_reason == "logout"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "auth/logout"),
        ("get", "auth/me"),
        ("get", "users/me"),
        ("put", "auth/profile"),
        ("put", "auth/change-password"),
        ("get", "auth/sessions"),
        ("delete", "auth/sessions"),
        ("delete", "auth/sessions/01890000-0000-7000-8000-000000000000"),
        ("get", "users/me/login-history"),
    ],
)
def test_strangers_get_401_everywhere_else(method: str, path: str) -> None:
    for client in (APIClient(), bearer("x.y.z")):
        answer = getattr(client, method)(f"{V1}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_002")


@pytest.mark.parametrize("path", ["auth/me", "users/me"])
def test_me_tells_memberships_rights_and_place(path: str) -> None:
    branch = BranchFactory()
    member = MembershipFactory(branch=branch, role=role("technician"), title="Thợ máy")
    token = log_in(email=member.user.email).json()["data"]["accessToken"]
    data = bearer(token).get(f"{V1}{path}").json()["data"]
    assert data["organization"]["id"] == str(branch.organization_id)
    assert data["branch"] == {"id": str(branch.pk), "code": branch.code, "name": branch.name}
    assert data["permissions"] == sorted(role("technician").permissions)
    assert [(row["role"]["code"], row["title"]) for row in data["memberships"]] == [("technician", "Thợ máy")]
    assert data["isPlatformStaff"] is False
    assert data["sessionId"] == str(UserSession.objects.get().pk)


def test_header_names_the_company_and_foreign_ones_do_not_exist() -> None:
    user = UserFactory()
    owner, keeper = MembershipFactory(user=user), MembershipFactory(user=user, role=role("store_keeper"))
    token = log_in(email=user.email).json()["data"]["accessToken"]

    def me(**headers: str):
        return bearer(token, **headers).get(f"{V1}auth/me")

    assert me().json()["data"]["organization"] is None
    assert me().json()["data"]["permissions"] == []
    for membership, rights in ((owner, ["*"]), (keeper, sorted(role("store_keeper").permissions))):
        data = me(HTTP_X_ORGANIZATION=str(membership.organization_id)).json()["data"]
        assert (data["organization"]["id"], data["permissions"]) == (str(membership.organization_id), rights)
    for headers in (
        {"HTTP_X_ORGANIZATION": str(OrganizationFactory().pk)},
        {"HTTP_X_ORGANIZATION": "nonsense"},
        {"HTTP_X_ORGANIZATION": str(owner.organization_id), "HTTP_X_BRANCH": str(BranchFactory().pk)},
    ):
        answer = me(**headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND_001")


def test_suspended_company_refuses_its_members() -> None:
    member = MembershipFactory(organization=OrganizationFactory(status="suspended"))
    token = log_in(email=member.user.email).json()["data"]["accessToken"]
    client = bearer(token, HTTP_X_ORGANIZATION=str(member.organization_id))
    answer = client.get(f"{V1}auth/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AUTH_003")


def test_closed_account_is_out_on_the_next_request() -> None:
    user = UserFactory()
    client = bearer(log_in(email=user.email).json()["data"]["accessToken"])
    user.is_active = False
    user.save()
    assert client.get(f"{V1}auth/me").status_code == 401


def test_portal_session_calls_the_api_and_writes_need_csrf() -> None:
    user = MembershipFactory().user
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get(f"{V1}auth/me").json()["data"]["id"] == str(user.pk)
    answer = client.put(f"{V1}auth/profile", {"firstName": "X"}, content_type="application/json")
    assert answer.status_code == 403
    user.refresh_from_db()
    assert user.first_name != "X"


def test_own_sessions_are_listed_and_ended() -> None:
    user = UserFactory()
    client = bearer(log_in(email=user.email).json()["data"]["accessToken"])
    other = open_session(user, kind="browser", user_agent="Firefox")
    foreign = open_session(UserFactory(), kind="app")
    rows = client.get(f"{V1}auth/sessions").json()["data"]
    assert {(row["id"], row["isCurrent"]) for row in rows} == {
        (str(other.pk), False),
        (str(UserSession.objects.exclude(pk__in=[other.pk, foreign.pk]).get().pk), True),
    }
    assert client.delete(f"{V1}auth/sessions/{foreign.pk}").status_code == 404
    assert client.delete(f"{V1}auth/sessions/{other.pk}").status_code == 204
    other.refresh_from_db()
    foreign.refresh_from_db()
    assert (other.end_reason, foreign.ended_at) == ("ended_by_owner", None)
    open_session(user, kind="app")
    assert client.delete(f"{V1}auth/sessions").json()["data"] == {"ended": 1}
    assert client.get(f"{V1}auth/me").status_code == 200


def test_own_profile_and_password() -> None:
    user = UserFactory()
    client = bearer(log_in(email=user.email).json()["data"]["accessToken"])
    other = open_session(user, kind="app")
    answer = client.put(f"{V1}auth/profile", {"firstName": " Lan ", "language": "en"})
    assert (answer.json()["data"]["firstName"], answer.json()["data"]["language"]) == ("Lan", "en")
    assert client.put(f"{V1}auth/profile", {"email": "new@gara.demo"}).status_code == 400
    assert client.put(f"{V1}auth/profile", {"language": "fr"}).status_code == 400
    for current, new in (
        ("wrong", "mat-khau-moi-1"),
        (PASSWORD, "short1"),
        (PASSWORD, "onlyletters"),
        (PASSWORD, "12345678"),
    ):
        body = {"currentPassword": current, "newPassword": new}
        assert client.put(f"{V1}auth/change-password", body).status_code == 400
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    body = {"currentPassword": PASSWORD, "newPassword": "mat-khau-moi-1"}
    assert client.put(f"{V1}auth/change-password", body).status_code == 200
    user.refresh_from_db()
    other.refresh_from_db()
    assert user.check_password("mat-khau-moi-1")
    assert other.ended_at is not None
    assert client.get(f"{V1}auth/me").status_code == 200


def test_own_log_ins_only() -> None:
    user = UserFactory()
    LoginHistory.objects.create(user=UserFactory(), identifier="x", method="password", succeeded=False)
    log_in(email=user.email, password="wrong")
    token = log_in(email=user.email).json()["data"]["accessToken"]
    rows = bearer(token).get(f"{V1}users/me/login-history").json()["data"]
    assert [(row["succeeded"], row["reason"]) for row in rows] == [(True, ""), (False, "wrong_password")]


def test_query_count_of_a_call_with_a_token(django_assert_num_queries) -> None:
    member = MembershipFactory(branch=BranchFactory(), role=role("advisor"))
    client = bearer(log_in(email=member.user.email).json()["data"]["accessToken"])
    client.get(f"{V1}auth/me")  # settings are in the cache from now on
    with django_assert_num_queries(4):  # session with user, memberships, memberships shown, branch shown
        client.get(f"{V1}auth/me")


def test_garages_are_public() -> None:
    branch = BranchFactory(organization__slug="minh-phat", organization__name="Minh Phát", province="Hà Nội")
    BranchFactory(organization__kinds=["distributor"])
    BranchFactory(organization__status="suspended")
    BranchFactory(organization__name="Khác")
    rows = APIClient().get(f"{V1}garages", {"sort": "name"}).json()["data"]
    assert [row["name"] for row in rows] == ["Khác", "Minh Phát"]
    assert [row["id"] for row in rows[1]["branches"]] == [str(branch.pk)]
    assert "taxCode" not in rows[0]
    assert "bankAccount" not in rows[0]
    assert len(APIClient().get(f"{V1}garages", {"filter[province]": "Hà Nội"}).json()["data"]) == 1
    one = APIClient().get(f"{V1}garages/{branch.organization_id}")
    assert one.json()["data"]["slug"] == "minh-phat"
    assert APIClient().post(f"{V1}garages", {}).status_code == 401
    assert api_client(branch.organization and MembershipFactory().user).get(f"{V1}garages").status_code == 200
