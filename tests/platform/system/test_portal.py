"""The rules of a company and one's own jobs."""

import pytest
from django.core.cache import cache

from apps.core.actor import system_actor
from apps.platform.audit.models import AuditLog
from apps.platform.system.models import JobRun, Setting
from apps.platform.system.settings import DECLARED, change_setting, declare_setting, get_secret, get_setting
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
URL = "/garage/settings/rules/"


@pytest.fixture(autouse=True)
def _declared():
    declare_setting("test.token", "", str, "Token", is_secret=True, group="Keys")
    declare_setting("test.is_open", True, bool, "Open", group="Keys")
    cache.clear()
    yield
    DECLARED.pop("test.token")
    DECLARED.pop("test.is_open")
    cache.clear()


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def post(owner, django_capture_on_commit_callbacks):
    def do(data, url=URL):
        with django_capture_on_commit_callbacks(execute=True):
            return browser_of(owner).post(url, data)

    return do


def test_a_company_sets_its_rules_and_takes_them_back(owner, post):
    company = owner.organization_id
    assert post({"billing.due_days": "14", "test.token": "s3cret", "test.is_open": "false"}).status_code == 302
    assert (get_setting("billing.due_days", company), get_setting("billing.due_days")) == (14, 7)
    assert (get_secret("test.token", company), get_setting("test.is_open", company)) == ("s3cret", False)
    page = browser_of(owner).get(URL).content.decode()
    assert 'value="14"' in page
    assert "s3cret" not in page
    assert "maintenance" not in page
    assert AuditLog.objects.filter(action="setting.changed", organization_id=company).count() == 3
    assert "s3cret" not in str(list(AuditLog.objects.values()))

    post({"billing.due_days": "", "test.is_open": ""})
    assert get_setting("billing.due_days", company) == 7
    assert get_secret("test.token", company) == "s3cret"
    post({"remove:test.token": "on"})
    assert get_secret("test.token", company) is None


def test_a_branch_may_differ(owner, post):
    branch = BranchFactory(organization_id=owner.organization_id)
    BranchFactory(organization_id=owner.organization_id, name="Chi nhánh hai")
    url = f"{URL}?branch={branch.pk}"
    post({"scheduling.notice_minutes": "120"}, url)
    assert get_setting("scheduling.notice_minutes", owner.organization_id, branch.pk) == 120
    assert get_setting("scheduling.notice_minutes", owner.organization_id) == 30
    assert "Chi nhánh hai" in browser_of(owner).get(url).content.decode()
    assert "billing.due_days" not in browser_of(owner).get(url).content.decode()
    foreign = BranchFactory()
    assert browser_of(owner).get(f"{URL}?branch={foreign.pk}").status_code == 404
    assert browser_of(owner).get(f"{URL}?branch=x").status_code == 404


def test_bad_values_come_back_and_nothing_is_kept(owner, post):
    answer = post({"billing.due_days": "999", "test.token": "x"})
    assert answer.status_code == 400
    assert 'value="999"' in answer.content.decode()
    assert not Setting.objects.exists()
    assert browser_of(actor_for("technician", organization=None)).get(URL).status_code == 403


def test_the_platforms_value_shows_as_what_is_inherited(owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        change_setting(system_actor(), "billing.due_days", 21)
    assert 'placeholder="21"' in browser_of(owner).get(URL).content.decode()


def test_own_jobs_are_found_followed_and_cancelled():
    actor = member_with("nothing.at_all")
    job = JobRun.objects.create(
        name="test.job", label="Khách hàng", user_id=actor.user_id, state="running", progress=40
    )
    foreign = JobRun.objects.create(name="test.job", label="Kho", user_id=actor_for("owner").user_id)
    browser = browser_of(actor)
    page = browser.get("/account/jobs/").content.decode()
    assert "Khách hàng" in page
    assert "Kho<" not in page
    shown = browser.get(f"/account/jobs/{job.pk}/").content.decode()
    assert f"job:{job.pk}" in shown
    assert 'value="40"' in shown
    assert browser.get(f"/account/jobs/{foreign.pk}/").status_code == 404
    assert browser.post(f"/account/jobs/{foreign.pk}/do/cancel/").status_code == 404
    browser.post(f"/account/jobs/{job.pk}/do/cancel/")
    job.refresh_from_db()
    assert job.state == "cancelled"
    JobRun.objects.filter(pk=job.pk).update(state="done", result={"url": "/files/1/x", "label": "Tải về"})
    assert 'href="/files/1/x"' in browser.get(f"/account/jobs/{job.pk}/").content.decode()
    JobRun.objects.filter(pk=job.pk).update(result={"url": "//evil.example", "label": "x"})
    assert "evil" not in browser.get(f"/account/jobs/{job.pk}/").content.decode()
