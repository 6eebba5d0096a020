"""Being a provider: programs of partners get tokens by the rules of OAuth 2.1 and OpenID Connect, and use them."""

import base64
import hashlib
import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
from allauth.idp.oidc.models import Client as Program
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient
from time_machine import travel

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.core.errors import BadInput, NotAllowed
from apps.platform.accounts.models import User
from apps.platform.accounts.provider.scopes import LABELS, SCOPES
from apps.platform.accounts.services import partner_clients
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Organization
from apps.platform.organizations.roles import SYSTEM_ROLES
from config.settings import identity
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db
BACK = "https://partner.example/back"
VERIFIER = "verifier-" * 6
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
V1 = "/api/v1/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def program(**values: Any) -> partner_clients.NewClient:
    """A program with a secret that asks people for customers.read and their name."""
    base = {
        "name": "Kế toán An Tâm",
        "ways": ["code"],
        "scopes": ["openid", "email", "profile", "customers.read"],
        "redirect_uris": [BACK],
    }
    return partner_clients.register_client(system_actor(), **{**base, **values})


def ask(made: partner_clients.NewClient, **changed: Any) -> str:
    query = {
        "response_type": "code",
        "client_id": made.client.pk,
        "redirect_uri": BACK,
        "scope": "openid email profile customers.read",
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changed,
    }
    return f"/oauth/authorize?{urlencode({name: value for name, value in query.items() if value is not None})}"


def agree(browser: Client, made: partner_clients.NewClient, *, scopes: list[str] | None = None, **changed: Any) -> str:
    """The code with which the browser is sent back."""
    page = browser.get(ask(made, **changed))
    request = re.search(r'name="request" value="([^"]+)"', page.content.decode())
    assert request is not None, page.content.decode()
    chosen = scopes or changed.get("scope", "openid email profile customers.read").split()
    answer = browser.post("/oauth/authorize", {"request": request[1], "scopes": chosen, "action": "grant"})
    assert answer["Location"].startswith(f"{BACK}?"), answer["Location"]
    back = dict(parse_qsl(urlsplit(answer["Location"]).query))
    assert back["state"] == "s-1"
    return back["code"]


def token(made: partner_clients.NewClient, **form: str):
    body = {"client_id": made.client.pk, "client_secret": made.secret, **form}
    return Client().post("/oauth/token", {name: value for name, value in body.items() if value})


