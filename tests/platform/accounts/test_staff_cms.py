"""People in the staff CMS: changed through the services, logged out, erased at their request."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from apps.platform.accounts import services
from apps.platform.accounts.errors import LinkExpired
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, User, UserSession
from apps.platform.accounts.services.reset import check_reset_link
from apps.platform.accounts.services.staff import update_user
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.platform.accounts.test_addresses import GOOD

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def person() -> User:
    return UserFactory(email="lan@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")


@pytest.fixture
def boss() -> Client:
    return browser(UserFactory(is_staff=True, is_superuser=True))


def form(person: User, **changes: object) -> dict[str, object]:
    names = ("email", "phone", "last_name", "first_name", "gender", "bio", "language", "timezone")
    kept = {name: getattr(person, name) or "" for name in names}
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(person, name)}
    lines = {}
    for prefix in ("user_sessions", "login_history", "addresses", "consents"):
        lines |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    wanted = {**kept, **flags, "birth_date": "", **lines, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def test_page_shows_sessions_log_ins_addresses_and_consents(boss, person) -> None:
    actor = build_actor(person)
    services.add_address(actor, **GOOD)
    services.record_consent(actor, kind="marketing")
    services.open_session(person, kind="app", device="Pixel 8")
    services.log_in(person.email, "giu-xe-tot-2025", ip="203.0.113.5")
    text = boss.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    for word in ("Pixel 8", "203.0.113.5", "188 Trường Chinh", "2025-11-01", "Đăng xuất mọi nơi", "Xóa theo yêu cầu"):
        assert word in text, word


def test_changes_go_through_the_services(boss, person) -> None:
    session = services.open_session(person, kind="app")
    url = reverse("admin:accounts_user_change", args=[person.pk])
    assert boss.post(url, form(person, first_name="Lan Anh", is_active=None)).status_code == 302
    person.refresh_from_db()
    session.refresh_from_db()
    assert (person.first_name, person.is_active, session.end_reason) == ("Lan Anh", False, "ended_by_staff")
    assert AuditLog.objects.filter(action="user.closed", entity_id=person.pk).exists()
    assert boss.post(url, form(person, is_active="on", is_staff="on")).status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.is_staff) == (True, True)
    assert AuditLog.objects.get(action="user.powers_changed").new_values == {"is_staff": True, "is_superuser": False}


@pytest.mark.parametrize("changes", [{"phone": "12"}, {"email": "taken@x.vn"}, {"timezone": "Mars"}])
def test_refusals_stand_in_the_form(boss, person, changes) -> None:
    UserFactory(email="taken@x.vn")
    answer = boss.post(reverse("admin:accounts_user_change", args=[person.pk]), form(person, bio="neu", **changes))
    assert answer.status_code == 200
    person.refresh_from_db()
    assert (person.email, person.phone, person.bio) == ("lan@gara.demo", "+84901234567", "")


def test_log_out_everywhere_asks_first(boss, person) -> None:
    services.open_session(person, kind="app")
    url = reverse("admin:accounts_user_step", args=[person.pk, "log-out"])
    assert boss.get(url).status_code == 200
    assert UserSession.objects.filter(user=person, ended_at=None).exists()
    assert boss.post(url).status_code == 302
    assert not UserSession.objects.filter(user=person, ended_at=None).exists()


def test_person_is_erased_at_their_request(boss, person) -> None:
    url = reverse("admin:accounts_user_step", args=[person.pk, "erase"])
    assert boss.get(url).status_code == 200
    assert boss.post(url).status_code == 302
    person.refresh_from_db()
    assert person.erased_at is not None
    assert "Xóa theo yêu cầu" not in boss.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert boss.post(url).status_code == 403


def test_last_owner_stays_and_staff_read_why(boss, person) -> None:
    MembershipFactory(user=person, organization=OrganizationFactory(name="Gara Minh Phát"))
    answer = boss.post(reverse("admin:accounts_user_step", args=[person.pk, "erase"]))
    assert "Gara Minh Phát" in answer.content.decode()
    person.refresh_from_db()
    assert person.erased_at is None


def test_staff_without_the_right_do_nothing(person) -> None:
    helper = UserFactory(is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "view_usersession"]))
    session, client = services.open_session(person, kind="app"), browser(User.objects.get(pk=helper.pk))
    for step in ("log-out", "erase"):
        assert client.post(reverse("admin:accounts_user_step", args=[person.pk, step])).status_code == 403
    data = {"action": "end_sessions", "_selected_action": [str(session.pk)]}
    client.post(reverse("admin:accounts_usersession_changelist"), data)
    session.refresh_from_db()
    person.refresh_from_db()
    assert (session.ended_at, person.erased_at) == (None, None)


def test_chosen_sessions_are_ended(boss, person) -> None:
    one, other = services.open_session(person, kind="app"), services.open_session(person, kind="app")
    data = {"action": "end_sessions", "_selected_action": [str(one.pk)]}
    assert boss.post(reverse("admin:accounts_usersession_changelist"), data).status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.end_reason, other.ended_at) == ("ended_by_staff", None)


def test_nobody_takes_their_own_powers(boss) -> None:
    own = User.objects.get(is_superuser=True)
    boss.post(reverse("admin:accounts_user_change", args=[own.pk]), form(own, is_superuser=None))
    own.refresh_from_db()
    assert own.is_superuser is True


def test_a_new_email_kills_the_link_that_was_sent_to_the_old_one(person) -> None:
    token = create_link(None, purpose=AccessLink.Purpose.PASSWORD_RESET, subject_id=person.pk, minutes=60)
    staff = build_actor(UserFactory(is_staff=True))
    update_user(staff, person, first_name="Lan")
    check_reset_link(token)
    update_user(staff, person, email="moi@gara.demo")
    with pytest.raises(LinkExpired):
        check_reset_link(token)
