"""The second step and the factors through the API."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient
from time_machine import travel

from apps.core.clock import now
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services import log_in_app
from apps.platform.organizations.models import Organization, Role
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory
from tests.factories.second_factor import (
    SoftPasskey,
    code_of,
    give_recovery_codes,
    give_totp,
    list_types,
    wrong_code,
)

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def post(path: str, body: dict, client: APIClient | None = None):
    return (client or APIClient()).post(f"{AUTH}{path}", body)


def log_in(user: User):
    return post("login", {"identifier": user.email, "password": PASSWORD, "device": "Pixel 8"})


def app_of(user: User) -> APIClient:
    """An app of the user, logged in before any factor was a must."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {log_in_app(user.email, PASSWORD).access_token}")
    return client


def test_log_in_answers_with_a_ticket_and_the_code_brings_the_tokens() -> None:
    user = UserFactory()
    secret = give_totp(user)
    give_recovery_codes(user)
    asked = log_in(user)
    data = asked.json()["data"]
    assert (asked.status_code, set(data)) == (200, {"secondFactor"})
    assert data["secondFactor"]["methods"] == ["totp", "recovery_code"]
    assert data["secondFactor"]["expiresIn"] == 300
    assert not UserSession.objects.exists()
    ticket = data["secondFactor"]["ticket"]
    wrong = post("mfa/verify", {"ticket": ticket, "method": "totp", "code": wrong_code(secret)})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "AUTH_001")
    right = post("mfa/verify", {"ticket": ticket, "method": "totp", "code": code_of(secret)})
    assert right.status_code == 200
    assert right.json()["data"]["user"]["id"] == str(user.pk)
    session = UserSession.objects.get()
    assert (session.device, session.method, session.kind) == ("Pixel 8", "totp", "app")
    again = post("mfa/verify", {"ticket": ticket, "method": "totp", "code": code_of(secret, steps=1)})
    assert (again.status_code, again.json()["error"]["code"]) == (401, "AUTH_002")
    assert UserSession.objects.count() == 1


def test_too_many_wrong_codes_must_wait() -> None:
    user = UserFactory()
    secret = give_totp(user)
    for _try in range(3):
        ticket = log_in(user).json()["data"]["secondFactor"]["ticket"]
        post("mfa/verify", {"ticket": ticket, "method": "totp", "code": wrong_code(secret)})
    blocked = post("mfa/verify", {"ticket": ticket, "method": "totp", "code": code_of(secret)})
    assert (blocked.status_code, blocked.json()["error"]["code"]) == (429, "RATE_001")
    assert int(blocked["Retry-After"]) > 0
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ticket": "x"},
        {"ticket": "x", "method": "sms", "code": "1"},
        {"ticket": "x", "method": "passkey", "credential": "no object"},
        {"ticket": "x" * 200, "method": "totp", "code": "123456"},
    ],
)
def test_odd_bodies_are_refused(body: dict) -> None:
    assert post("mfa/verify", body).json()["error"]["code"] == "VALIDATION_001"


def test_own_factors_are_set_up_and_removed() -> None:
    user = UserFactory()
    app = app_of(user)
    assert app.get(f"{AUTH}mfa").json()["data"] == {
        "methods": [],
        "isRequired": False,
        "totp": None,
        "passkeys": [],
        "recoveryCodesLeft": 0,
        "isRecentlyConfirmed": True,
    }
    set_up = post("mfa/totp", {}, app).json()["data"]
    assert set_up["otpauthUrl"].startswith("otpauth://totp/Baylink")
    assert set_up["qrSvg"].startswith("<svg")
    assert post("mfa/totp/confirm", {"code": wrong_code(set_up["secret"])}, app).status_code == 400
    codes = post("mfa/totp/confirm", {"code": code_of(set_up["secret"])}, app).json()["data"]["recoveryCodes"]
    assert len(codes) == 10
    key = SoftPasskey()
    options = post("mfa/passkeys", {}, app).json()["data"]
    made = post("mfa/passkeys/confirm", {"credential": key.create(options), "name": "Pixel"}, app)
    assert made.json()["data"]["recoveryCodes"] == []
    found = app.get(f"{AUTH}mfa").json()["data"]
    assert (found["methods"], found["recoveryCodesLeft"]) == (["passkey", "totp", "recovery_code"], 10)
    assert found["passkeys"][0]["name"] == "Pixel"
    renewed = post("mfa/recovery-codes", {}, app).json()["data"]["recoveryCodes"]
    assert not set(codes) & set(renewed)
    assert app.delete(f"{AUTH}mfa/totp").status_code == 204
    assert app.delete(f"{AUTH}mfa/totp").status_code == 404
    assert app.delete(f"{AUTH}mfa/passkeys/{found['passkeys'][0]['id']}").status_code == 204
    assert list_types(user) == set()


def test_passkey_logs_an_app_in() -> None:
    user = UserFactory()
    app, key = app_of(user), SoftPasskey()
    options = post("mfa/passkeys", {}, app).json()["data"]
    post("mfa/passkeys/confirm", {"credential": key.create(options)}, app)
    ticket = log_in(user).json()["data"]["secondFactor"]["ticket"]
    asked = post("mfa/passkey-options", {"ticket": ticket}).json()["data"]
    right = post("mfa/verify", {"ticket": ticket, "method": "passkey", "credential": key.get(asked)})
    assert right.status_code == 200
    assert post("mfa/passkey-options", {"ticket": "forged"}).json()["error"]["code"] == "AUTH_002"


def test_old_sessions_confirm_the_password_before_factors_change() -> None:
    user = UserFactory()
    app = app_of(user)
    with travel(now() + timedelta(minutes=6)):
        refused = post("mfa/totp", {}, app)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AUTH_003")
        assert refused.json()["error"]["details"]["rule"] == "confirmation_required"
        assert post("mfa/confirm-password", {"password": "wrong"}, app).status_code == 400
        assert post("mfa/confirm-password", {"password": PASSWORD}, app).status_code == 204
        assert post("mfa/totp", {}, app).status_code == 200


@pytest.mark.parametrize("strict", ["company", "role"])
def test_member_without_a_must_have_factor_gets_403_but_for_enrolment(strict: str) -> None:
    member = MembershipFactory()
    app = app_of(member.user)
    assert app.get("/api/v1/customers").status_code == 200
    if strict == "company":
        Organization.objects.update(requires_second_factor=True)
    else:
        Role.objects.filter(pk=member.role_id).update(requires_second_factor=True)
    for path in ("/api/v1/customers", f"{AUTH}me", f"{AUTH}sessions", "/api/v1/notifications"):
        refused = app.get(path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AUTH_003"), path
        assert refused.json()["error"]["details"]["rule"] == "second_factor_required", path
    named = app.get("/api/v1/customers", HTTP_X_ORGANIZATION=str(member.organization_id))
    assert named.status_code == 403
    assert app.get(f"{AUTH}mfa").json()["data"]["isRequired"] is True
    secret = post("mfa/totp", {}, app).json()["data"]["secret"]
    assert post("mfa/totp/confirm", {"code": code_of(secret)}, app).status_code == 200
    assert app.get("/api/v1/customers").status_code == 200


def test_strangers_reach_nothing() -> None:
    assert APIClient().get(f"{AUTH}mfa").status_code == 401
    for path in ("mfa/totp", "mfa/totp/confirm", "mfa/recovery-codes", "mfa/passkeys", "mfa/confirm-password"):
        assert post(path, {}).status_code == 401
