"""Public sign-up: nothing exists before the address is proven, and a taken address looks like a free one."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import BadInput
from apps.core.testing.relay import run_relay
from apps.platform.accounts.errors import (
    CodeExpired,
    EmailTaken,
    ResendTooSoon,
    WeakPassword,
    WrongCode,
)
from apps.platform.accounts.models import Consent, LoginHistory, OneTimeCode, SignUp, User
from apps.platform.accounts.services import log_in
from apps.platform.accounts.services.sign_up import Origin, resend_sign_up_code, sign_up, verify_sign_up
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
HERE = Origin(ip="203.0.113.7", user_agent="Chrome")
NEW_PASSWORD = "xe-may-cu-79"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def ask(email: str = "lan@gara.demo", **values: Any) -> SignUp:
    given = {"password": NEW_PASSWORD, "first_name": "Lan", "last_name": "Trần  Thị", "origin": HERE, **values}
    return sign_up(email=email, **given)


def read_code(address: str = "lan@gara.demo") -> str:
    run_relay()
    body = unsealed(Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]).body
    return re.search(r"\b\d{6}\b", body)[0]


def count_work(call: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """How many hashes are computed and which queries are asked."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as captured:
        patch.setattr(
            MD5PasswordHasher,
            "encode",
            lambda self, password, salt: (hashed.append(password), encode(self, password, salt))[1],
        )
        call()
    return len(hashed), [re.sub(r"'[^']*'|[ -]*\d+", "?", row["sql"])[:60] for row in captured]


def test_account_is_made_by_the_right_code() -> None:
    row = ask(" Lan@Gara.demo ", wants_news=True, language="en")
    assert not User.objects.exists()
    user = verify_sign_up(row.pk, code=read_code(), origin=HERE)
    assert (user.email, user.full_name, user.language) == ("lan@gara.demo", "Trần Thị Lan", "en")
    assert user.email_verified_at is not None
    assert (user.is_staff, user.is_superuser, user.memberships.count()) == (False, False, 0)
    assert user.check_password(NEW_PASSWORD)
    assert set(Consent.objects.values_list("kind", "is_granted", "source", "ip")) == {
        ("terms", True, "sign_up", HERE.ip),
        ("privacy", True, "sign_up", HERE.ip),
        ("marketing", True, "sign_up", HERE.ip),
    }
    assert OutboxEvent.objects.filter(name="user.signed_up", subject_id=user.pk).count() == 1
    assert AuditLog.objects.filter(action="user.signed_up", user_id=user.pk).count() == 1
    assert LoginHistory.objects.get().method == "sign_up"
    row.refresh_from_db()
    assert (row.user, row.password) == (user, "")
    assert log_in("lan@gara.demo", NEW_PASSWORD) == user


def test_news_are_not_taken_for_granted() -> None:
    row = ask()
    verify_sign_up(row.pk, code=read_code(), origin=HERE)
    assert set(Consent.objects.values_list("kind", flat=True)) == {"terms", "privacy"}


def test_owner_of_a_taken_address_is_told_and_nothing_changes() -> None:
    owner = UserFactory(email="lan@gara.demo", language="vi")
    before = owner.password
    row = ask("LAN@gara.demo")
    run_relay()
    letter = Delivery.objects.get()
    assert (letter.type, letter.address, letter.user) == ("account.sign_up_taken", "lan@gara.demo", owner)
    assert "http://" in unsealed(letter).body
    assert not re.search(r"\b\d{6}\b", unsealed(letter).body)
    for code in ("000000", "", "123456"):
        with pytest.raises(WrongCode):
            verify_sign_up(row.pk, code=code, origin=HERE)
    owner.refresh_from_db()
    assert (User.objects.count(), owner.password) == (1, before)


def test_taken_and_free_addresses_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="taken@gara.demo")
    ask("warm-up@gara.demo")
    free = count_work(lambda: ask("free@gara.demo"), monkeypatch)
    taken = count_work(lambda: ask("taken@gara.demo"), monkeypatch)
    assert free == taken
    assert free[0] == 1


def test_who_asks_too_often_costs_no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    ask()

    def again() -> None:
        with pytest.raises(ResendTooSoon):
            ask()

    assert count_work(again, monkeypatch)[0] == 0


def test_wrong_code_at_a_taken_and_a_free_address_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="taken@gara.demo")
    rows = [ask(f"{name}@gara.demo") for name in ("free", "taken")]
    run_relay()

    def guess(row: SignUp) -> None:
        with pytest.raises(WrongCode):
            verify_sign_up(row.pk, code="x", origin=HERE)

    assert count_work(lambda: guess(rows[0]), monkeypatch) == count_work(lambda: guess(rows[1]), monkeypatch)


def test_code_opens_only_the_sign_up_that_it_was_sent_for(clock: time_machine.Traveller) -> None:
    mine = ask()
    my_code = read_code()
    clock.shift(timedelta(seconds=61))
    theirs = ask(password="ke-gian-2025", first_name="Mallory")
    their_code = read_code()
    if my_code != their_code:
        with pytest.raises(WrongCode):
            verify_sign_up(theirs.pk, code=my_code, origin=HERE)
    user = verify_sign_up(mine.pk, code=my_code, origin=HERE)
    assert user.check_password(NEW_PASSWORD)
    with pytest.raises(EmailTaken):
        verify_sign_up(theirs.pk, code=their_code, origin=HERE)
    assert User.objects.count() == 1


def test_a_code_works_once() -> None:
    row = ask()
    code = read_code()
    verify_sign_up(row.pk, code=code, origin=HERE)
    with pytest.raises(CodeExpired):
        verify_sign_up(row.pk, code=code, origin=HERE)
    with pytest.raises(CodeExpired):
        resend_sign_up_code(row.pk)


def test_another_code_after_a_minute(clock: time_machine.Traveller) -> None:
    row = ask()
    with pytest.raises(ResendTooSoon):
        resend_sign_up_code(row.pk, ip=HERE.ip)
    with pytest.raises(ResendTooSoon):
        ask()
    assert SignUp.objects.count() == 1
    clock.shift(timedelta(seconds=60))
    resend_sign_up_code(row.pk, ip=HERE.ip)
    assert OneTimeCode.objects.filter(used_at__isnull=True).count() == 1
    verify_sign_up(row.pk, code=read_code(), origin=HERE)


@pytest.mark.parametrize("sign_up_id", [None, "", "nonsense", "01890000-0000-7000-8000-000000000000", "a\x00b"])
def test_unknown_sign_ups_have_no_right_code(sign_up_id: Any) -> None:
    with pytest.raises(WrongCode):
        verify_sign_up(sign_up_id, code="123456", origin=HERE)
    with pytest.raises(CodeExpired):
        resend_sign_up_code(sign_up_id)


@pytest.mark.parametrize(
    "email", ["", "lan", "lan@", "@gara.demo", "lan@gara", "a b@gara.demo", "lan@gara.demo\nBcc: x"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(BadInput) as refusal:
        ask(email)
    assert refusal.value.field == "email"
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("password", ["short1", "onlyletters", "12345678", "matkhau123", "TranThiLan1", "abc12345"])
def test_weak_passwords_are_refused_before_anything_is_kept(password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        ask(password=password)
    assert refusal.value.field == "password"
    assert not SignUp.objects.exists()
    assert not OneTimeCode.objects.exists()
