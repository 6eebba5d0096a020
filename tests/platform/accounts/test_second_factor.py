"""Setting factors up, and the second step of a log-in, by their services."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from time_machine import travel

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import BusinessError, NotFound
from apps.platform.accounts.models import LoginHistory, SecondStep, User, UserSession
from apps.platform.accounts.second_factor.errors import ConfirmationRequired, WrongSetUpCode
from apps.platform.accounts.services import log_in, open_session, second_factor
from apps.platform.accounts.services.second_factor.rotation import rotate_factors
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.organizations.services import build_actor
from apps.platform.system.settings import forget, store_setting
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory
from tests.factories.second_factor import (
    SoftPasskey,
    code_of,
    give_recovery_codes,
    give_totp,
    list_types,
    wrong_code,
)

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"ip": "203.0.113.7", "user_agent": "Chrome"}
ORIGIN = "http://testserver"


def at_device(user: User) -> Actor:
    """The person, just logged in at a browser."""
    session = open_session(user, kind=UserSession.Kind.BROWSER, session_key=f"key-{user.pk}"[:40])
    return build_actor(user, session_id=session.pk, ip=HERE["ip"], user_agent=HERE["user_agent"])


def refusal(call: Any) -> str:
    with pytest.raises(BusinessError) as caught:
        call()
    return caught.value.rule


def changes() -> list[str]:
    return [row.payload["change"] for row in OutboxEvent.objects.filter(name="user.second_factor_changed")]


def test_app_counts_after_its_first_right_code_and_brings_recovery_codes() -> None:
    user = UserFactory(email="lan@gara.demo")
    actor = at_device(user)
    other = open_session(user, kind=UserSession.Kind.APP)
    set_up = second_factor.start_totp(actor)

    assert set_up.url.startswith("otpauth://totp/Baylink%3Alan%40gara.demo?secret=")
    assert second_factor.methods_of(user) == []
    added = second_factor.confirm_totp(actor, code=code_of(set_up.secret))

    assert second_factor.methods_of(user) == ["totp", "recovery_code"]
    assert len(set(added.recovery_codes)) == 10 == second_factor.count_recovery_codes(user)
    assert set_up.secret not in str(Authenticator.objects.get(type="totp").data)
    assert not any(code in str(Authenticator.objects.get(type="recovery_codes").data) for code in added.recovery_codes)
    other.refresh_from_db()
    assert other.end_reason == "ended_by_owner"
    assert not UserSession.objects.filter(pk=actor.session_id, ended_at__isnull=False).exists()
    assert AuditLog.objects.filter(action="user.totp_added", entity_id=user.pk).count() == 1
    assert changes() == ["totp_added"]


def test_wrong_first_codes_leave_no_factor_and_end_the_set_up() -> None:
    user = UserFactory()
    actor = at_device(user)
    secret = second_factor.start_totp(actor).secret
    wrong = wrong_code(secret)
    rules = [refusal(lambda: second_factor.confirm_totp(actor, code=wrong)) for _try in range(5)]
    assert rules == ["wrong_second_factor"] * 5
    assert refusal(lambda: second_factor.confirm_totp(actor, code=code_of(secret))) == "set_up_expired"
    assert not Authenticator.objects.exists()
    assert changes() == []


def test_set_up_ends_after_a_quarter_of_an_hour() -> None:
    actor = at_device(UserFactory())
    secret = second_factor.start_totp(actor).secret
    with travel(now() + timedelta(minutes=16)):
        assert refusal(lambda: second_factor.confirm_totp(actor, code=code_of(secret))) == "set_up_expired"
    assert not Authenticator.objects.exists()


def test_second_app_is_refused() -> None:
    user = UserFactory()
    give_totp(user)
    assert refusal(lambda: second_factor.start_totp(at_device(user))) == "second_factor_exists"
    assert not SecondStep.objects.exists()


def test_changes_need_a_fresh_proof_and_the_password_gives_it() -> None:
    user = UserFactory()
    actor = at_device(user)
    give_totp(user)
    later = now() + timedelta(minutes=6)
    with travel(later):
        for change in (
            lambda: second_factor.remove_totp(actor),
            lambda: second_factor.renew_recovery_codes(actor),
            lambda: second_factor.start_passkey(actor, origin=ORIGIN),
            lambda: second_factor.start_totp(actor),
            lambda: second_factor.remove_passkey(actor, passkey_id=1),
        ):
            with pytest.raises(ConfirmationRequired):
                change()
        assert list_types(user) == {"totp"}
        assert refusal(lambda: second_factor.confirm_password(actor, password="wrong")) == "wrong_password"
        assert not second_factor.is_recently_confirmed(actor)
        second_factor.confirm_password(actor, password=PASSWORD)
        second_factor.remove_totp(actor)
    assert list_types(user) == set()
    assert changes() == ["totp_removed"]


def test_guessing_the_password_at_a_stolen_session_is_blocked() -> None:
    actor = at_device(UserFactory())
    rules = [refusal(lambda: second_factor.confirm_password(actor, password="wrong")) for _try in range(4)]
    assert rules == ["wrong_password"] * 3 + ["log_in_blocked"]
    assert refusal(lambda: second_factor.confirm_password(actor, password=PASSWORD)) == "log_in_blocked"


def test_last_factor_takes_the_recovery_codes_along() -> None:
    user = UserFactory()
    actor = at_device(user)
    give_totp(user)
    give_recovery_codes(user)
    second_factor.remove_totp(actor)
    assert list_types(user) == set()
    with pytest.raises(NotFound):
        second_factor.remove_totp(actor)


def test_new_recovery_codes_replace_the_old() -> None:
    user = UserFactory()
    actor = at_device(user)
    assert refusal(lambda: second_factor.renew_recovery_codes(actor)) == "no_second_factor"
    give_totp(user)
    old = give_recovery_codes(user)
    new = second_factor.renew_recovery_codes(actor)
    assert not set(old) & set(new)
    assert refusal(lambda: finish(user, "recovery_code", old[0])) == "wrong_second_factor"
    assert finish(user, "recovery_code", new[0]).user == user


def begin(user: User) -> str:
    return second_factor.begin(user, **HERE)


def finish(user: User, method: str, answer: Any, **extra: Any) -> SecondStep:
    return second_factor.finish(begin(user), method, answer, **{**HERE, **extra})


def test_code_of_the_app_is_good_once() -> None:
    user = UserFactory()
    secret = give_totp(user)
    code = code_of(secret)
    assert finish(user, "totp", f"{code[:3]} {code[3:]}").user == user
    assert refusal(lambda: finish(user, "totp", code)) == "wrong_second_factor"
    assert refusal(lambda: finish(user, "totp", code_of(secret, steps=-1))) == "wrong_second_factor"
    assert finish(user, "totp", code_of(secret, steps=1)).user == user
    assert LoginHistory.objects.filter(succeeded=True, method="totp").count() == 2


def test_code_that_set_the_app_up_does_not_log_in() -> None:
    user = UserFactory()
    actor = at_device(user)
    secret = second_factor.start_totp(actor).secret
    code = code_of(secret)
    second_factor.confirm_totp(actor, code=code)
    assert refusal(lambda: finish(user, "totp", code)) == "wrong_second_factor"


@pytest.mark.parametrize("steps", [-2, 2])
def test_codes_of_other_minutes_are_wrong(steps: int) -> None:
    user = UserFactory()
    secret = give_totp(user)
    assert refusal(lambda: finish(user, "totp", code_of(secret, steps=steps))) == "wrong_second_factor"


@pytest.mark.parametrize("answer", ["", "12345", "１２３４５６", "abcdef", None, 123456, ["1"], {"a": 1}, "1" * 500])
@pytest.mark.parametrize("method", ["totp", "recovery_code", "passkey"])
def test_odd_answers_are_wrong_answers(method: str, answer: Any) -> None:
    user = UserFactory()
    give_totp(user)
    give_recovery_codes(user)
    assert refusal(lambda: finish(user, method, answer)) == "wrong_second_factor"
    assert not LoginHistory.objects.filter(succeeded=True).exists()


def test_recovery_code_is_good_once_and_told() -> None:
    user = UserFactory()
    give_totp(user)
    codes = give_recovery_codes(user)
    assert finish(user, "recovery_code", f"{codes[3][:4]}-{codes[3][4:]}").user == user
    assert refusal(lambda: finish(user, "recovery_code", codes[3])) == "wrong_second_factor"
    assert second_factor.count_recovery_codes(user) == 9
    assert changes() == ["recovery_code_used"]
    assert AuditLog.objects.filter(action="user.recovery_code_used", entity_id=user.pk).exists()


def test_ticket_is_good_once_for_five_minutes_at_one_device() -> None:
    user = UserFactory()
    secret = give_totp(user)
    ticket = begin(user)
    for elsewhere in ({"ip": "203.0.113.8"}, {"user_agent": "curl"}):
        call = {**HERE, **elsewhere}
        assert refusal(lambda: second_factor.finish(ticket, "totp", code_of(secret), **call)) == "second_step_expired"  # noqa: B023
    with travel(now() + timedelta(minutes=5, seconds=1)):
        assert refusal(lambda: second_factor.finish(ticket, "totp", code_of(secret), **HERE)) == "second_step_expired"
    assert second_factor.finish(ticket, "totp", code_of(secret), **HERE).user == user
    again = code_of(secret, steps=1)
    assert refusal(lambda: second_factor.finish(ticket, "totp", again, **HERE)) == "second_step_expired"
    assert refusal(lambda: second_factor.finish("forged", "totp", again, **HERE)) == "second_step_expired"


def test_closed_account_gets_no_further() -> None:
    user = UserFactory()
    secret = give_totp(user)
    ticket = begin(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refusal(lambda: second_factor.finish(ticket, "totp", code_of(secret), **HERE)) == "second_step_expired"


def test_wrong_codes_count_like_wrong_passwords_and_a_right_password_wipes_nothing() -> None:
    user = UserFactory()
    secret = give_totp(user)
    for _round in range(3):
        log_in(user.email, PASSWORD, **HERE)
        assert refusal(lambda: finish(user, "totp", wrong_code(secret))) == "wrong_second_factor"
    assert refusal(lambda: log_in(user.email, PASSWORD, **HERE)) == "log_in_blocked"
    assert refusal(lambda: finish(user, "totp", code_of(secret))) == "log_in_blocked"
    assert finish_elsewhere(user, secret).user == user
    assert not LoginHistory.objects.filter(succeeded=True, ip=HERE["ip"]).exists()


def finish_elsewhere(user: User, secret: str) -> SecondStep:
    there = {"ip": "203.0.113.99", "user_agent": "Chrome"}
    return second_factor.finish(second_factor.begin(user, **there), "totp", code_of(secret), **there)


def test_guessing_from_many_addresses_is_blocked_too() -> None:
    user = UserFactory()
    secret = give_totp(user)
    wrong = wrong_code(secret)
    for number in range(30):
        there = {"ip": f"198.51.100.{number}", "user_agent": "Chrome"}
        ticket = second_factor.begin(user, **there)
        assert refusal(lambda: second_factor.finish(ticket, "totp", wrong, **there)) == "wrong_second_factor"  # noqa: B023
    assert refusal(lambda: finish_elsewhere(user, secret)) == "log_in_blocked"
    with travel(now() + timedelta(minutes=16)):
        assert finish_elsewhere(user, secret).user == user


def add_passkey(user: User, actor: Actor) -> SoftPasskey:
    key = SoftPasskey()
    options = second_factor.start_passkey(actor, origin=ORIGIN)
    second_factor.confirm_passkey(actor, credential=key.create(options), name="Điện thoại", origin=ORIGIN)
    return key


def answer_with(key: SoftPasskey, user: User) -> SecondStep:
    ticket = begin(user)
    options = second_factor.ask_passkey(ticket, **HERE, origin=ORIGIN)
    return second_factor.finish(ticket, "passkey", key.get(options), **HERE, origin=ORIGIN)


def test_passkey_logs_in() -> None:
    user = UserFactory()
    key = add_passkey(user, at_device(user))
    assert second_factor.methods_of(user) == ["passkey", "recovery_code"]
    assert second_factor.list_passkeys(user).get().data["name"] == "Điện thoại"
    assert answer_with(key, user).user == user
    assert answer_with(key, user).user == user
    assert changes() == ["passkey_added"]


def test_passkey_of_another_site_person_or_challenge_is_refused() -> None:
    user, stranger = UserFactory(), UserFactory()
    key = add_passkey(user, at_device(user))
    foreign = add_passkey(stranger, at_device(stranger))
    assert refusal(lambda: answer_with(foreign, user)) == "wrong_second_factor"
    key.origin = "http://evil.example"
    assert refusal(lambda: answer_with(key, user)) == "wrong_second_factor"
    key.origin = ORIGIN
    ticket = begin(user)
    answer = key.get(second_factor.ask_passkey(begin(user), **HERE, origin=ORIGIN))
    assert (
        refusal(lambda: second_factor.finish(ticket, "passkey", answer, **HERE, origin=ORIGIN)) == "wrong_second_factor"
    )
    assert not LoginHistory.objects.filter(succeeded=True).exists()


def test_copied_passkey_is_refused() -> None:
    user = UserFactory()
    key = add_passkey(user, at_device(user))
    key.count = 5
    assert answer_with(key, user).user == user
    key.count = 3
    assert refusal(lambda: answer_with(key, user)) == "wrong_second_factor"


def test_passkey_that_was_not_asked_for_is_not_kept() -> None:
    user = UserFactory()
    actor = at_device(user)
    options = second_factor.start_passkey(actor, origin=ORIGIN)
    elsewhere = SoftPasskey("http://evil.example").create(options)
    with pytest.raises(WrongSetUpCode):
        second_factor.confirm_passkey(actor, credential=elsewhere, name="", origin=ORIGIN)
    for odd in ({}, {"id": "x"}, {"response": {}, "id": 1, "rawId": None, "type": "public-key"}):
        with pytest.raises(WrongSetUpCode):
            second_factor.confirm_passkey(actor, credential=odd, name="", origin=ORIGIN)
    assert not Authenticator.objects.exists()


def test_own_passkeys_alone_can_be_removed() -> None:
    user, stranger = UserFactory(), UserFactory()
    actor, other = at_device(user), at_device(stranger)
    add_passkey(user, actor)
    passkey = second_factor.list_passkeys(user).get()
    with pytest.raises(NotFound):
        second_factor.remove_passkey(other, passkey_id=passkey.pk)
    second_factor.remove_passkey(actor, passkey_id=passkey.pk)
    assert list_types(user) == set()


def test_who_needs_a_factor() -> None:
    member = MembershipFactory()
    user, company, its_role = member.user, member.organization, member.role
    assert (second_factor.is_needed(user), second_factor.next_step(user)) == (False, "")
    company.requires_second_factor = True
    company.save()
    assert (second_factor.is_needed(user), second_factor.next_step(user)) == (True, "enrolment")
    give_totp(user)
    assert second_factor.next_step(user) == "second_step"
    type(company).objects.update(requires_second_factor=False)
    type(its_role).objects.filter(pk=its_role.pk).update(requires_second_factor=True)
    assert second_factor.is_demanded(user)
    staff = UserFactory(is_staff=True)
    assert not second_factor.is_needed(staff)
    store_setting("security.staff_second_factor", True)
    forget("security.staff_second_factor")
    assert second_factor.next_step(staff) == "enrolment"
    assert build_actor(staff).must_enrol
    assert not second_factor.is_needed(UserFactory())


def test_actor_who_must_enrol_may_do_nothing() -> None:
    member = MembershipFactory()
    type(member.organization).objects.update(requires_second_factor=True)
    actor = build_actor(member.user)
    assert (actor.must_enrol, actor.organization_id, actor.permissions) == (True, None, frozenset())
    assert not actor.can("job_card.view")
    with pytest.raises(BusinessError) as caught:
        actor.require("job_card.view")
    assert caught.value.as_details()["rule"] == "second_factor_required"
    give_totp(member.user)
    assert build_actor(member.user).organization_id == member.organization_id


def test_staff_take_factors_away_and_sessions_end() -> None:
    user = UserFactory()
    at_device(user)
    give_totp(user)
    give_recovery_codes(user)
    boss = UserFactory(is_staff=True, is_superuser=True)
    for actor in (at_device(UserFactory(is_staff=True)), build_actor(MembershipFactory().user)):
        assert refusal(lambda: second_factor.remove_all_factors(actor, user)) == "not_allowed"  # noqa: B023
    own = at_device(boss)
    assert refusal(lambda: second_factor.remove_all_factors(own, boss)) == "not_allowed"
    assert list_types(user) == {"totp", "recovery_codes"}
    assert second_factor.remove_all_factors(own, user) == 2
    assert list_types(user) == set()
    assert not UserSession.objects.filter(user=user, ended_at__isnull=True).exists()
    assert changes() == ["factors_removed"]


def test_old_steps_are_forgotten() -> None:
    user = UserFactory()
    begin(user)
    assert second_factor.forget_steps(before=now()) == 0
    assert second_factor.forget_steps(before=now() + timedelta(minutes=6)) == 1


def test_factors_stay_good_when_the_key_changes(settings) -> None:
    user = UserFactory()
    secret = give_totp(user)
    code = give_recovery_codes(user)[0]
    new = f"2:{base64.b64encode(b'n' * 32).decode()}"
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"
    assert rotate_factors() == 2
    assert rotate_factors() == 0
    settings.FIELD_KEYS = new
    assert finish(user, "totp", code_of(secret)).user == user
    assert finish(user, "recovery_code", code).user == user
