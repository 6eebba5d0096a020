"""One-time codes: what is kept of them, how long and how often they work, and what many requests cost."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.core.errors import BadInput
from apps.core.testing.relay import run_relay
from apps.platform.accounts.errors import CodeExpired, ResendTooSoon, TooManyCodes, WrongCode
from apps.platform.accounts.models import OneTimeCode, SignUp
from apps.platform.accounts.services.codes import check_code, hash_code, request_code, send_code
from apps.platform.accounts.services.forget import forget_codes
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.system.clean_ups import CLEAN_UPS
from apps.platform.system.settings import change_setting, get_setting, store_setting
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
PHONE, EMAIL, LOG_IN = "phone_verification", "email_verification", "login_2fa"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


def read_code(address: str) -> str:
    """The code in the newest letter to that address."""
    run_relay()
    body = unsealed(Delivery.objects.filter(address=address).order_by("-created_at", "-pk")[0]).body
    return re.search(r"\b\d{6}\b", body)[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def send_to_phone(user):
    return send_code(user, purpose=PHONE, channel="sms", address=user.phone, ip=HERE)


@pytest.mark.parametrize(("channel", "name"), [("sms", "phone"), ("email", "email")])
def test_code_comes_by_the_channel_in_the_owners_language(channel: str, name: str) -> None:
    for language, words in (("vi", "hieu luc 10 phut" if channel == "sms" else "10 phút"), ("en", "10 minutes")):
        user = UserFactory(language=language)
        send_code(user, purpose=LOG_IN, channel=channel, address=getattr(user, name), ip=HERE)
        run_relay()
        letter = Delivery.objects.get(address=getattr(user, name))
        assert (letter.channel, letter.language, letter.type) == (channel, language, "account.code")
        assert words in unsealed(letter).body.lower()


def test_nothing_that_is_kept_tells_the_code() -> None:
    user = UserFactory()
    row = send_to_phone(user)
    code = read_code(user.phone)
    row.refresh_from_db()
    assert row.code_hash == hash_code(row, code)
    assert len(row.code_hash) == 64
    event = OutboxEvent.objects.get(name="user.code_requested")
    assert event.payload == {
        "subject_id": str(row.pk),
        "organization_id": None,
        "branch_id": None,
        "purpose": PHONE,
    }


def test_right_code_works_once_and_for_its_purpose_only() -> None:
    user = UserFactory()
    send_to_phone(user)
    code = read_code(user.phone)
    with pytest.raises(WrongCode):
        check_code(user, purpose=LOG_IN, code=code)
    with pytest.raises(WrongCode):
        check_code(UserFactory(), purpose=PHONE, code=code)
    assert check_code(user, purpose=PHONE, code=f" {code[:3]} {code[3:]} ").address == user.phone
    with pytest.raises(CodeExpired):
        check_code(user, purpose=PHONE, code=code)


def test_five_wrong_tries_kill_it() -> None:
    user = UserFactory()
    send_to_phone(user)
    code = read_code(user.phone)
    for _ in range(5):
        with pytest.raises(WrongCode):
            check_code(user, purpose=PHONE, code=wrong(code))
    with pytest.raises(CodeExpired):
        check_code(user, purpose=PHONE, code=code)
    row = OneTimeCode.objects.get()
    assert (row.tries, row.used_at) == (5, None)


@pytest.mark.parametrize(("setting", "minutes"), [(None, 10), (5, 5), (10, 10), (7, 7)])
def test_it_lives_for_the_set_minutes_between_five_and_ten(
    clock: time_machine.Traveller, setting: int | None, minutes: int
) -> None:
    if setting:
        store_setting("security.code_minutes", setting)
        cache.clear()
    user = UserFactory()
    send_to_phone(user)
    code = read_code(user.phone)
    assert OneTimeCode.objects.get().expires_at == now() + timedelta(minutes=minutes)
    clock.shift(timedelta(minutes=minutes))
    with pytest.raises(CodeExpired):
        check_code(user, purpose=PHONE, code=code)
    assert OneTimeCode.objects.get().used_at is None


@pytest.mark.parametrize("minutes", [0, 4, 11, 60])
def test_other_lives_cannot_be_set(minutes: int) -> None:
    with pytest.raises(BadInput):
        change_setting(system_actor(), "security.code_minutes", minutes)
    assert get_setting("security.code_minutes") == 10


def test_codes_and_sign_ups_are_kept_for_days_only(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    send_to_phone(user)
    SignUp.objects.create(email="lan@gara.demo", first_name="Lan", password="x", user=user)
    clock.shift(timedelta(days=1))
    assert forget_codes(before=now() - timedelta(days=2)) == 0
    clock.shift(timedelta(days=2))
    assert CLEAN_UPS["codes"].run(before=CLEAN_UPS["codes"].before()) == 2
    user.refresh_from_db()


def test_last_second_is_still_good(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    send_to_phone(user)
    code = read_code(user.phone)
    clock.shift(timedelta(minutes=10, seconds=-1))
    assert check_code(user, purpose=PHONE, code=code).used_at == now()


def test_another_one_after_sixty_seconds_replaces_it(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    send_to_phone(user)
    first = read_code(user.phone)
    clock.shift(timedelta(seconds=59))
    with pytest.raises(ResendTooSoon) as refusal:
        send_to_phone(user)
    assert (refusal.value.status, refusal.value.details, refusal.value.wait) == (429, {"retry_after": 1}, 1)
    assert OneTimeCode.objects.count() == 1
    clock.shift(timedelta(seconds=1))
    send_to_phone(user)
    second = read_code(user.phone)
    if first != second:
        with pytest.raises(WrongCode):
            check_code(user, purpose=PHONE, code=first)
    check_code(user, purpose=PHONE, code=second)
    assert OneTimeCode.objects.filter(code_hash="").count() == 1


def test_owner_gets_five_in_an_hour(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    for _ in range(5):
        send_to_phone(user)
        clock.shift(timedelta(minutes=2))
    with pytest.raises(TooManyCodes) as refusal:
        send_to_phone(user)
    assert refusal.value.details == {"retry_after": 50 * 60}
    clock.shift(timedelta(minutes=50))
    send_to_phone(user)


@pytest.mark.parametrize("address", ["lan@gara.demo", "nobody@gara.demo", "+84901234567", "+84909999999"])
def test_limits_are_the_same_for_addresses_that_nobody_has(clock: time_machine.Traveller, address: str) -> None:
    UserFactory(email="lan@gara.demo", phone="+84901234567")

    def ask(ip: str) -> None:
        request_code(purpose=LOG_IN, address=address, ip=ip)
        run_relay()

    ask(HERE)
    with pytest.raises(ResendTooSoon):
        ask(ELSEWHERE)
    for _ in range(4):
        clock.shift(timedelta(seconds=61))
        ask(HERE)
    clock.shift(timedelta(seconds=61))
    with pytest.raises(TooManyCodes):
        ask(HERE)
    for _ in range(5):
        ask(ELSEWHERE)
        clock.shift(timedelta(seconds=61))
    with pytest.raises(TooManyCodes):
        ask("192.0.2.1")
    assert OneTimeCode.objects.count() == 10


def test_one_network_asks_thirty_times_and_stops_nobody_inside_from_confirming_their_own(
    clock: time_machine.Traveller,
) -> None:
    for number in range(30):
        request_code(purpose=LOG_IN, address=f"person{number}@gara.demo", ip=HERE)
    with pytest.raises(TooManyCodes):
        request_code(purpose=LOG_IN, address="lan@gara.demo", ip=HERE)
    request_code(purpose=LOG_IN, address="lan@gara.demo", ip=ELSEWHERE)
    send_to_phone(UserFactory())


def test_nobody_is_written_to_when_nobody_has_the_address() -> None:
    closed = UserFactory(is_active=False)
    for address in ("nobody@gara.demo", closed.email):
        row = request_code(purpose=LOG_IN, address=address, ip=HERE)
        run_relay()
        row.refresh_from_db()
        assert (row.user, row.code_hash) == (None, "")
    assert not Delivery.objects.exists()


def test_a_code_that_was_asked_for_too_long_ago_is_not_sent(clock: time_machine.Traveller) -> None:
    user = UserFactory()
    send_to_phone(user)
    clock.shift(timedelta(minutes=11))
    run_relay()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("code", ["", "0", "abcdef", "٠١٢٣٤٥", "000000 OR 1=1", "\x00", "1" * 5000])
def test_nonsense_is_a_wrong_code(code: str) -> None:
    user = UserFactory()
    send_to_phone(user)
    run_relay()
    with pytest.raises(WrongCode):
        check_code(user, purpose=PHONE, code=code)
    assert OneTimeCode.objects.get().tries == 1
