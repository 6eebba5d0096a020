"""Erasing an account: who may, what stands against it, and what is free again."""

from dataclasses import replace

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.test import Client

from apps.core.errors import NotAllowed, NotFound
from apps.platform.accounts import services
from apps.platform.accounts.errors import AlreadyErased, PasswordMissing, WrongPassword
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.privacy import list_erasers
from apps.platform.accounts.scrubbing import Words
from apps.platform.accounts.services import erase
from apps.platform.accounts.services.erase import ask_to_be_forgotten, erase_own_account, erase_user
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.organizations.errors import LastOwner
from apps.platform.organizations.models import Invitation, Membership
from apps.platform.organizations.services import build_actor
from apps.platform.system.jobs.running import run_next
from apps.platform.system.models import JobRun
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.platform.accounts.test_person import picture
from tests.support.api import api_client

pytestmark = pytest.mark.django_db


def test_account_is_an_empty_shell_afterwards(django_capture_on_commit_callbacks) -> None:
    user = UserFactory(email="lan@gara.demo", phone="+84901234567", bio="x", gender="female")
    actor = build_actor(user)
    with django_capture_on_commit_callbacks(execute=True):
        services.set_picture(actor, picture(60))
    user.refresh_from_db()
    file = user.avatar.name
    session = services.open_session(user, kind="app")
    with django_capture_on_commit_callbacks(execute=True):
        erase_own_account(actor, password=PASSWORD)
    user.refresh_from_db()
    assert (user.email, user.phone, user.first_name, user.last_name, user.bio, user.gender) == (
        f"{user.pk}@erased.invalid", None, "", "", "", "",
    )  # fmt: skip
    assert (user.is_active, user.has_usable_password(), bool(user.avatar)) == (False, False, False)
    assert user.erased_at is not None
    assert user.full_name == "Tài khoản đã xóa"
    assert not User.avatar.field.storage.exists(file)
    assert not UserSession.objects.filter(pk=session.pk).exists()
    line = AuditLog.objects.get(action="user.erased")
    assert (line.user_id, line.entity_id, line.actor_name, line.entity_label, line.data) == (
        user.pk, user.pk, "", str(user.pk), {"on_request": False},
    )  # fmt: skip
    assert services.create_user(actor, first_name="Lan", email="LAN@gara.demo", phone="0901234567").pk != user.pk


def test_wrong_password_erases_nothing() -> None:
    user = UserFactory()
    with pytest.raises(WrongPassword):
        erase_own_account(build_actor(user), password="wrong")
    user.set_unusable_password()
    user.save()
    with pytest.raises(PasswordMissing):
        erase_own_account(build_actor(user), password="")
    user.refresh_from_db()
    assert (user.erased_at, user.is_active) == (None, True)
    assert not AuditLog.objects.filter(action="user.erased").exists()


def test_last_owner_is_refused_by_the_name_of_the_company() -> None:
    membership = MembershipFactory(organization=OrganizationFactory(name="Gara Minh Phát"))
    actor = build_actor(membership.user)
    with pytest.raises(LastOwner, match="Gara Minh Phát"):
        erase_own_account(actor, password=PASSWORD)
    membership.user.refresh_from_db()
    assert membership.user.erased_at is None
    assert Membership.objects.filter(pk=membership.pk).exists()
    other = MembershipFactory(organization=membership.organization)
    erase_own_account(actor, password=PASSWORD)
    assert list(Membership.objects.all()) == [other]
    with pytest.raises(LastOwner):
        erase_own_account(build_actor(other.user), password=PASSWORD)


def test_manager_and_invitations_lose_the_person() -> None:
    membership = MembershipFactory(role=role("manager"))
    user = membership.user
    branch = BranchFactory(organization=membership.organization, manager=user)
    invitation = Invitation.objects.create(
        organization=membership.organization, role=role("advisor"), name="Anh An", email=user.email.upper(),
        token_hash="x", invited_by=UserFactory(), expires_at="2030-01-01T00:00Z",
    )  # fmt: skip
    erase_own_account(build_actor(user), password=PASSWORD)
    branch.refresh_from_db()
    invitation.refresh_from_db()
    assert branch.manager is None
    assert (invitation.name, invitation.email) == ("", f"{user.pk}@erased.invalid")
    assert invitation.revoked_at is not None


def test_staff_erase_people_who_ask() -> None:
    user, staff = UserFactory(), build_actor(UserFactory(is_staff=True))
    erase_user(staff, user.pk)
    user.refresh_from_db()
    assert user.erased_at is not None
    assert AuditLog.objects.get(action="user.erased").data == {"on_request": True}
    with pytest.raises(AlreadyErased):
        erase_user(staff, user.pk)


def test_others_erase_nobody() -> None:
    user, staff = UserFactory(), UserFactory(is_staff=True)
    owner = build_actor(MembershipFactory().user)
    for actor in (owner, build_actor(user)):
        with pytest.raises(NotAllowed):
            erase_user(actor, staff.pk)
    with pytest.raises(NotAllowed):
        erase_user(owner, user.pk)
    with pytest.raises(NotAllowed):
        erase_user(build_actor(staff), staff.pk)
    with pytest.raises(NotAllowed):
        erase_user(build_actor(staff), UserFactory(is_staff=True).pk)
    with pytest.raises(NotFound):
        erase_user(build_actor(staff), owner.organization_id)
    assert not User.objects.filter(erased_at__isnull=False).exists()


