"""Sign-up, codes and forgotten passwords in the browser."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from apps.core.testing.relay import run_relay
from apps.platform.accounts.models import LoginHistory, OneTimeCode, SignUp, User, UserSession
from apps.platform.accounts.services import open_session
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory

pytestmark = pytest.mark.django_db
NEW = "xe-may-cu-79"
PERSON = {"last_name": "Trần Thị", "first_name": "Lan", "email": "lan@gara.demo", "password": NEW, "agrees": "on"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def newest(address: str | None) -> str:
    run_relay()
    return unsealed(Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]).body


def read_code(address: str | None) -> str:
    return re.search(r"(?<!\S)\d{6}(?!\S)", newest(address))[0]


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "vi", "en"),
    [
        ("/sign-up/", "Tạo tài khoản", "Make an account"),
        ("/login/code/", "Đăng nhập bằng mã", "Log in with a code"),
        ("/password/forgot/", "Quên mật khẩu", "Forgotten password"),
        ("/login/", "Quên mật khẩu?", "Forgotten password?"),
    ],
)
def test_pages_speak_both_languages_and_are_not_kept(client: Client, path: str, vi: str, en: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, vi in text_of(answer)) == (200, True)
    assert "no-store" in answer["Cache-Control"]
    client.cookies["language"] = "en"
    assert en in text_of(client.get(path))


def test_a_customer_signs_up_and_is_in(client: Client) -> None:
    answer = client.post("/sign-up/?next=/account/", PERSON)
    assert (answer.status_code, answer["Location"]) == (302, "/verify-email/")
    page = text_of(client.get("/verify-email/"))
    assert "lan@gara.demo" in page
    assert not User.objects.exists()
    answer = client.post("/verify-email/", {"code": read_code("lan@gara.demo"), "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    session = UserSession.objects.get()
    assert (session.user.email, session.kind, session.method) == ("lan@gara.demo", "browser", "sign_up")
    assert client.get("/account/").status_code == 200
    assert client.get("/sign-up/")["Location"] == "/home/"


def test_taken_address_sees_the_same_pages(client: Client) -> None:
    UserFactory(email="lan@gara.demo")
    other = Client()
    answers = [
        client.post("/sign-up/", PERSON, follow=True),
        other.post("/sign-up/", {**PERSON, "email": "new@gara.demo"}, follow=True),
    ]
    pages = [re.sub(r'value="[\w-]{30,}"|lan@gara.demo|new@gara.demo', "?", text_of(answer)) for answer in answers]
    pages = [re.sub(r'data-now="[^"]*"|nonce="[^"]*"|hx-headers=\'[^\']*\'', "", page) for page in pages]
    assert pages[0] == pages[1]
    run_relay()
    wrong = [one.post("/verify-email/", {"code": "xxxxxx"}) for one in (client, other)]
    assert [answer.status_code for answer in wrong] == [400, 400]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"agrees": ""}, 422),
        ({"email": "lan"}, 422),
        ({"password": "12345678"}, 400),
        ({"first_name": ""}, 422),
        ({"first_name": "x" * 81}, 422),
    ],
)
def test_bad_sign_ups_are_refused_in_the_form(client: Client, change: dict[str, str], status: int) -> None:
    answer = client.post("/sign-up/", {**PERSON, **change})
    assert answer.status_code == status
    assert "field-errors" in text_of(answer)
    assert NEW not in text_of(answer)
    assert not SignUp.objects.exists()


def test_another_code_waits_a_minute(client: Client) -> None:
    client.post("/sign-up/", PERSON)
    answer = client.post("/verify-email/", {"resend": "1"}, follow=True)
    assert answer.redirect_chain == [("/verify-email/", 302)]
    assert "một phút" in text_of(answer)
    assert OneTimeCode.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/verify-email/", "/sign-up/"),
        ("/login/code/enter/", "/login/code/"),
        ("/password/reset/", "/password/forgot/"),
    ],
)
def test_second_steps_need_the_first(client: Client, path: str, start: str) -> None:
    for answer in (client.get(path), client.post(path, {"code": "123456", "new_password": NEW})):
        assert (answer.status_code, answer["Location"]) == (302, start)


@pytest.mark.parametrize("typed", ["lan@gara.demo", "0901234567"])
def test_log_in_by_code(client: Client, typed: str) -> None:
    user = UserFactory(email="lan@gara.demo", phone="+84901234567")
    MembershipFactory(user=user)
    assert client.post("/login/code/", {"identifier": typed})["Location"] == "/login/code/enter/"
    assert client.get("/login/code/enter/").status_code == 200
    answer = client.post("/login/code/enter/", {"code": "xxxxxx"})
    assert (answer.status_code, "field-errors" in text_of(answer)) == (400, True)
    code = read_code("lan@gara.demo") if "@" in typed else re.search(r"\d{6}", newest("+84901234567"))[0]
    answer = client.post("/login/code/enter/", {"code": code, "stay": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert UserSession.objects.get().method == "code"


def test_pages_for_an_unknown_address_are_the_same(client: Client) -> None:
    UserFactory(email="lan@gara.demo")
    for path, second in (("/login/code/", "/login/code/enter/"), ("/password/forgot/", "/password/reset/")):
        pages = []
        for name in ("lan@gara.demo", "nobody@gara.demo"):
            one = Client()
            answer = one.post(path, {"identifier": name}, follow=True)
            assert answer.redirect_chain == [(second, 302)]
            run_relay()
            wrong = one.post(second, {"code": "xxxxxx", "new_password": NEW})
            page = text_of(answer) + text_of(wrong)
            page = re.sub(r'value="[\w-]{30,}"|lan@gara.demo|nobody@gara.demo', "?", page)
            pages.append(re.sub(r'data-now="[^"]*"|nonce="[^"]*"|hx-headers=\'[^\']*\'', "", page))
        assert pages[0] == pages[1]


def test_forgotten_password_by_link(client: Client) -> None:
    user = UserFactory(email="lan@gara.demo")
    device = open_session(user, kind="app")
    answer = client.post("/password/forgot/", {"identifier": "lan@gara.demo"}, HTTP_HOST="localhost")
    assert answer["Location"] == "/password/reset/"
    letter = newest("lan@gara.demo")
    link = re.search(r"(https?://[^/\s]+)(/password/reset/[\w-]+/)", letter)
    assert link is not None
    assert "localhost" not in link[1]
    page = client.get(link[2])
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.post(link[2], {"new_password": "12345678"}).status_code == 400
    answer = client.post(link[2], {"new_password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    device.refresh_from_db()
    assert device.ended_at is not None
    assert client.get(link[2]).status_code == 410
    assert client.post(link[2], {"new_password": NEW}).status_code == 410
    assert client.post("/login/", {"identifier": "lan@gara.demo", "password": PASSWORD}).status_code == 401
    assert client.post("/login/", {"identifier": "lan@gara.demo", "password": NEW}).status_code == 302


def test_forgotten_password_by_code(client: Client) -> None:
    user = UserFactory(phone="+84901234567")
    client.post("/password/forgot/", {"identifier": "0901234567"})
    code = re.search(r"\d{6}", newest("+84901234567"))[0]
    answer = client.post("/password/reset/", {"code": code, "new_password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("token", ["x", "a" * 32, "%2e%2e", "é"])
def test_forged_links_show_nothing(client: Client, token: str) -> None:
    assert client.get(f"/password/reset/{token}/").status_code == 404
    assert client.post(f"/password/reset/{token}/", {"new_password": NEW}).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example"])
def test_foreign_hosts_get_no_answer_and_send_no_letter(client: Client, host: str) -> None:
    UserFactory(email="lan@gara.demo")
    answer = client.post("/password/forgot/", {"identifier": "lan@gara.demo"}, HTTP_HOST=host)
    assert answer.status_code == 400
    assert not OneTimeCode.objects.exists()


def test_forwarded_host_does_not_reach_the_letter(client: Client) -> None:
    UserFactory(email="lan@gara.demo")
    client.post("/password/forgot/", {"identifier": "lan@gara.demo"}, HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in newest("lan@gara.demo")


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_owner_proves_their_addresses(client: Client, kind: str) -> None:
    user = MembershipFactory().user
    client.force_login(user)
    path = f"/account/verify/{kind}/"
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == path
    assert client.post(path, {"code": "xxxxxx"}).status_code == 400
    code = re.search(r"\d{6}", newest(getattr(user, kind)))[0]
    assert client.post(path, {"code": code})["Location"] == "/account/"
    user.refresh_from_db()
    assert getattr(user, f"{kind}_verified_at") is not None


def test_own_addresses_need_a_log_in_and_an_address(client: Client) -> None:
    assert client.get("/account/verify/email/").status_code == 302
    client.force_login(UserFactory(phone=None))
    assert client.get("/account/verify/phone/").status_code == 404


def test_owner_sees_who_tried_to_get_in(client: Client) -> None:
    user = MembershipFactory().user
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0"
    lines = [("wrong_password", agent), ("blocked", agent), ("second_step", "")]
    LoginHistory.objects.bulk_create(
        LoginHistory(
            user=user,
            identifier=user.email,
            method="password",
            succeeded=False,
            reason=reason,
            ip="203.0.113.7",
            user_agent=used,
        )
        for reason, used in lines
    )
    client.force_login(user)
    page = text_of(client.get("/account/security/"))
    for text in ("Firefox, Windows", "203.0.113.7", "Bị chặn", "Chờ bước xác minh thứ hai"):
        assert text in page
