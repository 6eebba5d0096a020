"""Sign-up, codes and forgotten passwords through the API."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from apps.core.testing.relay import run_relay
from apps.platform.accounts.models import LoginHistory, OneTimeCode, SignUp, User, UserSession
from apps.platform.accounts.services import open_session
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.organizations.models import Invitation
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, role
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
V1 = "/api/v1/auth/"
NEW = "xe-may-cu-79"
PERSON = {"email": "lan@gara.demo", "password": NEW, "firstName": "Lan", "acceptTerms": True}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def post(path: str, client: APIClient | None = None, **body: Any) -> Any:
    return (client or APIClient()).post(f"{V1}{path}", body)


def read_code(address: str | None) -> str:
    run_relay()
    body = unsealed(Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]).body
    return re.search(r"(?<!\S)\d{6}(?!\S)", body)[0]


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def forget_waits() -> None:
    OneTimeCode.objects.update(created_at=OneTimeCode.objects.latest("created_at").created_at - timedelta(minutes=2))


def test_customer_signs_up_and_gets_tokens() -> None:
    answer = post("register", **PERSON)
    data = answer.json()["data"]
    assert (answer.status_code, set(data), data["resendAfter"]) == (201, {"signUpId", "resendAfter"}, 60)
    code = read_code("lan@gara.demo")
    wrong = post("verify-email", signUpId=data["signUpId"], code="xxxxxx")
    assert error_of(wrong) == (400, "VALIDATION_001")
    answer = post("verify-email", signUpId=data["signUpId"], code=code, device="Pixel 8")
    tokens = answer.json()["data"]
    assert (answer.status_code, tokens["user"]["email"]) == (200, "lan@gara.demo")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['accessToken']}")
    assert client.get(f"{V1}me").json()["data"]["memberships"] == []
    assert (UserSession.objects.get().method, UserSession.objects.get().device) == ("sign_up", "Pixel 8")
    again = post("verify-email", signUpId=data["signUpId"], code=code)
    assert error_of(again) == (422, "BUSINESS_001")


def test_taken_address_gets_the_same_answer() -> None:
    UserFactory(email="lan@gara.demo")
    answers = [post("register", **PERSON), post("register", **{**PERSON, "email": "new@gara.demo"})]
    shapes = [(row.status_code, row.json()["message"], sorted(row.json()["data"])) for row in answers]
    assert shapes[0] == shapes[1]
    run_relay()
    wrong = [post("verify-email", signUpId=row.json()["data"]["signUpId"], code="000000").json() for row in answers]
    assert wrong[0]["error"] == wrong[1]["error"]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"acceptTerms": False}, "acceptTerms"),
        ({"email": "lan"}, "email"),
        ({"password": "12345678"}, "password"),
        ({"phone": "0901234567"}, "phone"),
        ({"roleId": "01890000-0000-7000-8000-000000000000"}, "roleId"),
        ({"isStaff": True}, "isStaff"),
        ({"firstName": ""}, "firstName"),
        ({"firstName": {"$ne": 1}}, "firstName"),
        ({"language": "fr"}, "language"),
    ],
)
def test_bad_sign_ups_leave_nothing(change: dict[str, Any], field: str) -> None:
    answer = post("register", **{**PERSON, **change})
    assert error_of(answer) == (400, "VALIDATION_001")
    assert field in json.dumps(answer.json()["error"])
    assert not SignUp.objects.exists()


def test_staff_are_invited_whether_or_not_they_have_an_account() -> None:
    owner = MembershipFactory()
    client = api_client(actor=build_actor(owner.user))
    branch = BranchFactory(organization=owner.organization)
    known = UserFactory(email="co@gara.demo")
    body = {"email": "tho@gara.demo", "firstName": "Thợ", "roleId": str(role("technician").pk)}
    place = {"branchId": str(branch.pk), "title": "Thợ máy"}
    answers = [
        post("register", client, **{**body, **place, "email": email}) for email in ("tho@gara.demo", known.email)
    ]
    assert [(answer.status_code, list(answer.json()["data"])) for answer in answers] == [(201, ["invitationId"])] * 2
    row = Invitation.objects.get(email="tho@gara.demo")
    assert (row.organization, row.branch, row.title, row.name) == (owner.organization, branch, "Thợ máy", "Thợ")
    assert not User.objects.filter(email="tho@gara.demo").exists()
    assert not known.memberships.exists()


def test_staff_are_invited_to_their_own_company_only() -> None:
    owner = MembershipFactory()
    client = api_client(actor=build_actor(owner.user))
    body = {"email": "b@gara.demo", "firstName": "Thợ", "roleId": str(role("technician").pk)}
    foreign = post("register", client, **body, branchId=str(BranchFactory().pk))
    assert error_of(foreign) == (404, "NOT_FOUND_001")
    for field in ({"acceptTerms": True}, {"password": NEW}):
        assert error_of(post("register", client, **body, **field)) == (400, "VALIDATION_001")
    assert not Invitation.objects.exists()


def test_who_may_not_make_staff_makes_none() -> None:
    technician = MembershipFactory(role=role("technician"))
    body = {"email": "b@gara.demo", "firstName": "B", "roleId": str(role("owner").pk)}
    for client in (api_client(actor=build_actor(technician.user)), api_client(UserFactory())):
        assert error_of(post("register", client, **body)) == (403, "AUTH_003")
    assert not Invitation.objects.exists()


def test_log_in_by_code() -> None:
    user = UserFactory(phone="+84901234567")
    answer = post("otp/request", purpose="login_2fa", phone="0901234567", channel="sms")
    assert answer.json()["data"] == {"resendAfter": 60}
    run_relay()
    code = re.search(r"\d{6}", unsealed(Delivery.objects.get()).body)[0]
    answer = post("otp/verify", purpose="login_2fa", phone="0901234567", code=code, device="Pixel 8")
    assert (answer.status_code, answer.json()["data"]["user"]["id"]) == (200, str(user.pk))
    assert UserSession.objects.get().method == "code"
    again = post("otp/verify", purpose="login_2fa", phone="0901234567", code=code)
    assert error_of(again) == (422, "BUSINESS_001")
    assert again.json()["error"]["details"]["rule"] == "code_expired"


@pytest.mark.parametrize("purpose", ["login_2fa", "password_reset"])
def test_answers_do_not_tell_who_has_an_account(purpose: str) -> None:
    UserFactory(email="lan@gara.demo")
    told = []
    for name in ("lan@gara.demo", "nobody@gara.demo"):
        asked = post("otp/request", purpose=purpose, email=name)
        soon = post("otp/request", purpose=purpose, email=name)
        run_relay()
        wrong = post("otp/verify", purpose=purpose, email=name, code="000 000 00")
        told.append(
            (
                asked.status_code,
                asked.json()["data"],
                asked.json()["message"],
                error_of(soon),
                error_of(wrong),
                wrong.json()["error"]["message"],
            )
        )
        assert int(soon["Retry-After"]) <= 61
    assert told[0] == told[1]
    assert told[0][3:5] == ((429, "RATE_001"), (400, "VALIDATION_001"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"purpose": "login_2fa"},
        {"purpose": "hack", "email": "lan@gara.demo"},
        {"purpose": "login_2fa", "email": "lan@gara.demo", "phone": "0901234567"},
        {"purpose": "login_2fa", "email": "lan@gara.demo", "channel": "sms"},
        {"purpose": "login_2fa", "identifier": "x" * 300},
        {"purpose": "login_2fa", "identifier": "not a name"},
        {"purpose": "login_2fa", "identifier": ["lan@gara.demo"]},
    ],
)
def test_bad_requests_send_nothing(body: dict[str, Any]) -> None:
    assert error_of(post("otp/request", **body)) == (400, "VALIDATION_001")
    assert not OneTimeCode.objects.exists()


def test_own_addresses_are_proven_with_a_log_in_only() -> None:
    user = UserFactory()
    for purpose in ("email_verification", "phone_verification"):
        assert error_of(post("otp/request", purpose=purpose)) == (401, "AUTH_002")
        assert error_of(post("otp/verify", purpose=purpose, code="123456")) == (401, "AUTH_002")
    assert error_of(post("verify-email", code="123456")) == (401, "AUTH_002")
    client = api_client(user)
    post("otp/request", client, purpose="email_verification")
    assert post("verify-email", client, code=read_code(user.email)).json()["data"]["user"]["id"] == str(user.pk)
    post("otp/request", client, purpose="phone_verification")
    run_relay()
    code = re.search(r"\d{6}", unsealed(Delivery.objects.get(channel="sms")).body)[0]
    assert post("otp/verify", client, purpose="phone_verification", code=code).status_code == 200
    user.refresh_from_db()
    assert user.email_verified_at is not None
    assert user.phone_verified_at is not None


def test_another_code_for_a_sign_up() -> None:
    sign_up_id = post("register", **PERSON).json()["data"]["signUpId"]
    soon = post("otp/request", purpose="email_verification", signUpId=sign_up_id)
    assert error_of(soon) == (429, "RATE_001")
    forget_waits()
    assert post("otp/request", purpose="email_verification", signUpId=sign_up_id).status_code == 200
    unknown = post("otp/request", purpose="email_verification", signUpId="01890000-0000-7000-8000-000000000000")
    assert error_of(unknown) == (422, "BUSINESS_001")


@pytest.mark.parametrize("way", ["link", "code", "token"])
def test_forgotten_password(way: str) -> None:
    user = UserFactory()
    device = open_session(user, kind="app")
    answer = post("forgot-password", email=user.email)
    assert (answer.status_code, answer.json()["data"]) == (200, {"resendAfter": 60})
    code = read_code(user.email)
    token = re.search(r"/password/reset/([\w-]+)/", unsealed(Delivery.objects.get()).body)[1]
    if way == "token":
        token = post("otp/verify", purpose="password_reset", email=user.email, code=code).json()["data"]["resetToken"]
    body = {"email": user.email, "code": code} if way == "code" else {"token": token}
    assert error_of(post("reset-password", **body, newPassword="12345678")) == (400, "VALIDATION_001")
    assert post("reset-password", **body, newPassword=NEW).status_code == 200
    user.refresh_from_db()
    device.refresh_from_db()
    assert user.check_password(NEW)
    assert device.ended_at is not None
    assert post("reset-password", **body, newPassword="lan-khac-99").status_code in {410, 422}
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"token": "forged"}, 404),
        ({"token": "x" * 201}, 400),
        ({"email": "lan@gara.demo", "code": "123456"}, 400),
        ({"email": "lan@gara.demo"}, 400),
        ({"code": "123456"}, 400),
        ({}, 400),
    ],
)
def test_forged_resets_change_nothing(body: dict[str, str], status: int) -> None:
    user = UserFactory(email="lan@gara.demo")
    before = user.password
    assert post("reset-password", **body, newPassword=NEW).status_code == status
    user.refresh_from_db()
    assert user.password == before


def test_unknown_address_gets_the_same_answer_to_a_forgotten_password() -> None:
    UserFactory(email="lan@gara.demo")
    answers = [post("forgot-password", email=f"{name}@gara.demo") for name in ("lan", "nobody")]
    told = [(row.status_code, row.json()["data"], row.json()["message"]) for row in answers]
    assert told[0] == told[1]


def test_sign_up_notes_the_log_in() -> None:
    sign_up_id = post("register", **PERSON).json()["data"]["signUpId"]
    post("verify-email", signUpId=sign_up_id, code=read_code("lan@gara.demo"))
    assert LoginHistory.objects.get().method == "sign_up"


@pytest.mark.parametrize("path", ["register", "verify-email", "otp/request", "otp/verify", "forgot-password"])
def test_oversize_and_broken_bodies_are_refused(path: str) -> None:
    client = APIClient()
    for body in (b'{"email": "' + b"x" * 6_000_000 + b'"}', b"[" * 50_000, b"null", b'"text"', b"{"):
        answer = client.generic("POST", f"{V1}{path}", body, content_type="application/json")
        assert 400 <= answer.status_code < 500
    assert not SignUp.objects.exists()
    assert not OneTimeCode.objects.exists()
