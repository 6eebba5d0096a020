"""The audit log as a file: by a job, as filtered, for a day, for the person who asked."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client

from apps.core.clock import now
from apps.core.errors import NotAllowed
from apps.platform.audit import exports
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.organizations.models import Membership, Organization
from apps.platform.system.jobs.files import file_place
from apps.platform.system.jobs.running import run_next
from apps.platform.system.models import JobRun
from apps.platform.system.services.clean_up import clean_up
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
URL = "/garage/settings/audit/"
CMS = "/admin/audit/auditlog/export/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def branch(owner):
    return BranchFactory(organization_id=owner.organization_id, name="Quận 1")


@pytest.fixture
def lines(owner, branch):
    """Three of the company, one of another one."""
    record(owner, "branch.changed", branch, label="Quận 1", old={"name": "Q1"}, new={"name": "Quận 1"})
    record(owner, "branch.changed", branch, label="=cmd|' /C calc'!A0")
    record(owner, "order.placed", branch, label="Đơn 7")
    stranger = actor_for("owner")
    record(stranger, "branch.changed", Organization.objects.get(pk=stranger.organization_id), label="Foreign")


@pytest.fixture
def staff():
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_auditlog"))
    return user


def cms_of(user):
    client = Client()
    client.force_login(user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


def ask(browser, kind="csv", query="", url=URL):
    """Presses the button; returns the address of the file once the job is done."""
    answer = browser.post(f"{url}{query}", {"file": kind})
    assert answer.status_code == 302, answer
    job = JobRun.objects.latest("id")
    assert answer.url == f"/account/jobs/{job.pk}/"
    assert run_next(exports.JOB).state == "done"
    job.refresh_from_db()
    return job.result["url"]


def read(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    return answer.getvalue()


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_all_that_is_found_and_nothing_of_others(owner, lines):
    browser = browser_of(owner)
    rows = table(read(browser, ask(browser)))
    assert [row["Thing" if "Thing" in row else "Đối tượng"] for row in rows] == [
        "Đơn 7",
        "'=cmd|' /C calc'!A0",
        "Quận 1",
    ]
    assert any("Q1 → Quận 1" in value for value in rows[2].values())


def test_more_than_a_page_and_more_than_a_chunk(owner, branch, monkeypatch):
    monkeypatch.setattr(exports, "_CHUNK", 20)
    for number in range(130):
        record(owner, "order.placed", branch, label=f"Đơn {number}")
    browser = browser_of(owner)
    assert len(table(read(browser, ask(browser)))) == 130
    job = JobRun.objects.latest("id")
    assert (job.result["rows"], job.note, job.progress) == (130, "120 / 130", 100)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?action=order.placed", 1),
        ("?q=Quận", 1),
        ("?action=branch.changed", 2),
        ("?at_from=2001-01-01&at_to=2001-01-02", 0),
    ],
)
def test_as_filtered(owner, lines, query, count):
    browser = browser_of(owner)
    assert len(table(read(browser, ask(browser, query=query)))) == count


def test_by_person(owner, lines):
    browser = browser_of(owner)
    assert len(table(read(browser, ask(browser, query=f"?person={owner.user_id}")))) == 3


def test_a_workbook_runs_no_formula(owner, lines):
    browser = browser_of(owner)
    book = zipfile.ZipFile(io.BytesIO(read(browser, ask(browser, "xlsx"))))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=cmd" in sheet
    assert sheet.count("<row ") == 4


def test_a_sheet_that_would_be_too_long_is_refused(owner, lines, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_SHEET", 2)
    browser_of(owner).post(URL, {"file": "xlsx"})
    with pytest.raises(exports.TooManyLines):
        run_next(exports.JOB)
    assert JobRun.objects.get().state == "failed"
    assert not AuditLog.objects.filter(action="data.exported").exists()


def test_it_is_logged_with_its_size(owner, lines):
    ask(browser_of(owner))
    line = AuditLog.objects.get(action="data.exported")
    assert (line.user_id, line.organization_id) == (owner.user_id, owner.organization_id)
    assert (line.data["rows"], line.data["kind"]) == (3, "csv")


class TestRights:
    def test_the_right_to_look_is_not_enough(self, owner, lines):
        viewer = member_with("audit.view", place=Organization.objects.get(pk=owner.organization_id))
        assert 'name="file"' not in browser_of(viewer).get(URL).content.decode()
        assert 'name="file"' in browser_of(owner).get(URL).content.decode()
        assert browser_of(viewer).post(URL, {"file": "csv"}).status_code == 403
        assert browser_of(owner).get(f"{URL}?export=csv")["Content-Type"].startswith("text/html")
        assert not JobRun.objects.exists()

    @pytest.mark.parametrize("kind", ["", "pdf", "exe"])
    def test_other_kinds_are_refused(self, owner, kind):
        assert browser_of(owner).post(URL, {"file": kind}).status_code in (400, 422)
        assert not JobRun.objects.exists()

    def test_rights_that_are_gone_when_it_runs(self, owner, lines):
        browser_of(owner).post(URL, {"file": "csv"})
        Membership.objects.filter(user_id=owner.user_id).update(active_to=now().date() - timedelta(days=1))
        with pytest.raises(Exception, match=r".") as caught:
            run_next(exports.JOB)
        assert caught.type.__name__ in ("NotFound", "NotAllowed", "OrganizationSuspended")
        assert not AuditLog.objects.filter(action="data.exported").exists()

    def test_the_file_is_for_who_asked_as_long_as_they_work_there(self, owner, lines):
        browser = browser_of(owner)
        address = ask(browser)
        colleague = actor_for("owner", organization=Organization.objects.get(pk=owner.organization_id))
        assert browser_of(colleague).get(address).status_code == 404
        assert Client().get(address).status_code in (302, 401, 404)
        Membership.objects.filter(user_id=owner.user_id).update(active_to=now().date() - timedelta(days=1))
        assert browser.get(address).status_code == 404

    def test_it_runs_out_after_a_day_and_is_deleted(self, owner, lines):
        browser = browser_of(owner)
        address = ask(browser)
        job = JobRun.objects.get()
        with time_machine.travel(now() + timedelta(hours=23, minutes=59)):
            assert browser_of(owner).get(address).status_code == 200
        with time_machine.travel(now() + timedelta(hours=24, seconds=1)):
            assert browser_of(owner).get(address).status_code == 410
            assert clean_up()["job_files"] == 0
        with time_machine.travel(now() + timedelta(hours=48, seconds=1)):
            assert clean_up()["job_files"] == 1
            assert not default_storage.exists(file_place(job.pk))
            assert browser_of(owner).get(address).status_code == 404


class TestStaffCms:
    def test_all_companies_as_filtered(self, lines, staff):
        browser = cms_of(staff)
        assert "audit/auditlog/export/" in browser.get("/admin/audit/auditlog/?action=branch.changed").content.decode()
        rows = table(read(browser, ask(browser, query="?action=branch.changed", url=CMS)))
        assert len(rows) == 3
        line = AuditLog.objects.get(action="data.exported")
        assert (line.user_id, line.data["rows"]) == (staff.pk, 3)

    def test_for_staff_with_the_right_alone(self, lines, owner, staff):
        other = UserFactory(is_staff=True)
        assert cms_of(other).post(CMS, {"file": "csv"}).status_code == 403
        assert browser_of(owner).post(CMS, {"file": "csv"}).status_code in (302, 403, 404)
        assert not JobRun.objects.exists()
        with pytest.raises(NotAllowed):
            exports.start_platform_export(owner, kind="csv", wanted=exports.Wanted())
        cms_of(staff).post(CMS, {"file": "csv"})
        staff.user_permissions.clear()
        with pytest.raises(NotAllowed):
            run_next(exports.JOB)
