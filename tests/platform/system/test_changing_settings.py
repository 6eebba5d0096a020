"""Settings changed by people: within rights and limits, with a trace, and secrets that nobody reads."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from apps.core.actor import system_actor
from apps.core.crypto import CannotDecrypt
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.platform.audit.models import AuditLog
from apps.platform.audit.selectors import describe
from apps.platform.system import rotation
from apps.platform.system.models import Setting
from apps.platform.system.selectors import list_public_settings, list_settings
from apps.platform.system.settings import (
    COMPANY,
    DECLARED,
    GLOBAL,
    change_setting,
    declare_setting,
    get_secret,
    get_setting,
    reset_setting,
    store_setting,
)
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
# Two keys of 32 bytes.
OLD, NEW = "1:" + "QUFB" * 10 + "QUE=", "2:" + "QkJC" * 10 + "QkI="


@pytest.fixture(autouse=True)
def _declared():
    declare_setting("test.fee", Decimal("0"), Decimal, "Fee", group="Sales", minimum=0, maximum=10**6, scopes=COMPANY)
    declare_setting("test.days", 5, int, "Days", group="Sales", is_public=True)
    declare_setting("test.mode", "a", str, "Mode", choices=(("a", "First"), ("b", "Second")), scopes=GLOBAL)
    declare_setting("test.is_open", True, bool, "Open", group="Sales")
    declare_setting("test.token", "", str, "Token", is_secret=True, group="Sales")
    cache.clear()
    yield
    for key in ("fee", "days", "mode", "is_open", "token"):
        DECLARED.pop(f"test.{key}")
    cache.clear()


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def staff():
    return actor_for("technician", user=UserFactory(is_staff=True))


@pytest.fixture
def change(django_capture_on_commit_callbacks):
    def do(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return change_setting(*args, **kwargs)

    return do


def test_a_company_sets_its_own_value_and_the_log_says_who_and_what(owner, change):
    company = owner.organization_id

    assert change(owner, "test.fee", "30000.50", organization_id=company)
    assert get_setting("test.fee", company) == Decimal("30000.50")
    assert get_setting("test.fee") == Decimal(0)
    assert change(owner, "test.fee", Decimal("30000.5"), organization_id=company) is False

    line = AuditLog.objects.get()
    assert (line.action, line.user_id, line.organization_id) == ("setting.changed", owner.user_id, company)
    assert (line.old_values, line.new_values) == ({"value": "0"}, {"value": "30000.50"})
    assert describe(line).text.endswith(": Fee")


def test_taking_a_value_away_brings_the_wider_one_back(owner, change, django_capture_on_commit_callbacks):
    company = owner.organization_id
    change(owner, "test.days", 9, organization_id=company)
    with django_capture_on_commit_callbacks(execute=True):
        assert reset_setting(owner, "test.days", organization_id=company)
    assert get_setting("test.days", company) == 5
    assert reset_setting(owner, "test.days", organization_id=company) is False
    assert AuditLog.objects.values_list("new_values", flat=True).first() == {"value": None}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("test.fee", "-1"), ("test.fee", "1000001"), ("test.fee", "NaN"), ("test.fee", "1e400"), ("test.fee", 1.5),
        ("test.fee", "0.0000001"), ("test.days", "x"), ("test.days", "1.5"), ("test.days", True),
        ("test.days", "9" * 20), ("test.is_open", "maybe"), ("test.is_open", 1), ("test.mode", "c"),
        ("test.token", "x" * 2001), ("test.token", "a\x00b"), ("test.token", None),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_kept(staff, key, value):
    with pytest.raises(BadInput) as refusal:
        change_setting(staff, key, value)
    assert refusal.value.field == key
    assert not Setting.objects.exists()
    assert not AuditLog.objects.exists()


def test_only_where_it_may_be_set_and_only_by_whom(owner, staff):
    company, branch = owner.organization_id, BranchFactory()
    stranger_branch = {"organization_id": company, "branch_id": branch.pk}
    refusals = [
        (owner, "test.fee", {}, NotAllowed),
        (owner, "test.mode", {"organization_id": company}, BadInput),
        (owner, "test.days", {"organization_id": branch.organization_id}, NotFound),
        (owner, "test.days", stranger_branch, NotFound),
        (owner, "test.unknown", {"organization_id": company}, NotFound),
        (staff, "test.days", {"organization_id": staff.organization_id}, NotAllowed),
        (
            member_with("settings.edit", branch=branch),
            "test.days",
            {"organization_id": branch.organization_id},
            NotAllowed,
        ),
    ]
    for actor, key, where, error in refusals:
        with pytest.raises(error):
            change_setting(actor, key, "b" if key == "test.mode" else 3, **where)
        with pytest.raises(error):
            reset_setting(actor, key, **where)
    assert not Setting.objects.exists()
    own = member_with("settings.edit", branch=branch)
    assert change_setting(own, "test.days", 3, organization_id=branch.organization_id, branch_id=branch.pk)


def test_a_secret_is_encrypted_and_told_nowhere(owner, change):
    company = owner.organization_id
    change(owner, "test.token", "abc-123", organization_id=company)

    row = Setting.objects.get()
    assert row.value is None
    assert b"abc-123" not in bytes(row.secret)
    assert get_secret("test.token", company) == "abc-123"
    assert get_secret("test.token") is None
    line = AuditLog.objects.get()
    assert (line.old_values, line.new_values) == (None, None)
    assert "abc-123" not in json.dumps(line.data)
    shown = {one.key: one for one in list_settings(owner, organization_id=company)}["test.token"]
    assert (shown.value, shown.is_own) == (None, True)
    with pytest.raises(TypeError):
        get_setting("test.token", company)
    with pytest.raises(TypeError):
        get_secret("test.days", company)


def test_a_secret_cannot_be_moved_to_another_place(owner, change):
    change(owner, "test.token", "abc-123", organization_id=owner.organization_id)
    Setting.objects.update(organization=actor_for("owner").organization_id)
    moved = Setting.objects.get()
    with pytest.raises(CannotDecrypt):
        get_secret("test.token", moved.organization_id)


def test_companies_see_what_is_theirs_to_set(owner, staff, change):
    change(system_actor(), "test.days", 7)
    own = {row.key: row for row in list_settings(owner, organization_id=owner.organization_id)}
    assert {key for key in own if key.startswith("test.")} == {
        "test.fee", "test.days", "test.is_open", "test.token",
    }  # fmt: skip
    assert (own["test.days"].value, own["test.days"].is_own) == (7, False)
    assert "maintenance.is_on" not in own
    everything = {row.key for row in list_settings(staff)}
    assert {"test.mode", "maintenance.is_on"} <= everything
    with pytest.raises(NotAllowed):
        list_settings(owner)
    assert "test.days" in list_public_settings()
    assert "test.fee" not in list_public_settings()


def test_a_secret_with_a_default_or_for_everybody_is_a_fault():
    for options in ({"default": "x"}, {"is_public": True}):
        with pytest.raises(ValueError, match="secret"):
            declare_setting("test.bad", options.pop("default", ""), str, "Bad", is_secret=True, **options)
    assert "test.bad" not in DECLARED


class TestRotation:
    @pytest.fixture
    def secrets(self, settings):
        settings.FIELD_KEYS = OLD
        for number in range(5):
            store_setting("test.token", f"token-{number}", organization_id=BranchFactory().organization_id)
        settings.FIELD_KEYS = f"{NEW},{OLD}"
        return list(Setting.objects.order_by("pk"))

    def test_everything_is_encrypted_anew_and_the_old_key_can_go(self, secrets, settings):
        out = StringIO()
        call_command("rotate_keys", stdout=out)
        settings.FIELD_KEYS = NEW
        cache.clear()
        found = {get_secret("test.token", row.organization_id) for row in secrets}
        assert found == {f"token-{number}" for number in range(5)}
        assert "system.setting.secret: 5 encrypted anew, 0 cannot be read" in out.getvalue()

    def test_stopped_in_between_it_goes_on_where_it_was(self, secrets, monkeypatch):
        monkeypatch.setattr(rotation, "BATCH", 2)
        whole, calls = rotation._rotate_rows, []

        def die_at_the_second(*args):
            calls.extend(args[1][:1])
            if len(calls) == 2:
                raise KeyboardInterrupt
            whole(*args)

        monkeypatch.setattr(rotation, "_rotate_rows", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            list(rotation.rotate_keys())
        monkeypatch.setattr(rotation, "_rotate_rows", whole)

        counts = [result.rotated for result in rotation.rotate_keys() if result.name == "system.setting.secret"]
        again = [result.rotated for result in rotation.rotate_keys() if result.name == "system.setting.secret"]
        assert (counts, again) == ([3], [0])

    def test_what_no_key_opens_is_told(self, secrets, settings):
        settings.FIELD_KEYS = NEW
        with pytest.raises(CommandError):
            call_command("rotate_keys", stdout=StringIO())
        settings.FIELD_KEYS = f"{NEW},{OLD}"
        assert get_secret("test.token", secrets[0].organization_id) == "token-0"

    def test_values_within_other_values_take_part(self):
        rotation.register_rotation("test.inner", lambda: 3)
        try:
            assert [one.rotated for one in rotation.rotate_keys() if one.name == "test.inner"] == [3]
        finally:
            rotation.OTHERS.pop("test.inner")
