"""Forgotten passwords: a link or a code, once, and every other device is out."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from apps.core.errors import BadCredentials, BadInput, NotFound
from apps.core.testing.relay import run_relay
from apps.platform.accounts.errors import CodeExpired, LinkExpired, WeakPassword, WrongCode
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, OneTimeCode, User, UserSession
from apps.platform.accounts.services import log_in, open_session
from apps.platform.accounts.services.reset import (
    check_reset_link,
    exchange_reset_code,
    forgot_password,
    reset_password_by_code,
    reset_password_by_link,
)
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"
NEW = "xe-may-cu-79"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def newest(address: str | None) -> Delivery:
    run_relay()
    return Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]


def read_code(address: str | None) -> str:
    return re.search(r"(?<!\S)\d{6}(?!\S)", unsealed(newest(address)).body)[0]


def read_token(address: str | None) -> str:
    return re.search(r"/password/reset/([\w-]+)/", unsealed(newest(address)).body)[1]


def assert_unchanged(user: User) -> None:
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not AuditLog.objects.filter(action="user.password_reset").exists()


def test_link_sets_another_password_once_ends_all_sessions_and_tells_the_owner() -> None:
    user = UserFactory()
    sessions = [open_session(user, kind=kind) for kind in ("browser", "app")]
    stranger = open_session(UserFactory(), kind="app")
    forgot_password(user.email, ip=HERE)
    token = read_token(user.email)
    check_reset_link(token)
    reset_password_by_link(token, new_password=NEW, ip=HERE)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.password_changed_at is not None
    assert UserSession.objects.filter(pk__in=[row.pk for row in sessions], ended_at__isnull=True).count() == 0
    assert UserSession.objects.get(pk=stranger.pk).ended_at is None
    assert AuditLog.objects.get(action="user.password_reset").user_id == user.pk
    run_relay()
    assert Delivery.objects.filter(type="user.password_changed", address=user.email).count() == 1
    for call in (lambda: check_reset_link(token), lambda: reset_password_by_link(token, new_password="lan-khac-99")):
        with pytest.raises(LinkExpired):
            call()
    assert log_in(user.email, NEW) == user
    with pytest.raises(BadCredentials):
        log_in(user.email, PASSWORD)


def test_link_lives_an_hour(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    forgot_password(user.email, ip=HERE)
    token = read_token(user.email)
    clock.shift(timedelta(minutes=59, seconds=59))
    check_reset_link(token)
    clock.shift(timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        reset_password_by_link(token, new_password=NEW)
    assert_unchanged(user)


def test_newer_link_replaces_the_older(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    forgot_password(user.email, ip=HERE)
    first = read_token(user.email)
    clock.shift(timedelta(minutes=2))
    forgot_password(user.email, ip=HERE)
    second = read_token(user.email)
    assert first != second
    with pytest.raises(LinkExpired):
        reset_password_by_link(first, new_password=NEW)
    reset_password_by_link(second, new_password=NEW)


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "../../etc", "a\x00b", "é" * 20, "x" * 5000])
def test_forged_links_do_not_exist(token: str) -> None:
    with pytest.raises(NotFound):
        check_reset_link(token)
    with pytest.raises(NotFound):
        reset_password_by_link(token, new_password=NEW)


def test_links_of_other_purposes_reset_nothing() -> None:
    user = UserFactory()
    token = create_link(None, purpose=AccessLink.Purpose.DATA_DOWNLOAD, subject_id=user.pk)
    with pytest.raises(NotFound):
        reset_password_by_link(token, new_password=NEW)
    assert_unchanged(user)


def test_closed_accounts_are_not_reset() -> None:
    user = UserFactory()
    forgot_password(user.email, ip=HERE)
    token, code = read_token(user.email), read_code(user.email)
    User.objects.update(is_active=False)
    with pytest.raises(NotFound):
        reset_password_by_link(token, new_password=NEW)
    with pytest.raises(CodeExpired):
        reset_password_by_code(user.email, code=code, new_password=NEW)
    assert_unchanged(user)


@pytest.mark.parametrize("name", ["email", "phone"])
def test_code_sets_another_password_and_kills_the_link(name: str) -> None:
    user = UserFactory()
    address = getattr(user, name)
    forgot_password(address, ip=HERE)
    code = read_code(address)
    reset_password_by_code(address, code=code, new_password=NEW, ip=HERE)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert getattr(user, f"{name}_verified_at") is not None
    assert not AccessLink.objects.filter(revoked_at__isnull=True).exists()
    with pytest.raises(CodeExpired):
        reset_password_by_code(address, code=code, new_password="lan-khac-99")


def test_link_kills_the_code() -> None:
    user = UserFactory()
    forgot_password(user.email, ip=HERE)
    code = read_code(user.email)
    reset_password_by_link(read_token(user.email), new_password=NEW)
    with pytest.raises(CodeExpired):
        reset_password_by_code(user.email, code=code, new_password="lan-khac-99")


def test_code_for_a_token_once() -> None:
    user = UserFactory()
    forgot_password(user.phone, ip=HERE)
    code = read_code(user.phone)
    token = exchange_reset_code(user.phone or "", code=code)
    with pytest.raises(CodeExpired):
        exchange_reset_code(user.phone or "", code=code)
    reset_password_by_link(token, new_password=NEW)
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("password", ["short1", "onlyletters", "87654321", "matkhau2025", "person-an-1"])
def test_weak_password_uses_up_neither_link_nor_code(password: str) -> None:
    user = UserFactory(email="person.an@gara.demo")
    forgot_password(user.email, ip=HERE)
    token, code = read_token(user.email), read_code(user.email)
    calls: list[Callable[[], User]] = [
        lambda: reset_password_by_link(token, new_password=password),
        lambda: reset_password_by_code(user.email, code=code, new_password=password),
    ]
    for call in calls:
        with pytest.raises(WeakPassword):
            call()
    assert_unchanged(user)
    assert OneTimeCode.objects.get().used_at is None
    reset_password_by_code(user.email, code=code, new_password=NEW)


def test_wrong_codes_say_the_same_for_everybody_and_count() -> None:
    user = UserFactory(email="lan@gara.demo")
    told = []
    for name in ("lan@gara.demo", "nobody@gara.demo"):
        forgot_password(name, ip=HERE)
        run_relay()
        for _ in range(5):
            with pytest.raises(WrongCode):
                reset_password_by_code(name, code="x", new_password=NEW)
        with pytest.raises(CodeExpired) as refusal:
            reset_password_by_code(name, code="x", new_password=NEW)
        told.append((refusal.value.status, str(refusal.value)))
    assert told[0] == told[1]
    assert_unchanged(user)


def test_nobody_is_written_to_for_an_unknown_address() -> None:
    for name in ("nobody@gara.demo", "0909999999"):
        forgot_password(name, ip=HERE)
    run_relay()
    assert not Delivery.objects.exists()
    assert not AccessLink.objects.exists()
    with pytest.raises(BadInput):
        forgot_password("not a name", ip=HERE)