def exchange(made: partner_clients.NewClient, got: str, **form: str):
    body = {"grant_type": "authorization_code", "code": got, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return token(made, **{**body, **form})


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def api(access_token: str, **headers: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token}", **headers)
    return client


def lan(role_code: str = "owner") -> User:
    user = UserFactory(first_name="Lan", last_name="Trần", email="lan@gara.demo", email_verified_at=now())
    return MembershipFactory(user=user, role=role(role_code)).user


def test_discovery_names_what_is_there(client: Client) -> None:
    found = client.get("/.well-known/openid-configuration").json()
    assert found["issuer"] == "http://testserver"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert "device_authorization_endpoint" not in found
    keys = client.get(urlsplit(found["jwks_uri"]).path).json()["keys"]
    assert [key["kty"] for key in keys] == ["RSA"]
    assert not {"d", "p", "q"} & set(keys[0])


def test_person_agrees_and_the_program_learns_who_they_are() -> None:
    user, made = lan(), program()
    browser = browser_of(user)
    page = browser.get(ask(made))
    assert "Kế toán An Tâm muốn thay bạn làm việc" in page.content.decode()
    assert "form-action 'self' https://partner.example" in page["Content-Security-Policy"]
    answer = exchange(made, agree(browser, made))
    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    keys = jwt.PyJWKSet.from_dict(Client().get("/.well-known/jwks.json").json())
    claims = jwt.decode(
        body["id_token"], keys.keys[0].key, algorithms=["RS256"], audience=made.client.pk, issuer="http://testserver"
    )
    assert (claims["nonce"], claims["email"], claims["email_verified"]) == ("n-1", "lan@gara.demo", True)
    info = Client().get("/oauth/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}).json()
    assert (info["sub"], info["name"]) == (claims["sub"], "Trần Lan")
    assert AuditLog.objects.filter(action="partner_client.connected", user=user).count() == 1
    assert not Token.objects.filter(hash=body["access_token"]).exists()


def test_token_acts_as_its_person_within_its_scopes() -> None:
    user, made = lan(), program()
    access = exchange(made, agree(browser_of(user), made)).json()["access_token"]
    assert api(access).get(f"{V1}customers").status_code == 200
    refused = api(access).post(f"{V1}customers", {"name": "Bình", "phone": "0901234567"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AUTH_003")
    for path in ("invoices", "auth/sessions", "auth/me", "auth/mfa", "notifications"):
        assert api(access).get(f"{V1}{path}").status_code == 403, path
    foreign = OrganizationFactory()
    assert api(access, HTTP_X_ORGANIZATION=str(foreign.pk)).get(f"{V1}customers").status_code == 404


def test_scopes_give_nothing_that_the_person_has_not() -> None:
    made = program(scopes=["customers.read", "billing.read"])
    access = exchange(made, agree(browser_of(lan("technician")), made, scope="customers.read billing.read")).json()[
        "access_token"
    ]
    assert api(access).get(f"{V1}invoices").status_code == 403


def test_person_may_give_less_than_was_asked_for() -> None:
    user, made = lan(), program()
    code = agree(browser_of(user), made, scopes=["openid"])
    access = exchange(made, code).json()["access_token"]
    assert api(access).get(f"{V1}customers").status_code == 403


def test_everything_is_everything_of_that_person() -> None:
    user, made = lan(), program(scopes=["everything"])
    access = exchange(made, agree(browser_of(user), made, scope="everything")).json()["access_token"]
    assert api(access).get(f"{V1}auth/me").status_code == 200
    assert api(access).post(f"{V1}auth/mfa/totp", {}).status_code == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": f"{BACK}/more"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
    ],
)
def test_wrong_requests_never_leave_the_site(changed: dict) -> None:
    answer = browser_of(lan()).get(ask(program(), **changed))
    assert answer.status_code in (200, 400)
    assert "Chương trình yêu cầu sai cách" in answer.content.decode()
    assert not AuditLog.objects.filter(action="partner_client.connected").exists()


def test_scope_that_the_program_may_not_ask_for_is_sent_back_as_an_error() -> None:
    answer = browser_of(lan()).get(ask(program(), scope="everything"))
    assert answer["Location"].startswith(f"{BACK}?error=invalid_scope")


def test_refusal_of_the_person_is_told() -> None:
    browser, made = browser_of(lan()), program()
    request = re.search(r'name="request" value="([^"]+)"', browser.get(ask(made)).content.decode())
    assert request is not None
    answer = browser.post("/oauth/authorize", {"request": request[1], "action": "cancel"})
    assert "error=access_denied" in answer["Location"]
    forged = browser.post("/oauth/authorize", {"request": request[1][:-3] + "abc", "action": "grant"})
    assert forged.status_code == 403


def test_log_in_comes_first_and_again_when_the_program_asks_for_it() -> None:
    made, user = program(), lan()
    assert Client().get(ask(made))["Location"].startswith("/login/?next=/oauth/authorize")
    browser = browser_of(user)
    again = browser.get(ask(made, prompt="login"))
    assert again["Location"].startswith("/login/?next=/oauth/authorize")
    assert "prompt" not in again["Location"]
    assert "_auth_user_id" not in browser.session


def test_whoever_must_set_up_a_factor_authorizes_nothing() -> None:
    made, user = program(), lan()
    access = exchange(made, agree(browser_of(user), made)).json()["access_token"]
    Organization.objects.update(requires_second_factor=True)
    assert browser_of(user).get(ask(made))["Location"].startswith("/account/second-factor/?next=/oauth/authorize")
    refused = api(access).get(f"{V1}customers")
    assert refused.json()["error"]["details"]["rule"] == "second_factor_required"


@pytest.mark.parametrize(
    "form",
    [
        {"code_verifier": "another-" * 8},
        {"code_verifier": ""},
        {"redirect_uri": "https://partner.example/other"},
        {"client_secret": "wrong"},
        {"code": "unknown"},
    ],
)
def test_wrong_exchanges_are_refused(form: dict) -> None:
    made = program()
    answer = exchange(made, agree(browser_of(lan()), made), **form)
    assert answer.status_code in (400, 401)
    assert not Token.objects.exists()


def test_code_of_one_program_is_worth_nothing_to_another() -> None:
    made, other = program(), program(name="Khác")
    code = agree(browser_of(lan()), made)
    assert exchange(other, code).status_code == 400
    assert not Token.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_code_and_one_refresh_token_exchanged_at_once_give_tokens_once() -> None:
    made = program()
    code = agree(browser_of(lan()), made)
    answers = at_once(lambda: exchange(made, code), 6)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 5
    assert not Token.objects.valid().exists()
    refresh = exchange(made, agree(browser_of(User.objects.get()), made)).json()["refresh_token"]
    renewed = at_once(lambda: token(made, grant_type="refresh_token", refresh_token=refresh), 6)
    assert sorted(answer.status_code for answer in renewed) == [200] + [400] * 5
    # Five showed it a second time: a leak cannot be told from haste.
    assert not Token.objects.valid().exists()


def at_once(call: Any, times: int) -> list[Any]:
    barrier = Barrier(times)

    def run(_number: int) -> Any:
        try:
            barrier.wait(10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_public_program_needs_no_secret_and_still_pkce() -> None:
    made = program(is_public=True)
    assert made.secret == ""
    code = agree(browser_of(lan()), made)
    assert exchange(made, code, code_verifier="").status_code == 400
    assert exchange(made, agree(browser_of(User.objects.get()), made)).status_code == 200


def worker(company: Organization, *scopes: str) -> partner_clients.NewClient:
    return program(ways=["credentials"], scopes=list(scopes), organization_id=company.pk, redirect_uris=[])


def test_program_acts_for_its_company_alone() -> None:
    branch, foreign = BranchFactory(), BranchFactory()
    made = worker(branch.organization, "customers.read", "customers.write")
    answer = token(made, grant_type="client_credentials", scope="customers.read customers.write")
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()
    access = answer.json()["access_token"]
    created = api(access).post(f"{V1}customers", {"name": "Bình", "phone": "0901234567"})
    assert created.status_code == 201
    assert len(api(access).get(f"{V1}customers").json()["data"]) == 1
    assert AuditLog.objects.filter(actor_name="Kế toán An Tâm", organization=branch.organization).exists()
    assert api(access).get(f"{V1}invoices").status_code == 403
    assert api(access).get(f"{V1}auth/me").status_code == 403
    assert api(access, HTTP_X_ORGANIZATION=str(foreign.organization_id)).get(f"{V1}customers").status_code == 404
    assert api(access, HTTP_X_BRANCH=str(foreign.pk)).get(f"{V1}customers").status_code == 404
    assert api(access, HTTP_X_BRANCH=str(branch.pk)).get(f"{V1}customers").status_code == 200
    Organization.objects.filter(pk=branch.organization_id).update(status="suspended")
    assert api(access).get(f"{V1}customers").status_code in (403, 422)


def test_credentials_give_no_more_than_asked_and_registered() -> None:
    made = worker(OrganizationFactory(), "customers.read")
    assert token(made, grant_type="client_credentials", scope="orders.read").json()["error"] == "invalid_scope"
    assert exchange(made, "x").status_code in (400, 401)
    people = program()
    assert token(people, grant_type="client_credentials", scope="customers.read").status_code in (400, 401)
    assert token(people, grant_type="password", username="a", password="b").status_code in (400, 401)
    assert not Token.objects.exists()


def test_tokens_end_by_time_revocation_and_with_their_person() -> None:
    user, made = lan(), program()
    body = exchange(made, agree(browser_of(user), made)).json()
    call = api(body["access_token"])
    with travel(now() + timedelta(minutes=16)):
        assert call.get(f"{V1}customers").json()["error"]["code"] == "AUTH_002"
    assert call.get(f"{V1}customers").status_code == 200
    User.objects.update(is_active=False)
    assert call.get(f"{V1}customers").status_code == 401
    User.objects.update(is_active=True)
    form = {"client_id": made.client.pk, "client_secret": made.secret, "token": body["access_token"]}
    assert Client().post("/oauth/introspect", form).json()["active"] is True
    assert Client().post("/oauth/introspect", {**form, "client_secret": "wrong"}).status_code == 401
    Client().post("/oauth/revoke", form)
    assert Client().post("/oauth/introspect", form).json() == {"active": False}
    assert call.get(f"{V1}customers").status_code == 401
    assert api("rubbish").get(f"{V1}customers").status_code == 401


def test_token_endpoint_is_slowed_down() -> None:
    made = program()
    statuses = {token(made, grant_type="client_credentials").status_code for _call in range(121)}
    assert 429 in statuses


def test_changes_of_a_program_end_its_tokens() -> None:
    made = program()
    access = exchange(made, agree(browser_of(lan()), made)).json()["access_token"]
    secret = partner_clients.renew_client_secret(system_actor(), made.client)
    assert api(access).get(f"{V1}customers").status_code == 401
    assert secret != made.secret
    assert not Program.objects.filter(secret__contains=secret).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ways": []}, "ways"),
        ({"ways": ["password"]}, "ways"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["http://partner.example/"]}, "redirect_uris"),
        ({"redirect_uris": ["https://*.example/"]}, "redirect_uris"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
        ({"ways": ["credentials"], "scopes": ["orders.read"]}, "organization"),
        ({"ways": ["credentials"], "scopes": ["everything"]}, "scopes"),
        ({"ways": ["credentials"], "scopes": ["orders.read"], "is_public": True}, "ways"),
    ],
)
def test_programs_that_make_no_sense_are_refused(values: dict, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        program(**values)
    assert field in caught.value.errors
    assert not Program.objects.exists()


def test_administrators_alone_register_programs() -> None:
    for actor in (actor_for("manager"), actor_for("technician")):
        with pytest.raises(NotAllowed):
            partner_clients.register_client(actor, name="x", ways=["code"], scopes=["openid"], redirect_uris=[BACK])
    assert not Program.objects.exists()


def test_staff_cms_shows_the_secret_once() -> None:
    staff = browser_of(UserFactory(is_staff=True, is_superuser=True))
    form = {"name": "Kế toán", "ways": ["code"], "scopes": ["openid", "customers.read"], "redirect_uris": BACK}
    refused = staff.post("/admin/allauth_idp_oidc/client/add/", {**form, "redirect_uris": "ftp://x"})
    assert refused.status_code == 200
    assert not Program.objects.exists()
    page = staff.post("/admin/allauth_idp_oidc/client/add/", form)
    secret = re.search(r"data-client-secret>([^<]+)<", page.content.decode())
    assert secret is not None
    made = Program.objects.get()
    assert "no-store" in page["Cache-Control"]
    change = f"/admin/allauth_idp_oidc/client/{made.pk}/change/"
    assert "data-client-secret" not in staff.get(change).content.decode()
    staff.post(change, {**form, "name": "Kế toán mới"})
    made.refresh_from_db()
    assert (made.name, made.get_scopes()) == ("Kế toán mới", ["customers.read", "openid"])
    renew = f"/admin/allauth_idp_oidc/client/{made.pk}/secret/"
    assert "data-client-secret" not in staff.get(renew).content.decode()
    again = re.search(r"data-client-secret>([^<]+)<", staff.post(renew).content.decode())
    assert again is not None
    made.refresh_from_db()
    assert made.check_secret(html.unescape(again[1]))
    assert not made.check_secret(html.unescape(secret[1]))
    ordinary = browser_of(UserFactory(is_staff=True))
    assert ordinary.post(renew).status_code in (302, 403, 404)
    assert ordinary.get("/admin/allauth_idp_oidc/client/").status_code == 403


def test_every_right_of_a_scope_is_a_right_that_some_role_knows() -> None:
    known = {right for found in SYSTEM_ROLES.values() for right in found.permissions}
    areas = {right.partition(".")[0] for right in known if right.endswith(".*")}
    unknown = {
        right
        for scope in SCOPES.values()
        for right in scope.rights
        if right not in known and right.partition(".")[0] not in areas
    }
    assert unknown == set()
    assert set(SCOPES) < set(LABELS)


def test_production_refuses_to_start_without_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(identity, "DEMO_KEY", tmp_path / "var" / "key.pem")
    monkeypatch.delenv("OIDC_PRIVATE_KEY", raising=False)
    monkeypatch.setenv("DEMO", "off")
    with pytest.raises(ImproperlyConfigured):
        identity.read_signing_key()
    monkeypatch.setenv("DEMO", "on")
    assert identity.read_signing_key().startswith("-----BEGIN PRIVATE KEY-----")
    assert identity.read_signing_key() == (tmp_path / "var" / "key.pem").read_text()
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["key.pem"]
    monkeypatch.setenv("OIDC_PRIVATE_KEY", "-----BEGIN\\nown")
    assert identity.read_signing_key() == "-----BEGIN\nown"
