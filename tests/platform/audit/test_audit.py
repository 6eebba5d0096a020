"""The log: complete, never changed, readable."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.errors import NotAllowed
from apps.platform.audit import texts
from apps.platform.audit.models import AuditLog
from apps.platform.audit.retention import forget_entries
from apps.platform.audit.selectors import list_entries, timeline
from apps.platform.audit.services import record
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return BranchFactory()


@pytest.fixture
def actor(branch):
    return actor_for("manager", branch.organization)


@pytest.fixture(autouse=True)
def _texts(monkeypatch):
    known = {"branch.opened": (gettext_lazy("Opened by %(who)s"), "door-open"), "branch.plain": ("100 % done", "check")}
    monkeypatch.setattr(texts, "TEXTS", known)
    monkeypatch.setattr("apps.platform.audit.selectors.TEXTS", known)


def test_a_line_says_who_where_what_and_from_where(branch):
    actor = Actor(
        kind=ActorKind.USER,
        name="An" * 100,
        organization_id=branch.organization_id,
        ip="203.0.113.7",
        user_agent="x" * 500,
        request_id="r1",
    )
    row = record(actor, "branch.opened", branch, data={"who": "An"}, old={"a": 1}, new={"a": 2}, label="Quận 1")
    row.refresh_from_db()
    assert (row.entity_type, row.entity_id, row.entity_label) == ("organizations.branch", branch.pk, "Quận 1")
    assert (row.organization_id, row.branch_id, row.ip, row.request_id) == (
        branch.organization_id,
        None,
        "203.0.113.7",
        "r1",
    )
    assert (row.old_values, row.new_values, len(row.actor_name), len(row.user_agent)) == ({"a": 1}, {"a": 2}, 160, 400)


def test_the_company_of_the_thing_comes_before_that_of_the_actor(branch):
    outsider = actor_for("owner")
    assert record(outsider, "branch.opened", branch).organization_id == branch.organization_id


def test_the_branch_can_be_named(actor, branch):
    assert record(actor, "branch.opened", branch, branch_id=branch.pk).branch_id == branch.pk


@pytest.mark.parametrize("statement", ["UPDATE audit_auditlog SET action = 'x'", "DELETE FROM audit_auditlog"])
def test_the_database_refuses_to_change_a_line(actor, branch, statement):
    row = record(actor, "branch.opened", branch)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        run(statement)
    row.refresh_from_db()
    assert row.action == "branch.opened"


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_emptying_the_log_is_refused_too(actor, branch):
    record(actor, "branch.opened", branch)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        run("SET CONSTRAINTS ALL IMMEDIATE", "SET LOCAL baylink.truncate = 'off'", "TRUNCATE audit_auditlog")
    assert AuditLog.objects.count() == 1


def test_the_timeline_reads_newest_first_with_reasons(actor, branch):
    record(actor, "branch.opened", branch, data={"who": "An"})
    record(actor, "branch.plain", branch, data={"reason": "vì mưa"}, is_public=True)
    record(actor, "branch.plain", BranchFactory())
    entries = timeline("organizations.branch", branch.pk)
    assert [(entry.text, entry.detail, entry.icon) for entry in entries] == [
        ("100 % done", "vì mưa", "check"),
        ("Opened by An", "", "door-open"),
    ]
    assert entries[0].actor_name == actor.name
    assert [entry.text for entry in timeline("organizations.branch", branch.pk, public_only=True)] == ["100 % done"]


def test_a_line_without_the_values_or_the_text_of_today_is_still_shown(actor, branch):
    record(actor, "branch.opened", branch)
    record(actor, "branch.forgotten", branch)
    with translation.override("en"):
        assert [entry.text for entry in timeline("organizations.branch", branch.pk)] == [
            "branch.forgotten",
            "Opened by ",
        ]


def test_the_log_is_for_those_with_the_right_in_their_company(actor, branch):
    record(actor, "branch.opened", branch)
    record(actor_for("owner"), "branch.opened", OrganizationFactory())
    assert list_entries(actor).count() == 1
    with pytest.raises(NotAllowed):
        list_entries(actor_for("technician", branch.organization))


class TestRetention:
    @pytest.fixture
    def old(self, actor, branch):
        """Five lines, two of them older than 40 days."""
        with time_machine.travel(now() - timedelta(days=40)):
            for _number in range(2):
                record(actor, "branch.plain", branch)
        return [record(actor, "branch.plain", branch) for _number in range(3)]

    def test_old_lines_go_and_young_ones_stay(self, old):
        assert forget_entries(before=now() - timedelta(days=39)) == 2
        assert set(AuditLog.objects.values_list("pk", flat=True)) == {row.pk for row in old}
        assert forget_entries(before=now() - timedelta(days=39)) == 0

    def test_nobody_else_deletes_them_and_nobody_deletes_young_ones(self, old):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            run("DELETE FROM audit_auditlog WHERE created_at < now() - interval '39 days'")
        with pytest.raises(DatabaseError, match="30 days at least"), transaction.atomic():
            forget_entries(before=now() - timedelta(days=29))
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            run("UPDATE audit_auditlog SET action = 'x' WHERE created_at < now() - interval '39 days'")
        assert AuditLog.objects.count() == 5