def test_the_log_gives_up_names_and_nothing_else() -> None:
    user = UserFactory()
    services.update_profile(build_actor(user), bio="x")
    line = AuditLog.objects.get()
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        AuditLog.objects.filter(pk=line.pk).update(actor_name="")
    erase_own_account(build_actor(user), password=PASSWORD)
    fresh = AuditLog.objects.get(pk=line.pk)
    assert (fresh.actor_name, fresh.action, fresh.entity_id, fresh.created_at) == (
        "", "user.profile_changed", user.pk, line.created_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "scrubbed"),
    [
        ("Anh Lê Khoa đến", "Anh ••• đến"),
        ("LÊ KHOA!", "•••!"),
        ("Lê Khoai", "Lê Khoai"),
        ("gọi 0903 123 456 hoặc 0903123456", "gọi ••• hoặc •••"),
        ("+84903123456", "•••"),
        ("0090312345678", "0090312345678"),
        ({"a": ["khoa@x.vn", 1, None], "b": {"c": "Lê Khoa"}}, {"a": ["•••", 1, None], "b": {"c": "•••"}}),
        (7, 7),
    ],
)
def test_words_are_taken_out_as_wholes(value, scrubbed) -> None:
    assert Words(["Lê Khoa", "+84903123456", "khoa@x.vn", "An", ""]).scrub(value) == scrubbed


def test_without_words_nothing_is_touched() -> None:
    assert Words([""]).scrub("An") == "An"


class TestInTheBackground:
    """Where there is much to look through, a job does it; the answer comes at once."""

    @pytest.fixture
    def user(self, monkeypatch: pytest.MonkeyPatch) -> User:
        monkeypatch.setattr(erase, "MUCH", 3)
        user = UserFactory(email="lan@gara.demo")
        for _ in range(3):
            record(build_actor(user), "user.profile_changed", user)
        return user

    def test_little_is_done_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        user = UserFactory()
        assert ask_to_be_forgotten(build_actor(user), password=PASSWORD) is None
        user.refresh_from_db()
        assert user.erased_at is not None
        assert not JobRun.objects.exists()

    def test_much_is_a_job_that_the_person_sees(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        answer = client.post("/account/privacy/delete/", {"password": PASSWORD, "is_sure": "on"})
        assert answer["Location"] == "/account/privacy/"
        user.refresh_from_db()
        assert user.erased_at is None
        job = JobRun.objects.get()
        assert (job.name, job.state, job.user_id) == ("accounts.erase", "queued", user.pk)
        assert f"job:{job.pk}" in client.get("/account/privacy/").content.decode()
        done = run_next("accounts.erase")
        assert done is not None
        assert (done.state, done.result) == ("done", {"erased": True})
        user.refresh_from_db()
        assert (user.email, user.is_active) == (f"{user.pk}@erased.invalid", False)
        assert client.get("/account/").status_code == 302
        assert AuditLog.objects.get(action="user.erased").data == {"on_request": False}

    def test_apps_get_the_job(self, user: User) -> None:
        client = api_client(actor=build_actor(user))
        body = {"password": PASSWORD}
        first, second = (client.delete("/api/v1/users/me", body, format="json") for _ in range(2))
        assert (first.status_code, first.json()["data"]["state"]) == (202, "queued")
        assert first.json()["data"] == second.json()["data"]
        assert JobRun.objects.count() == 1

    def test_a_crash_leaves_nothing_half_done_and_the_next_run_finishes(
        self, user: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = ask_to_be_forgotten(build_actor(user), password=PASSWORD)
        assert job is not None
        crashing = replace(list_erasers()[-1], erase=lambda _erasure: 1 / 0)
        with monkeypatch.context() as patch:
            patch.setattr(erase, "list_erasers", lambda: [*list_erasers(), crashing])
            with pytest.raises(ZeroDivisionError):
                run_next("accounts.erase")
        user.refresh_from_db()
        assert (user.erased_at, user.email) == (None, "lan@gara.demo")
        assert not AuditLog.objects.filter(action="user.erased").exists()
        JobRun.objects.update(state="queued", finished_at=None)
        run_next("accounts.erase")
        user.refresh_from_db()
        assert user.erased_at is not None
        # Its worker died after the last word was written: once more changes nothing.
        JobRun.objects.update(state="queued", finished_at=None)
        again = run_next("accounts.erase")
        assert again is not None
        assert again.state == "done"
        assert AuditLog.objects.filter(action="user.erased").count() == 1

    def test_refusals_come_at_once(self, user: User) -> None:
        with pytest.raises(WrongPassword):
            ask_to_be_forgotten(build_actor(user), password="wrong")
        MembershipFactory(user=user)
        with pytest.raises(LastOwner):
            ask_to_be_forgotten(build_actor(user), password=PASSWORD)
        assert not JobRun.objects.exists()
