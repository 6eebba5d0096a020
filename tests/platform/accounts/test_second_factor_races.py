"""Answers of the second step at the same moment: one is right, the others are not."""

import pytest

from apps.core.errors import SecondFactorRequired
from apps.platform.accounts.models import LoginHistory, User
from apps.platform.accounts.services import log_in_app, second_factor
from apps.platform.organizations.models import Organization
from apps.platform.realtime.identity import identify_app, identify_browser
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory
from tests.factories.second_factor import code_of, give_recovery_codes, give_totp
from tests.platform.accounts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def finish_elsewhere(user: User, number: int, method: str, code: str) -> str:
    """Each try from an address of its own, so that only the code itself is fought over."""
    origin = {"ip": f"198.51.100.{number}", "user_agent": "Chrome"}
    second_factor.finish(second_factor.begin(user, **origin), method, code, **origin)
    return "in"


@pytest.mark.parametrize("method", ["recovery_code", "totp"])
def test_one_code_at_once_lets_in_once(method: str) -> None:
    user = UserFactory()
    secret = give_totp(user)
    code = give_recovery_codes(user)[0] if method == "recovery_code" else code_of(secret)
    answers = at_once([lambda n=number: finish_elsewhere(user, n, method, code) for number in range(1, 7)])
    assert sorted(answers) == ["in"] + ["wrong_second_factor"] * 5
    assert LoginHistory.objects.filter(succeeded=True).count() == 1


def test_one_ticket_at_once_lets_in_once() -> None:
    user = UserFactory()
    secret = give_totp(user)
    origin = {"ip": "203.0.113.7", "user_agent": "Chrome"}
    ticket = second_factor.begin(user, **origin)
    codes = [code_of(secret), code_of(secret, steps=1)]
    answers = at_once([lambda c=code: second_factor.finish(ticket, "totp", c, **origin).user.pk for code in codes])
    assert sorted(map(str, answers)) == sorted([str(user.pk), "second_step_expired"])


def test_sockets_are_closed_to_those_who_must_enrol(client) -> None:
    user = MembershipFactory().user
    token = log_in_app(user.email, PASSWORD).access_token
    client.force_login(user)
    headers = {b"cookie": f"sessionid={client.cookies['sessionid'].value}".encode()}
    assert identify_app(token).actor.user_id == user.pk
    assert identify_browser(headers).actor.user_id == user.pk
    Organization.objects.update(requires_second_factor=True)
    with pytest.raises(SecondFactorRequired):
        identify_app(token)
    assert identify_browser(headers).actor.user_id is None
    give_totp(user)
    assert identify_browser(headers).actor.user_id == user.pk
