"""Logging in through another provider, against an issuer on loopback."""

import base64
import json
import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.platform.accounts.models import Consent, LoginHistory, User, UserSession
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from tests.factories.accounts import UserFactory
from tests.factories.second_factor import code_of, give_totp
from tests.support.issuer import CLIENT_ID, CLIENT_SECRET, Issuer

pytestmark = pytest.mark.django_db
GOOGLE = "/api/v1/auth/google"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture
def issuer(running: Issuer, settings) -> Issuer:
    cache.clear()
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.GOOGLE_APP_CLIENT_IDS = ["baylink-app"]
    settings.LOG_IN_ISSUER = running.url
    running.calls.clear()
    running.changed_claims, running.is_down = {}, False
    return running


def lan(**values: object) -> User:
    return UserFactory(email="lan@example.com", **{"email_verified_at": now(), **values})


def post(token: str, nonce: str = "nonce", **extra: object):
    return APIClient().post(GOOGLE, {"identityToken": token, "nonce": nonce, "acceptsTerms": True, **extra})


def assert_nobody_in() -> None:
    assert not UserSession.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not LoginHistory.objects.filter(succeeded=True).exists()


def test_button_shows_only_where_configured(client: Client, issuer: Issuer, settings) -> None:
    assert 'href="/login/identity/?next=/garage/"' in client.get("/login/?next=/garage/").content.decode()
    settings.GOOGLE_CLIENT_ID = ""
    assert "/login/identity/" not in client.get("/login/").content.decode()
    assert client.get("/login/identity/").status_code == 404
    assert post(issuer.token()).status_code == 401


def leave(client: Client, issuer: Issuer, wish: str = "") -> str:
    gone = client.get(f"/login/identity/{wish}")
    assert gone["Location"].startswith(f"{issuer.url}/authorize?")
    return gone["Location"]


def test_browser_goes_and_comes_back_logged_in(client: Client, issuer: Issuer) -> None:
    user = lan()
    away = leave(client, issuer, "?next=/account/")
    asked = dict(parse_qsl(urlsplit(away).query))
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://testserver/login/identity/callback/"
    back = client.get(issuer.log_in(away))
    assert (back.status_code, back["Location"]) == (302, "/account/")
    assert UserSession.objects.get().method == "google"
    assert SocialAccount.objects.get().user == user
    assert OutboxEvent.objects.filter(name="user.identity_linked").count() == 1
    assert AuditLog.objects.filter(action="user.identity_linked", entity_id=user.pk).exists()
    client.post("/logout/")
    client.get(issuer.log_in(leave(client, issuer)))
    assert OutboxEvent.objects.filter(name="user.identity_linked").count() == 1
    assert "Google" in client.get("/account/second-factor/").content.decode()


def test_callback_of_another_browser_or_twice_is_refused(client: Client, issuer: Issuer) -> None:
    lan()
    back = issuer.log_in(leave(client, issuer))
    assert Client().get(back)["Location"] == "/login/"
    assert_nobody_in()
    assert client.get(back.replace("state=", "state=x"))["Location"] == "/login/"
    assert client.get(back)["Location"] == "/login/"
    assert client.get("/login/identity/callback/?error=access_denied")["Location"] == "/login/"
    assert_nobody_in()


def test_token_for_another_journey_is_refused(client: Client, issuer: Issuer) -> None:
    lan()
    issuer.changed_claims = {"nonce": "of somebody else"}
    assert client.get(issuer.log_in(leave(client, issuer)))["Location"] == "/login/"
    assert_nobody_in()


def test_second_step_follows_here_too(client: Client, issuer: Issuer) -> None:
    user = lan()
    secret = give_totp(user)
    back = client.get(issuer.log_in(leave(client, issuer, "?next=/account/")))
    assert back["Location"] == "/login/second/"
    assert not UserSession.objects.exists()
    done = client.post("/login/second/", {"method": "totp", "code": code_of(secret)})
    assert done["Location"] == "/account/"


def test_app_logs_in_with_a_token_once(issuer: Issuer) -> None:
    user = lan()
    token = issuer.token(aud="baylink-app")
    answer = post(token, device="Pixel 8")
    assert answer.status_code == 200
    assert answer.json()["data"]["user"]["id"] == str(user.pk)
    assert UserSession.objects.get().device == "Pixel 8"
    again = post(token)
    assert (again.status_code, again.json()["error"]["code"]) == (401, "AUTH_001")
    assert UserSession.objects.count() == 1


def test_app_gets_a_ticket_where_there_is_a_factor(issuer: Issuer) -> None:
    give_totp(lan())
    assert set(post(issuer.token()).json()["data"]) == {"secondFactor"}
    assert not UserSession.objects.exists()


