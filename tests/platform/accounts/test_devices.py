"""A browser in which somebody logged in before: nobody else's failures lock them out of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from apps.core.errors import BadCredentials
from apps.platform.accounts.devices import COOKIE, SALT
from apps.platform.accounts.errors import LogInBlocked
from apps.platform.accounts.models import LoginHistory, User
from apps.platform.accounts.services import log_in
from apps.platform.accounts.services.attempts import KnownDevice
from apps.platform.events.models import OutboxEvent
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory

pytestmark = pytest.mark.django_db
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def enter(client: Client, user: User, password: str = PASSWORD, ip: str = OFFICE):
    return client.post("/login/", {"identifier": user.email, "password": password}, REMOTE_ADDR=ip)


def fail(identifier: str, times: int, ip: str = OFFICE) -> None:
    LoginHistory.objects.bulk_create(
        LoginHistory(identifier=identifier, method="password", succeeded=False, reason="wrong_password", ip=ip)
        for _ in range(times)
    )


def test_a_stranger_in_the_companys_network_locks_nobody_out_of_their_own_device() -> None:
    colleagues = [MembershipFactory().user for _ in range(3)]
    browsers = [Client() for _ in colleagues]
    for client, user in zip(browsers, colleagues, strict=True):
        assert enter(client, user).status_code == 302
        client.post("/logout/")
    for user in colleagues:
        fail(user.email, 10)
    fail("guess@gara.demo", 60)
    for client, user in zip(browsers, colleagues, strict=True):
        assert enter(Client(), user).status_code == 429
        assert enter(client, user).status_code == 302


def test_own_device_counts_its_own_failures_wherever_it_is() -> None:
    user = MembershipFactory().user
    client = Client()
    enter(client, user)
    client.post("/logout/")
    for ip in (OFFICE, ELSEWHERE, OFFICE):
        assert enter(client, user, "wrong", ip).status_code == 401
    answer = enter(client, user, PASSWORD, ELSEWHERE)
    assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    assert enter(Client(), user).status_code == 302


def test_device_helps_only_its_own_people() -> None:
    owner, other = UserFactory(), UserFactory()
    device = KnownDevice(id="0123456789abcdef", user_ids=(owner.pk,))
    for _ in range(3):
        with pytest.raises(BadCredentials):
            log_in(other.email, "wrong", ip=OFFICE, device=device)
    with pytest.raises(LogInBlocked):
        log_in(other.email, PASSWORD, ip=OFFICE, device=device)
    assert set(LoginHistory.objects.values_list("device", flat=True)) == {""}
    assert log_in(owner.email, PASSWORD, ip=OFFICE, device=device) == owner


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "e30:1abc:forged",
        signing.dumps({"id": "1", "users": ["x"]}, salt=SALT),
        signing.dumps([], salt=SALT),
        signing.dumps({"id": "1", "users": []}, salt="other"),
    ],
    ids=["empty", "short", "made up", "too few", "no mapping", "other purpose"],
)
def test_forged_cookies_are_no_device(forged: str) -> None:
    user = MembershipFactory().user
    fail(user.email, 10)
    client = Client()
    client.cookies[COOKIE] = forged
    assert enter(client, user).status_code == 429


def test_old_cookies_are_no_device(clock: time_machine.Traveller) -> None:
    user = MembershipFactory().user
    client = Client()
    enter(client, user)
    clock.shift(timedelta(days=181))
    fail(user.email, 10)
    assert enter(client, user).status_code in {302, 429}
    fresh = Client()
    fresh.cookies[COOKIE] = client.cookies[COOKIE].value
    assert enter(fresh, user).status_code == 429


def test_cookie_is_for_the_server_only_and_keeps_ten_people() -> None:
    client = Client()
    users = [MembershipFactory().user for _ in range(11)]
    for user in users:
        enter(client, user)
        client.post("/logout/")
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    kept = signing.loads(cookie.value, salt=SALT)
    assert kept["users"] == [str(user.pk) for user in users[1:]]
    assert users[0].email not in cookie.value


def test_owner_is_told_of_a_browser_that_was_never_theirs() -> None:
    user = MembershipFactory().user
    own = Client()
    enter(own, user)
    own.post("/logout/")
    enter(own, user, ip=ELSEWHERE)
    assert not OutboxEvent.objects.filter(name="user.logged_in_from_new_device").exists()
    enter(Client(), user, ip="192.0.2.1")
    assert OutboxEvent.objects.filter(name="user.logged_in_from_new_device").count() == 1


class TestApps:
    """`deviceId` of the answer, sent back as X-Device-Id."""

    AGENT = "Baylink/1.4 (Android 15)"

    def enter(self, user: User, device: str = "", *, ip: str = OFFICE, agent: str = AGENT, password: str = PASSWORD):
        headers = {"X-Device-Id": device} if device else {}
        body = {"email": user.email, "password": password, "device": "Pixel 8"}
        return Client(headers={"User-Agent": agent, **headers}).post(
            "/api/v1/auth/login", body, content_type="application/json", REMOTE_ADDR=ip
        )

    def mark(self, user: User, device: str = "", **where: str) -> str:
        answer = self.enter(user, device, **where)
        assert answer.status_code == 200
        return str(answer.json()["data"]["deviceId"])

    def told(self, user: User) -> int:
        return OutboxEvent.objects.filter(name="user.logged_in_from_new_device", subject_id=user.pk).count()

    def test_a_known_phone_is_known_wherever_it_is_and_after_an_update(self) -> None:
        user = UserFactory()
        first = self.mark(user)
        second = self.mark(user, first, ip=ELSEWHERE, agent="Baylink/1.5 (Android 16)")
        self.mark(user, second, ip="192.0.2.1", agent="Baylink/1.6 (Android 16)")
        assert self.told(user) == 0
        assert LoginHistory.objects.filter(user=user).exclude(device="").values("device").distinct().count() == 1

    def test_the_same_app_on_another_phone_is_told(self) -> None:
        user = UserFactory()
        self.mark(user)
        self.mark(user, ip=ELSEWHERE)
        assert self.told(user) == 1

    @pytest.mark.parametrize(
        "made_up",
        ["x", "phone-1", signing.dumps({"id": "1", "users": []}, salt="x"), "é" * 2000],
        ids=["short", "a name", "other purpose", "long"],
    )
    def test_made_up_ones_gain_nothing(self, made_up: str) -> None:
        user = UserFactory()
        self.mark(user)
        self.mark(user, made_up.encode().decode("latin-1"), ip=ELSEWHERE)
        assert self.told(user) == 1
        fail(user.email, 10, ip="192.0.2.9")
        assert self.enter(user, made_up.encode().decode("latin-1"), ip="192.0.2.9").status_code == 429

    def test_one_of_somebody_else_gains_nothing(self) -> None:
        user, thief = UserFactory(), UserFactory()
        self.mark(user)
        foreign = self.mark(thief, ip=ELSEWHERE)
        self.mark(user, foreign, ip=ELSEWHERE)
        assert self.told(user) == 1
        fail(user.email, 10, ip="192.0.2.9")
        assert self.enter(user, self.mark(thief), ip="192.0.2.9").status_code == 429

    def test_a_shared_phone_is_known_to_each_who_used_it(self) -> None:
        user, colleague = UserFactory(), UserFactory()
        self.mark(user)
        self.mark(colleague)
        shared = self.mark(colleague, self.mark(user))
        self.mark(user, shared, ip=ELSEWHERE, agent="Baylink/2")
        self.mark(colleague, shared, ip=ELSEWHERE, agent="Baylink/2")
        assert (self.told(user), self.told(colleague)) == (0, 0)

    def test_an_old_one_is_forgotten(self, clock: time_machine.Traveller) -> None:
        user = UserFactory()
        device = self.mark(user)
        clock.shift(timedelta(days=181))
        self.mark(user, device, ip=ELSEWHERE)
        assert self.told(user) == 1
