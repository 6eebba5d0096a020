"""Logging in by a code instead of a password, and proving one's own email and phone."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from apps.core.clock import now
from apps.core.errors import BadInput
from apps.core.testing.relay import run_relay
from apps.platform.accounts.errors import AlreadyVerified, CodeExpired, LogInBlocked, WrongCode
from apps.platform.accounts.models import LoginHistory, OneTimeCode, User
from apps.platform.accounts.services.log_in_by_code import log_in_by_code, request_log_in_code
from apps.platform.accounts.services.verify import confirm_verification, request_verification
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def read_code(address: str | None) -> str:
    run_relay()
    body = unsealed(Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]).body
    return re.search(r"\b\d{6}\b", body)[0]


@pytest.mark.parametrize(
    ("typed", "address", "proven"),
    [
        (" Lan@Gara.demo", "lan@gara.demo", "email_verified_at"),
        ("0901 234 567", "+84901234567", "phone_verified_at"),
    ],
)
def test_code_by_email_or_phone_opens_the_door_and_proves_the_address(typed: str, address: str, proven: str) -> None:
    user = UserFactory(email="lan@gara.demo", phone="+84901234567")
    request_log_in_code(typed, ip=HERE)
    assert log_in_by_code(typed, read_code(address), ip=HERE, user_agent="Chrome") == user
    line = LoginHistory.objects.get()
    assert (line.user, line.succeeded, line.method, line.identifier) == (user, True, "code", address)
    user.refresh_from_db()
    assert getattr(user, proven) == now()
    assert AuditLog.objects.get(action="user.logged_in").data == {"method": "code"}


@pytest.mark.parametrize("typed", ["", "lan", "12", "0901", "\x00"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    for call in (lambda: request_log_in_code(typed), lambda: log_in_by_code(typed, "123456")):
        with pytest.raises(BadInput) as refusal:
            call()
        assert refusal.value.field == "identifier"
    assert not OneTimeCode.objects.exists()


def test_refusals_are_noted_and_nobody_learns_who_has_an_account() -> None:
    UserFactory(email="lan@gara.demo")
    UserFactory(email="gone@gara.demo", is_active=False)
    told: list[Any] = []
    for name in ("lan@gara.demo", "nobody@gara.demo", "gone@gara.demo"):
        request_log_in_code(name, ip=HERE)
        run_relay()
        with pytest.raises(WrongCode) as refusal:
            log_in_by_code(name, "xxxxxx", ip=HERE)
        told.append((refusal.value.status, str(refusal.value), refusal.value.as_details()))
        with pytest.raises(WrongCode):
            log_in_by_code(f"never-asked-{name}", "xxxxxx", ip=HERE)
    assert told[0] == told[1] == told[2]
    assert set(LoginHistory.objects.values_list("succeeded", "reason", "method")) == {(False, "wrong_code", "code")}


def test_code_for_one_purpose_does_not_open_another(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    actor = build_actor(user)
    request_verification(actor, kind="email")
    with pytest.raises(WrongCode):
        log_in_by_code(user.email, read_code(user.email), ip=HERE)
    assert not User.objects.filter(email_verified_at__isnull=False).exists()


def test_guessing_makes_the_guesser_wait_and_kills_the_code(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    request_log_in_code(user.email, ip=HERE)
    code = read_code(user.email)
    for _ in range(3):
        with pytest.raises(WrongCode):
            log_in_by_code(user.email, "x", ip=HERE)
    with pytest.raises(LogInBlocked):
        log_in_by_code(user.email, code, ip=HERE)
    for ip in ("192.0.2.1", "192.0.2.2"):
        with pytest.raises(WrongCode):
            log_in_by_code(user.email, "x", ip=ip)
    with pytest.raises(CodeExpired):
        log_in_by_code(user.email, code, ip="192.0.2.3")


def test_code_sent_to_an_address_that_is_no_longer_the_owners_is_worthless() -> None:
    user = UserFactory(email="old@gara.demo")
    request_log_in_code("old@gara.demo", ip=HERE)
    code = read_code("old@gara.demo")
    user.email = "new@gara.demo"
    user.save()
    with pytest.raises(CodeExpired):
        log_in_by_code("old@gara.demo", code, ip=HERE)
    assert not LoginHistory.objects.filter(succeeded=True).exists()


def test_account_closed_meanwhile_stays_closed() -> None:
    user = UserFactory()
    request_log_in_code(user.email, ip=HERE)
    code = read_code(user.email)
    User.objects.update(is_active=False)
    with pytest.raises(CodeExpired):
        log_in_by_code(user.email, code, ip=HERE)


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_one_proves_ones_own_address(kind: str, clock: time_machine.Traveller) -> None:
    user = UserFactory()
    actor = build_actor(user)
    request_verification(actor, kind=kind)
    code = read_code(getattr(user, kind))
    with pytest.raises(WrongCode):
        confirm_verification(build_actor(UserFactory()), kind=kind, code=code)
    done = confirm_verification(actor, kind=kind, code=code)
    assert getattr(done, f"{kind}_verified_at") == now()
    assert AuditLog.objects.filter(action=f"user.{kind}_verified").count() == 1
    clock.shift(timedelta(minutes=2))
    with pytest.raises(AlreadyVerified):
        request_verification(actor, kind=kind)


def test_nothing_to_prove_without_an_address() -> None:
    actor = build_actor(UserFactory(phone=None))
    for kind in ("phone", "fax"):
        with pytest.raises(BadInput):
            request_verification(actor, kind=kind)
    assert not OneTimeCode.objects.exists()
