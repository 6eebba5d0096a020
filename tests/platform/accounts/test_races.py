"""Things that happen at the same moment: guesses, exchanges of one refresh token, removals of the last owners."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import BusinessError
from apps.platform.accounts.models import LoginHistory, OneTimeCode, User, UserSession
from apps.platform.accounts.services import log_in, log_in_app, rotate_refresh_token
from apps.platform.accounts.services.codes import check_code, hash_code, request_code, send_code
from apps.platform.organizations.models import Membership
from apps.platform.organizations.services import build_actor, remove_member
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What the calls answer, or the rules of their refusals, when they start together in threads of their own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return call()
        except BusinessError as error:
            return error.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_guesses_at_once_are_counted_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for the others to come in between, were it not for the queue.
    monkeypatch.setattr(User, "check_password", lambda self, password: time.sleep(0.3))
    user = UserFactory()
    answers = at_once([lambda: log_in(user.email, "wrong", ip="203.0.113.7")] * 8)
    assert sorted(answers) == ["bad_credentials"] * 3 + ["log_in_blocked"] * 5
    assert LoginHistory.objects.filter(reason="wrong_password").count() == 3


def test_guesses_at_once_slip_through_without_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("apps.platform.accounts.services.log_in")
    counted, user = Barrier(8), UserFactory()
    wait = module.calculate_attempt_wait

    def count_together(attempt: Any, user: User) -> int:
        seconds = wait(attempt, user)
        counted.wait(10)
        return seconds

    monkeypatch.setattr(module, "lock_pair", lambda attempt: None)
    monkeypatch.setattr(module, "calculate_attempt_wait", count_together)
    answers = at_once([lambda: log_in(user.email, "wrong", ip="203.0.113.7")] * 8)
    assert answers == ["bad_credentials"] * 8


def test_one_refresh_token_exchanged_at_once_leads_to_one_next_token() -> None:
    pair = log_in_app(UserFactory().email, PASSWORD)
    answers = at_once([lambda: rotate_refresh_token(pair.refresh_token).refresh_token] * 6)
    assert len(set(answers)) == 1
    assert answers[0] != pair.refresh_token
    assert UserSession.objects.get().ended_at is None
    rotate_refresh_token(answers[0])


def test_two_owners_cannot_remove_each_other_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("apps.platform.organizations.services.members")
    check = module.check_owner_left
    # Long enough for both to look before either is done, were it not for the queue.
    monkeypatch.setattr(module, "check_owner_left", lambda organization_id: (check(organization_id), time.sleep(0.5)))
    first = MembershipFactory()
    second = MembershipFactory(organization=first.organization)
    actors = [build_actor(row.user) for row in (first, second)]
    answers = at_once([lambda: remove_member(actors[0], second), lambda: remove_member(actors[1], first)])
    assert sorted(answers, key=str) == [None, "last_owner"]
    assert Membership.objects.count() == 1


def open_code(user: User, code: str) -> OneTimeCode:
    row = send_code(user, purpose="login_2fa", channel="email", address=user.email or "")
    OneTimeCode.objects.filter(pk=row.pk).update(code_hash=hash_code(row, code))
    return row


def test_fifty_wrong_codes_at_once_count_five() -> None:
    user = UserFactory()
    row = open_code(user, "123456")
    answers = at_once([lambda: check_code(user, purpose="login_2fa", code="654321")] * 50)
    assert sorted(answers) == ["code_expired"] * 45 + ["wrong_code"] * 5
    row.refresh_from_db()
    assert (row.tries, row.used_at) == (5, None)


def test_one_right_code_at_once_is_used_once() -> None:
    user = UserFactory()
    open_code(user, "123456")
    answers = at_once([lambda: check_code(user, purpose="login_2fa", code="123456").pk] * 20)
    assert [answer for answer in answers if answer == "code_expired"] == ["code_expired"] * 19


@pytest.mark.parametrize("address", ["lan@gara.demo", "nobody@gara.demo"])
def test_requests_at_once_make_one_code(address: str) -> None:
    UserFactory(email="lan@gara.demo")
    answers = at_once([lambda: request_code(purpose="login_2fa", address=address, ip="203.0.113.7").pk] * 10)
    assert [answer for answer in answers if answer == "resend_too_soon"] == ["resend_too_soon"] * 9
    assert OneTimeCode.objects.count() == 1
