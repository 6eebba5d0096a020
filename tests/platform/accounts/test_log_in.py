"""Logging in: who gets in, what failures cost, and what others pay for them (nothing)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher

from apps.core.clock import now
from apps.core.errors import BadCredentials
from apps.core.testing.relay import run_relay
from apps.platform.accounts.errors import LogInBlocked
from apps.platform.accounts.models import LoginHistory, User
from apps.platform.accounts.rules import calculate_address_wait, calculate_wait, describe_device
from apps.platform.accounts.services import change_password, log_in
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def fail(identifier: str, times: int, ip: str = HERE) -> None:
    LoginHistory.objects.bulk_create(
        LoginHistory(identifier=identifier, method="password", succeeded=False, reason="wrong_password", ip=ip)
        for _ in range(times)
    )


@pytest.mark.parametrize(
    "typed",
    ["lan@minhphat.demo", " LAN@MinhPhat.demo ", "0901234567", "+84901234567", "84 901 234 567", "090-123-4567"],
)
def test_email_or_phone_as_people_type_it(typed: str) -> None:
    user = UserFactory(email="lan@minhphat.demo", phone="+84901234567")
    assert log_in(typed, PASSWORD, ip=HERE, user_agent="Chrome") == user
    line = LoginHistory.objects.get()
    assert (line.user, line.succeeded, line.reason, line.ip, line.method) == (user, True, "", HERE, "password")
    entry = AuditLog.objects.get()
    assert (entry.action, entry.user_id, entry.ip) == ("user.logged_in", user.pk, HERE)


@pytest.mark.parametrize(
    ("identifier", "password", "reason"),
    [
        ("lan@minhphat.demo", "wrong", "wrong_password"),
        ("nobody@minhphat.demo", PASSWORD, "unknown"),
        ("0909999999", PASSWORD, "unknown"),
        ("not a name", PASSWORD, "unknown"),
        ("a\x00b@c", PASSWORD, "unknown"),
        ("", "", "unknown"),
        ("gone@minhphat.demo", PASSWORD, "inactive"),
        ("gone@minhphat.demo", "wrong", "wrong_password"),
    ],
)
def test_refusals_look_the_same_and_are_noted(identifier: str, password: str, reason: str) -> None:
    UserFactory(email="lan@minhphat.demo")
    UserFactory(email="gone@minhphat.demo", is_active=False)
    with pytest.raises(BadCredentials) as refusal:
        log_in(identifier, password, ip=HERE)
    assert refusal.value.as_details() == {}
    line = LoginHistory.objects.get()
    assert (line.succeeded, line.reason) == (False, reason)
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize(
    "identifier", ["lan@minhphat.demo", "nobody@minhphat.demo", "0909999999", "gone@minhphat.demo"]
)
def test_every_refusal_costs_one_hash(identifier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="lan@minhphat.demo")
    UserFactory(email="gone@minhphat.demo", is_active=False)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: (hashed.append(password), encode(self, password, salt))[1],
    )
    with pytest.raises(BadCredentials):
        log_in(identifier, "wrong-password-1", ip=HERE)
    assert hashed == ["wrong-password-1"]


@pytest.mark.parametrize(("failures", "wait"), [(0, 0), (2, 0), (3, 2), (4, 4), (5, 8), (9, 128), (10, 900), (40, 900)])
def test_delay_grows_then_locks(failures: int, wait: int) -> None:
    moment = now()
    assert calculate_wait([moment] * failures, moment) == wait
    assert calculate_wait([moment] * failures, moment + timedelta(seconds=wait)) == 0


def test_address_has_a_limit_of_its_own() -> None:
    moment = now()
    assert calculate_address_wait(59, moment, moment) == 0
    assert calculate_address_wait(60, moment - timedelta(minutes=5), moment) == 600
    assert calculate_address_wait(0, None, moment) == 0


def test_pair_waits_even_with_the_right_password(clock: time_machine.Traveller) -> None:
    user = UserFactory(email="lan@minhphat.demo")
    fail("lan@minhphat.demo", 3)
    with pytest.raises(LogInBlocked) as refusal:
        log_in("Lan@minhphat.demo", PASSWORD, ip=HERE)
    assert (refusal.value.status, refusal.value.details) == (429, {"retry_after": 2})
    assert LoginHistory.objects.filter(reason="blocked", user=user).count() == 1
    clock.shift(timedelta(seconds=2))
    assert log_in("lan@minhphat.demo", PASSWORD, ip=HERE) == user


def test_unknown_accounts_wait_just_as_long(clock: time_machine.Traveller) -> None:
    fail("nobody@minhphat.demo", 3)
    with pytest.raises(LogInBlocked) as refusal:
        log_in("nobody@minhphat.demo", PASSWORD, ip=HERE)
    assert refusal.value.details == {"retry_after": 2}


def test_lock_out_of_the_pair_lets_the_owner_in_elsewhere(clock: time_machine.Traveller) -> None:
    user = UserFactory(email="lan@minhphat.demo", phone="+84901234567")
    fail("lan@minhphat.demo", 10)
    with pytest.raises(LogInBlocked) as refusal:
        log_in("lan@minhphat.demo", PASSWORD, ip=HERE)
    assert refusal.value.details == {"retry_after": 900}
    assert log_in("lan@minhphat.demo", PASSWORD, ip=ELSEWHERE) == user
    clock.shift(timedelta(minutes=15))
    assert log_in("lan@minhphat.demo", PASSWORD, ip=HERE) == user


def test_blocked_tries_do_not_prolong_the_wait(clock: time_machine.Traveller) -> None:
    user = UserFactory(email="lan@minhphat.demo")
    fail("lan@minhphat.demo", 4)
    for _ in range(5):
        with pytest.raises(LogInBlocked):
            log_in("lan@minhphat.demo", PASSWORD, ip=HERE)
    clock.shift(timedelta(seconds=4))
    assert log_in("lan@minhphat.demo", PASSWORD, ip=HERE) == user


def test_success_starts_the_count_anew(clock: time_machine.Traveller) -> None:
    user = UserFactory(email="lan@minhphat.demo")
    fail("lan@minhphat.demo", 2)
    clock.shift(timedelta(seconds=1))
    log_in("lan@minhphat.demo", PASSWORD, ip=HERE)
    clock.shift(timedelta(seconds=1))
    fail("lan@minhphat.demo", 2)
    assert log_in("lan@minhphat.demo", PASSWORD, ip=HERE) == user


def test_address_that_guesses_at_many_accounts_is_stopped(clock: time_machine.Traveller) -> None:
    user = UserFactory(email="lan@minhphat.demo")
    for number in range(60):
        fail(f"guess{number}@minhphat.demo", 1)
    with pytest.raises(LogInBlocked):
        log_in("lan@minhphat.demo", PASSWORD, ip=HERE)
    assert log_in("lan@minhphat.demo", PASSWORD, ip=ELSEWHERE) == user


def test_new_device_is_told_once_it_differs_from_known_ones() -> None:
    user = UserFactory()
    log_in(user.email, PASSWORD, ip=HERE, user_agent="Chrome")
    log_in(user.email, PASSWORD, ip=ELSEWHERE, user_agent="Chrome")
    assert not OutboxEvent.objects.exists()
    log_in(user.email, PASSWORD, ip=HERE, user_agent="Firefox")
    event = OutboxEvent.objects.get()
    assert (event.name, event.subject_id, event.payload["user_agent"]) == (
        "user.logged_in_from_new_device",
        user.pk,
        "Firefox",
    )


def test_backend_of_django_knows_both_names() -> None:
    from django.contrib.auth import authenticate

    user = UserFactory(email="lan@minhphat.demo", phone="+84901234567")
    assert authenticate(None, username="0901234567", password=PASSWORD) == user
    assert authenticate(None, username="LAN@minhphat.demo", password=PASSWORD) == user
    assert authenticate(None, username="lan@minhphat.demo", password="no") is None
    assert authenticate(None, username="", password=PASSWORD) is None
    User.objects.update(is_active=False)
    assert authenticate(None, username="0901234567", password=PASSWORD) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("", ""),
    ],
)
def test_devices_have_names_that_people_know(agent: str, name: str) -> None:
    assert describe_device(agent) == name


def test_owner_is_told_of_a_new_device_and_of_a_new_password() -> None:
    user = UserFactory(language="vi")
    log_in(user.email, PASSWORD, ip=HERE, user_agent="Chrome/1 Windows")
    log_in(user.email, PASSWORD, ip=HERE, user_agent="Firefox/1 Linux")
    change_password(build_actor(user), current_password=PASSWORD, new_password="mat-khau-moi-1")
    run_relay()
    mails = list(Delivery.objects.filter(channel="email", address=user.email).order_by("created_at"))
    assert [mail.type for mail in mails] == ["user.new_device", "user.password_changed"]
    assert "Firefox, Linux" in unsealed(mails[0]).body
    assert HERE in unsealed(mails[0]).body
