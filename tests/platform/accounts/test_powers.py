"""Powers over the platform: owning a company gives none of them, not even to somebody of the platform's staff."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.actor import Actor, system_actor
from apps.core.errors import NotAllowed, SecondFactorRequired
from apps.platform.accounts.models import User
from apps.platform.accounts.services import partner_clients, second_factor, staff
from apps.platform.accounts.services.erase import erase_user
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.second_factor import give_totp, list_types

pytestmark = pytest.mark.django_db
PROGRAM: dict[str, Any] = {
    "name": "x",
    "ways": ["code"],
    "scopes": ["openid"],
    "redirect_uris": ["https://a.example/b"],
}
STEPS: dict[str, Callable[[Actor, User], Any]] = {
    "email": lambda actor, boss: staff.update_user(actor, boss, email="thief@x.vn"),
    "close": lambda actor, boss: staff.set_user_active(actor, boss, is_active=False),
    "powers": lambda actor, boss: staff.set_powers(actor, boss, is_staff=False, is_superuser=False),
    "promote": lambda actor, boss: staff.set_powers(actor, UserFactory(), is_staff=True, is_superuser=True),
    "erase": lambda actor, boss: erase_user(actor, boss.pk),
    "factors": second_factor.remove_all_factors,
    "program": lambda actor, boss: partner_clients.register_client(actor, **PROGRAM),
}


@pytest.fixture
def boss() -> User:
    user = UserFactory(email="boss@baylink.demo", is_staff=True, is_superuser=True)
    give_totp(user)
    return user


@pytest.mark.parametrize("is_staff", [True, False])
@pytest.mark.parametrize("step", STEPS)
def test_owner_of_a_company_has_no_powers_over_the_platform(boss: User, step: str, is_staff: bool) -> None:
    actor = actor_for("owner", user=UserFactory(is_staff=is_staff))
    assert actor.can("*")
    with pytest.raises(NotAllowed):
        STEPS[step](actor, boss)
    boss.refresh_from_db()
    assert (boss.email, boss.is_active, boss.is_superuser, boss.erased_at) == ("boss@baylink.demo", True, True, None)
    assert list_types(boss) == {"totp"}
    assert User.objects.filter(is_superuser=True).count() == 1
    assert not partner_clients.Client.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_administrator_has_them(boss: User, step: str) -> None:
    administrator = build_actor(UserFactory(is_staff=True, is_superuser=True))
    STEPS[step](administrator, boss)


def test_the_platform_itself_has_them() -> None:
    assert system_actor().administers_platform()
    partner_clients.register_client(system_actor(), **PROGRAM)


def test_whoever_must_enrol_has_none(boss: User) -> None:
    administrator = Actor(kind=build_actor(boss).kind, user_id=boss.pk, is_platform_admin=True, must_enrol=True)
    with pytest.raises(SecondFactorRequired):
        partner_clients.register_client(administrator, **PROGRAM)
