"""The second step in the browser, its set-up pages, and the staff CMS behind it."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from time_machine import travel

from apps.core.clock import now
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services import second_factor
from apps.platform.organizations.models import Organization
from apps.platform.system.settings import forget, store_setting
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
PAGE = "/account/second-factor/"


def enter(client: Client, user: User, **extra: str):
    return client.post("/login/", {"identifier": user.email, "password": PASSWORD, **extra})


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def member(**values: object) -> User:
    return MembershipFactory(user=UserFactory(**values)).user


def test_password_alone_opens_nothing_and_the_code_lets_in(client: Client) -> None:
    user = member(language="en")
    secret = give_totp(user)
    answer = enter(client, user, next="/garage/", stay="on")
    assert answer["Location"] == "/login/second/"
    assert not is_logged_in(client)
    assert not UserSession.objects.exists()
    page = client.get("/login/second/")
    assert "Nhập sáu chữ số" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    wrong = client.post("/login/second/", {"method": "totp", "code": wrong_code(secret)})
    assert wrong.status_code == 401
    assert not is_logged_in(client)
    right = client.post("/login/second/", {"method": "totp", "code": code_of(secret)})
    assert (right.status_code, right["Location"]) == (302, "/garage/")
    assert UserSession.objects.get().method == "totp"
    assert "second_step" not in client.session
    assert client.session.get_expire_at_browser_close() is False


def test_recovery_code_lets_in(client: Client) -> None:
    user = member()
    give_totp(user)
    code = give_recovery_codes(user)[0]
    enter(client, user)
    assert "mã khôi phục" in client.get("/login/second/?method=recovery_code").content.decode()
    assert client.post("/login/second/", {"method": "recovery_code", "code": code})["Location"] == "/home/"


def test_passkey_lets_in(client: Client) -> None:
    user = member()
    client.force_login(user)
    key = SoftPasskey()
    assert "data-passkey" in client.get(f"{PAGE}passkey/").content.decode()
    options = client.post(f"{PAGE}passkey/options/").json()
    page = client.post(f"{PAGE}passkey/", {"name": "Điện thoại", "credential": json.dumps(key.create(options))})
    assert "data-recovery-codes" in page.content.decode()
    assert "Điện thoại" in client.get(PAGE).content.decode()
    client.post("/logout/")
    enter(client, user)
    assert "data-passkey" in client.get("/login/second/").content.decode()
    asked = client.post("/login/second/passkey/").json()
    answer = client.post("/login/second/", {"method": "passkey", "credential": json.dumps(key.get(asked))})
    assert answer["Location"] == "/home/"


def test_second_page_without_a_first_step_leads_to_the_log_in(client: Client) -> None:
    assert client.get("/login/second/")["Location"] == "/login/"
    assert client.post("/login/second/", {"code": "123456"})["Location"] == "/login/"
    assert client.post("/login/second/passkey/").status_code == 401


def test_slow_log_in_starts_again_and_keeps_the_wish(client: Client) -> None:
    user = member()
    secret = give_totp(user)
    enter(client, user, next="/garage/")
    with travel(now() + timedelta(minutes=6)):
        answer = client.post("/login/second/", {"method": "totp", "code": code_of(secret)})
    assert answer["Location"] == "/login/?next=%2Fgarage%2F"
    assert not is_logged_in(client)


def test_ticket_in_another_browser_is_worth_nothing(client: Client) -> None:
    user = member()
    secret = give_totp(user)
    enter(client, user)
    other = Client(headers={"User-Agent": "Firefox"})
    session = other.session
    session["second_step"] = client.session["second_step"]
    session.save()
    other.cookies["sessionid"] = session.session_key
    assert other.post("/login/second/", {"method": "totp", "code": code_of(secret)})["Location"].startswith("/login/")
    assert not is_logged_in(other)


def test_setting_an_app_up(client: Client) -> None:
    user = member()
    client.force_login(user)
    page = client.post(f"{PAGE}totp/").content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page)
    assert secret is not None
    assert "<svg" in page
    assert client.post(f"{PAGE}totp/confirm/", {"code": wrong_code(secret[1])}).status_code == 422
    assert list_types(user) == set()
    done = client.post(f"{PAGE}totp/confirm/", {"code": code_of(secret[1])})
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", done.content.decode())
    assert len(codes) == 10
    assert "data:text/plain" in done.content.decode()
    shown = client.get(PAGE).content.decode()
    assert not any(code in shown for code in codes)
    assert "10 mã" in shown
    client.post(f"{PAGE}totp/remove/")
    assert list_types(user) == set()


def test_changes_after_a_while_ask_for_the_password(client: Client) -> None:
    user = member()
    client.force_login(user)
    give_totp(user)
    with travel(now() + timedelta(minutes=6)):
        asked = client.post(f"{PAGE}totp/remove/")
        assert asked["Location"] == f"{PAGE}confirm/?next="
        assert list_types(user) == {"totp"}
        assert client.post(f"{PAGE}confirm/", {"password": "wrong"}).status_code in (400, 422)
        assert client.post(f"{PAGE}confirm/", {"password": PASSWORD})["Location"] == PAGE
        client.post(f"{PAGE}totp/remove/")
    assert list_types(user) == set()


def test_member_of_a_strict_company_sets_one_up_and_can_do_nothing_else(client: Client) -> None:
    user = member()
    Organization.objects.update(requires_second_factor=True)
    assert enter(client, user, next="/garage/").status_code == 302
    assert is_logged_in(client)
    for page in ("/garage/", "/account/", "/home/", "/choose/"):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?next={page}"), page
    fragment = client.get("/garage/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, f"{PAGE}?next=/garage/")
    assert "Công ty của bạn yêu cầu" in client.get(f"{PAGE}?next=/garage/").content.decode()
    page = client.post(f"{PAGE}totp/", {"next": "/garage/"}).content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page)
    assert secret is not None
    done = client.post(f"{PAGE}totp/confirm/", {"code": code_of(secret[1]), "next": "/garage/"})
    assert 'href="/garage/"' in done.content.decode()
    assert client.get("/account/").status_code == 200


def test_strict_company_still_lets_people_log_out(client: Client) -> None:
    user = member()
    Organization.objects.update(requires_second_factor=True)
    enter(client, user)
    assert client.post("/logout/").status_code == 302
    assert not is_logged_in(client)


@pytest.fixture
def strict_for_staff():
    store_setting("security.staff_second_factor", True)
    forget("security.staff_second_factor")


def test_staff_cms_needs_the_second_step(client: Client) -> None:
    user = UserFactory(is_staff=True, is_superuser=True)
    secret = give_totp(user)
    assert client.post("/admin/login/?next=/admin/", {"username": user.email, "password": PASSWORD})[
        "Location"
    ].startswith("/login/")
    enter(client, user, next="/admin/")
    assert client.get("/admin/").status_code == 302
    assert not is_logged_in(client)
    done = client.post("/login/second/", {"method": "totp", "code": code_of(secret)})
    assert done["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("strict_for_staff")
def test_staff_without_a_factor_are_led_to_one(client: Client) -> None:
    user = UserFactory(is_staff=True, is_superuser=True)
    enter(client, user, next="/admin/")
    for page in ("/admin/", "/admin/accounts/user/", "/admin/login/?next=/admin/"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{PAGE}?next="), page
    give_totp(user)
    assert second_factor.has_factor(user)
    assert client.get("/admin/").status_code == 200


def test_pages_of_the_account_need_a_log_in(client: Client) -> None:
    for page in ("", "confirm/", "passkey/"):
        assert client.get(f"{PAGE}{page}")["Location"].startswith("/login/")
    for page in ("totp/", "totp/confirm/", "totp/remove/", "passkey/options/", "recovery-codes/"):
        assert client.post(f"{PAGE}{page}")["Location"].startswith("/login/")
