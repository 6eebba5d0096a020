"""Settings, maintenance, health and jobs in the staff CMS."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from apps.platform.system.jobs import running
from apps.platform.system.models import JobRun, Setting
from apps.platform.system.services.clean_up import JOB
from apps.platform.system.settings import DECLARED, declare_setting, get_secret, get_setting, store_setting
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
PAGES = (
    "/admin/system/setting/platform/",
    "/admin/system/setting/maintenance/",
    "/admin/system/jobrun/health/",
    f"/admin/system/jobrun/start/{JOB}/",
)


def browser(*rights, **values):
    user = UserFactory(is_staff=True, **values)
    for right in rights:
        user.user_permissions.add(Permission.objects.get(codename=right))
    client = Client()
    client.force_login(user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


@pytest.fixture
def staff():
    return browser(is_superuser=True)


@pytest.fixture(autouse=True)
def _secret():
    declare_setting("test.token", "", str, "Token", is_secret=True, group="Keys")
    cache.clear()
    yield
    DECLARED.pop("test.token")
    cache.clear()


@pytest.mark.parametrize("page", PAGES)
def test_only_staff_with_the_right_open_them(staff, page):
    assert staff.get(page).status_code == 200
    assert browser().get(page).status_code == 403
    assert Client().get(page).status_code == 302


def test_settings_are_changed_and_taken_back(staff, django_capture_on_commit_callbacks):
    page = PAGES[0]
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(page, {"site.name": "Xe Tốt", "jobs.at_once": "3", "test.token": "s3cret"})
    assert answer.status_code == 302
    assert (get_setting("site.name"), get_setting("jobs.at_once"), get_secret("test.token")) == ("Xe Tốt", 3, "s3cret")
    text = staff.get(page).content.decode()
    assert "Xe Tốt" in text
    assert "s3cret" not in text

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(page, {"site.name": "", "jobs.at_once": "3"})
    assert (get_setting("site.name"), get_secret("test.token")) == ("Baylink", "s3cret")
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(page, {"jobs.at_once": "3", "remove:test.token": "on"})
    assert get_secret("test.token") is None


def test_a_value_that_does_not_fit_comes_back_with_its_reason(staff):
    answer = staff.post(PAGES[0], {"site.name": "Xe Tốt", "jobs.at_once": "999"})
    assert answer.status_code == 422
    assert "999" in answer.content.decode()
    assert not Setting.objects.exists()


def test_the_list_shows_values_of_companies_but_no_secrets(staff):
    store_setting("test.token", "s3cret", organization_id=OrganizationFactory().pk)
    text = staff.get("/admin/system/setting/").content.decode()
    assert "test.token" in text
    assert "••••" in text
    row = Setting.objects.get()
    assert "s3cret" not in staff.get(f"/admin/system/setting/{row.pk}/change/").content.decode()


def test_maintenance_is_switched(staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(PAGES[1], {"is_on": "on", "message": "Tối nay", "retry_minutes": "9"})
    assert Client().get("/")["Retry-After"] == "540"
    assert staff.get(PAGES[1]).status_code == 200
    assert staff.post(PAGES[1], {"is_on": "on", "retry_minutes": "0"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(PAGES[1], {"retry_minutes": "9"})
    assert get_setting("maintenance.is_on") is False


def test_jobs_are_started_cancelled_and_tried_again(staff, monkeypatch):
    monkeypatch.setattr(running, "wake", lambda name: None)
    assert staff.get("/admin/system/jobrun/start/no.such/").status_code == 404
    first = staff.post(PAGES[3])
    assert staff.post(PAGES[3])["Location"] == first["Location"]
    job = JobRun.objects.get()
    assert 'id="job-progress"' in staff.get(first["Location"]).content.decode()

    steer = {"_selected_action": [job.pk]}
    viewer = browser("view_jobrun")
    viewer.post("/admin/system/jobrun/", {"action": "cancel", **steer})
    assert JobRun.objects.get().state == "queued"
    staff.post("/admin/system/jobrun/", {"action": "cancel", **steer})
    assert JobRun.objects.get().state == "cancelled"
    staff.post("/admin/system/jobrun/", {"action": "retry", **steer})
    assert JobRun.objects.get().state == "queued"
    running.run_next(JOB)
    assert JobRun.objects.get().state == "done"
    assert 'id="job-progress"' not in staff.get(first["Location"]).content.decode()
    assert "Baylink" in staff.get(PAGES[2]).content.decode()