def forged(issuer: Issuer, kind: str) -> str:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "other key":
        return jwt.encode(issuer.claims(), stranger, algorithm="RS256", headers={"kid": "one"})
    if kind == "unknown key":
        return jwt.encode(issuer.claims(), stranger, algorithm="RS256", headers={"kid": "two"})
    if kind == "no algorithm":
        return jwt.encode(issuer.claims(), None, algorithm="none", headers={"kid": "one"})
    if kind == "shared secret":
        return jwt.encode(issuer.claims(), CLIENT_SECRET * 3, algorithm="HS256", headers={"kid": "one"})
    if kind == "changed":
        head, _body, proof = issuer.token().split(".")
        body = base64.urlsafe_b64encode(json.dumps(issuer.claims(sub="google-2")).encode()).decode().rstrip("=")
        return f"{head}.{body}.{proof}"
    return kind


@pytest.mark.parametrize(
    "kind", ["other key", "unknown key", "no algorithm", "shared secret", "changed", "no token", "a.b.c", "e30.e30."]
)
def test_forged_tokens_are_refused(issuer: Issuer, kind: str) -> None:
    lan()
    answer = post(forged(issuer, kind))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_001")
    assert_nobody_in()


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 60},
        {"iat": int(time.time()) + 600},
        {"aud": "another app"},
        {"aud": [CLIENT_ID, "another app"]},
        {"azp": "another app"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_tokens_that_are_not_for_us_now_are_refused(issuer: Issuer, changed: dict) -> None:
    lan()
    answer = post(issuer.token(**changed))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_001")
    assert_nobody_in()


def test_account_that_never_proved_its_address_is_not_handed_over(issuer: Issuer) -> None:
    lan(email_verified_at=None)
    answer = post(issuer.token())
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "DUPLICATE_001")
    assert_nobody_in()


def test_address_that_the_provider_did_not_confirm_opens_nothing(issuer: Issuer) -> None:
    lan()
    for changed in ({"email_verified": False}, {"email_verified": None}, {"email": None}):
        answer = post(issuer.token(**changed))
        assert answer.json()["error"]["details"]["rule"] == "identity_email_not_verified"
    assert_nobody_in()


def test_closed_account_stays_closed(issuer: Issuer) -> None:
    user = lan()
    SocialAccount.objects.create(user=user, provider="google", uid="google-1")
    User.objects.update(is_active=False)
    assert post(issuer.token()).status_code == 401
    assert not UserSession.objects.exists()


def test_unknown_address_becomes_a_customer_who_agreed(issuer: Issuer) -> None:
    refused = post(issuer.token(), acceptsTerms=False)
    assert refused.json()["error"]["details"]["rule"] == "terms_required"
    assert not User.objects.exists()
    assert post(issuer.token()).status_code == 200
    user = User.objects.get()
    assert (user.email, user.full_name, user.has_usable_password()) == ("lan@example.com", "Trần Thị Lan", False)
    assert user.email_verified_at is not None
    assert set(Consent.objects.values_list("kind", flat=True)) == {"terms", "privacy"}
    assert post(issuer.token(iat=int(time.time()) - 1)).json()["data"]["user"]["id"] == str(user.pk)


def test_linked_account_opens_whatever_the_address_says_now(issuer: Issuer) -> None:
    user = UserFactory()
    SocialAccount.objects.create(user=user, provider="google", uid="google-1")
    assert post(issuer.token(email="new@example.com")).json()["data"]["user"]["id"] == str(user.pk)


def test_keys_are_kept_and_asked_for_again_when_they_change(issuer: Issuer) -> None:
    lan()
    post(issuer.token())
    post(issuer.token(iat=int(time.time()) - 1))
    assert issuer.calls.count("/keys") == 1
    issuer.new_key("three")
    assert post(issuer.token()).status_code == 200
    assert issuer.calls.count("/keys") == 2
    post(forged(issuer, "unknown key"))
    assert issuer.calls.count("/keys") == 2
    issuer.new_key("one")


def test_provider_that_is_away_is_said(client: Client, issuer: Issuer) -> None:
    lan()
    issuer.is_down = True
    assert client.get("/login/identity/")["Location"] == "/login/"
    answer = post(issuer.token())
    assert (answer.status_code, answer.json()["error"]["details"]["rule"]) == (503, "identity_provider_away")
    assert_nobody_in()


def test_link_is_removed_by_its_owner_alone(client: Client, issuer: Issuer) -> None:
    user = lan()
    client.get(issuer.log_in(leave(client, issuer)))
    link = SocialAccount.objects.get()
    other = Client()
    other.force_login(UserFactory())
    assert other.post(f"/account/second-factor/identities/{link.pk}/remove/").status_code == 404
    client.post(f"/account/second-factor/identities/{link.pk}/remove/")
    assert not SocialAccount.objects.exists()
    assert AuditLog.objects.filter(action="user.identity_unlinked", entity_id=user.pk).exists()
