"""Tokens of partners: what is good once and shown twice ends everything that came of it, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from time_machine import travel

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.platform.accounts.models import User
from apps.platform.accounts.services import partner_clients
from apps.platform.accounts.services.token_families import forget_tokens
from apps.platform.accounts.services.users import set_new_password
from apps.platform.audit.models import AuditLog
from tests.platform.accounts.test_provider import V1, agree, api, browser_of, exchange, lan, program, token

pytestmark = pytest.mark.django_db
REUSED = "partner_client.token_reused"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def made() -> partner_clients.NewClient:
    return program()


@pytest.fixture
def user() -> User:
    return lan()


def renew(made: partner_clients.NewClient, refresh_token: str, **form: str) -> Any:
    return token(made, grant_type="refresh_token", refresh_token=refresh_token, **form)


def works(body: dict[str, str]) -> bool:
    return api(body["access_token"]).get(f"{V1}customers").status_code == 200


def test_a_refresh_token_used_twice_ends_the_whole_family(made: partner_clients.NewClient, user: User) -> None:
    first = exchange(made, agree(browser_of(user), made)).json()
    second = renew(made, first["refresh_token"]).json()
    third = renew(made, second["refresh_token"]).json()
    assert (works(first), works(second), works(third)) == (True, True, True)
    again = renew(made, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (works(first), works(second), works(third)) == (False, False, False)
    assert renew(made, third["refresh_token"]).status_code == 400
    assert not Token.objects.exists()
    line = AuditLog.objects.get(action=REUSED)
    assert (line.entity_label, line.ip, line.data["user_id"]) == (made.client.name, "127.0.0.1", str(user.pk))
    assert line.data["ended"] == 4
    assert first["refresh_token"] not in str(AuditLog.objects.values_list())


def test_other_agreements_stay(made: partner_clients.NewClient, user: User) -> None:
    first = exchange(made, agree(browser_of(user), made)).json()
    other = exchange(made, agree(browser_of(user), made)).json()
    assert renew(made, first["refresh_token"]).status_code == 200
    assert renew(made, first["refresh_token"]).status_code == 400
    assert (works(first), works(other)) == (False, True)
    assert renew(made, other["refresh_token"]).status_code == 200


def test_a_code_used_twice_ends_what_came_of_it(made: partner_clients.NewClient, user: User) -> None:
    code = agree(browser_of(user), made)
    body = renew(made, exchange(made, code).json()["refresh_token"]).json()
    assert works(body)
    assert exchange(made, code).status_code == 400
    assert not works(body)
    assert AuditLog.objects.get(action=REUSED).data["kind"] == "code"


def test_unproven_and_made_up_ones_end_nothing(made: partner_clients.NewClient, user: User) -> None:
    first = exchange(made, agree(browser_of(user), made)).json()
    second = renew(made, first["refresh_token"]).json()
    refused = [
        renew(made, first["refresh_token"], client_secret="wrong"),
        renew(made, first["refresh_token"], client_id="unknown"),
        renew(made, first["refresh_token"][:-2] + "zz"),
        renew(made, "x" * 5000),
        token(made, grant_type="refresh_token"),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 400, 400, 400]
    assert works(second)
    assert not AuditLog.objects.filter(action=REUSED).exists()


def test_revoking_a_refresh_token_ends_its_access_tokens(made: partner_clients.NewClient, user: User) -> None:
    body = exchange(made, agree(browser_of(user), made)).json()
    other = exchange(made, agree(browser_of(user), made)).json()
    form = {"client_id": made.client.pk, "client_secret": made.secret, "token": body["refresh_token"]}
    assert Client().post("/oauth/revoke", {**form, "client_secret": "wrong"}).status_code == 401
    assert works(body)
    assert Client().post("/oauth/revoke", form).status_code == 200
    assert (works(body), works(other)) == (False, True)


def test_used_ones_are_known_while_they_could_have_been_good(made: partner_clients.NewClient, user: User) -> None:
    start = now()
    first = exchange(made, agree(browser_of(user), made)).json()
    second = renew(made, first["refresh_token"]).json()
    with travel(start + timedelta(days=20)):
        forget_tokens(before=now() - timedelta(days=2))
        assert renew(made, first["refresh_token"]).status_code == 400
        assert renew(made, second["refresh_token"]).status_code == 400
    assert AuditLog.objects.filter(action=REUSED).count() == 1


def test_old_ones_are_forgotten(made: partner_clients.NewClient, user: User) -> None:
    renew(made, exchange(made, agree(browser_of(user), made)).json()["refresh_token"])
    with travel(now() + timedelta(days=33)):
        forget_tokens(before=now() - timedelta(days=2))
    assert not Token.objects.exists()


def test_another_password_ends_what_partners_hold(made: partner_clients.NewClient, user: User) -> None:
    body = exchange(made, agree(browser_of(user), made)).json()
    assert works(body) is True
    with transaction.atomic():
        set_new_password(system_actor(), user, "Another2026pass", action="user.password_reset")
    assert works(body) is False
    assert renew(made, body["refresh_token"]).status_code == 400
