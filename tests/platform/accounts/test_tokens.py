"""Tokens of apps: a pair, its exchange, and what happens to a token that is used twice."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta

import jwt
import pytest
import time_machine

from apps.core.errors import NotFound
from apps.platform.accounts.errors import RefreshTokenReused, SessionEnded
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import UserSession
from apps.platform.accounts.services import end_session, log_in_app, rotate_refresh_token
from apps.platform.accounts.services.tokens import TokenPair, read_access_token
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromisoformat("2025-11-20T08:00:00+07:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def pair(clock: time_machine.Traveller) -> TokenPair:
    return log_in_app(UserFactory().email, PASSWORD, device="Pixel 8", ip="203.0.113.7", user_agent="okhttp/4")


def test_pair_belongs_to_a_session_and_only_hashes_are_kept(pair: TokenPair) -> None:
    session = UserSession.objects.get()
    assert (session.kind, session.device, session.ip) == ("app", "Pixel 8", "203.0.113.7")
    assert session.refresh_hash == hash_token(pair.refresh_token)
    assert pair.expires_in == 900
    assert read_access_token(pair.access_token) == session


def test_access_token_ends_after_its_minutes(pair: TokenPair, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(seconds=899))
    read_access_token(pair.access_token)
    clock.shift(timedelta(seconds=2))
    with pytest.raises(SessionEnded):
        read_access_token(pair.access_token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_nonsense_is_no_access_token(token: str) -> None:
    with pytest.raises(SessionEnded):
        read_access_token(token)


@pytest.mark.parametrize(("key", "algorithm"), [("another-key-of-more-than-32-letters", "HS256"), (None, "none")])
def test_tokens_signed_by_others_are_refused(pair: TokenPair, key: str | None, algorithm: str) -> None:
    claims = jwt.decode(pair.access_token, options={"verify_signature": False})
    with pytest.raises(SessionEnded):
        read_access_token(jwt.encode(claims, key, algorithm=algorithm))


def test_ended_session_ends_its_tokens_at_once(pair: TokenPair) -> None:
    end_session(build_actor(pair.session.user), session_id=pair.session.pk)
    with pytest.raises(SessionEnded):
        read_access_token(pair.access_token)
    with pytest.raises(SessionEnded):
        rotate_refresh_token(pair.refresh_token)


def test_sessions_are_ended_by_their_owner_and_by_staff_alone(pair: TokenPair) -> None:
    with pytest.raises(NotFound):
        end_session(build_actor(UserFactory()), session_id=pair.session.pk)
    assert UserSession.objects.get().ended_at is None
    end_session(build_actor(UserFactory(is_staff=True)), session_id=pair.session.pk)
    assert UserSession.objects.get().ended_at is not None


def test_closed_account_ends_its_tokens_at_once(pair: TokenPair) -> None:
    type(pair.session.user).objects.update(is_active=False)
    with pytest.raises(SessionEnded):
        read_access_token(pair.access_token)
    with pytest.raises(SessionEnded):
        rotate_refresh_token(pair.refresh_token)


def test_exchange_gives_a_new_pair_and_moves_the_end(pair: TokenPair, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=20))
    new = rotate_refresh_token(pair.refresh_token, ip="198.51.100.9")
    assert new.refresh_token != pair.refresh_token
    session = read_access_token(new.access_token)
    assert session.pk == pair.session.pk
    assert session.expires_at == session.last_seen_at + timedelta(days=30)
    assert session.ip == "198.51.100.9"
    clock.shift(timedelta(days=20))
    rotate_refresh_token(new.refresh_token)


def test_unused_refresh_token_ends_after_its_days(pair: TokenPair, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=31))
    with pytest.raises(SessionEnded):
        rotate_refresh_token(pair.refresh_token)
    assert UserSession.objects.get().ended_at is None


def test_repeat_within_ten_seconds_answers_with_the_same_token(pair: TokenPair, clock: time_machine.Traveller) -> None:
    first = rotate_refresh_token(pair.refresh_token)
    clock.shift(timedelta(seconds=9))
    again = rotate_refresh_token(pair.refresh_token)
    assert again.refresh_token == first.refresh_token
    clock.shift(timedelta(minutes=10))
    rotate_refresh_token(first.refresh_token)


def test_second_use_later_ends_the_whole_session(pair: TokenPair, clock: time_machine.Traveller) -> None:
    new = rotate_refresh_token(pair.refresh_token)
    clock.shift(timedelta(seconds=11))
    with pytest.raises(RefreshTokenReused):
        rotate_refresh_token(pair.refresh_token)
    session = UserSession.objects.get()
    assert session.end_reason == "refresh_token_reused"
    for use, token in ((read_access_token, new.access_token), (rotate_refresh_token, new.refresh_token)):
        with pytest.raises(SessionEnded):
            use(token)
    entry = AuditLog.objects.get(action="session.ended")
    assert entry.data == {"reason": "refresh_token_reused"}


def test_second_use_of_a_much_older_token_ends_it_too(pair: TokenPair, clock: time_machine.Traveller) -> None:
    second = rotate_refresh_token(pair.refresh_token)
    rotate_refresh_token(second.refresh_token)
    with pytest.raises(RefreshTokenReused):
        rotate_refresh_token(pair.refresh_token)
    assert UserSession.objects.get().ended_at is not None


def test_made_up_tokens_change_nothing(pair: TokenPair) -> None:
    forged = base64.urlsafe_b64encode(pair.session.pk.bytes + bytes(48)).decode()
    other = "A" if pair.refresh_token[-5] != "A" else "B"
    changed = pair.refresh_token[:-5] + other + pair.refresh_token[-4:]
    for token in (forged, "", "é", "x" * 5000, changed):
        with pytest.raises(SessionEnded):
            rotate_refresh_token(token)
    assert UserSession.objects.get().ended_at is None
    rotate_refresh_token(pair.refresh_token)
