"""Jobs, settings, maintenance and health through the API."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from apps.core.ids import uuid7
from apps.platform.accounts.services.tokens import log_in_app
from apps.platform.audit.models import AuditLog
from apps.platform.system.models import JobRun, Setting
from apps.platform.system.settings import DECLARED, declare_setting, get_secret, get_setting
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.api import api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
STAFF_ONLY = ("admin/jobs", "admin/config", "admin/maintenance", "admin/system-health")


@pytest.fixture(autouse=True)
def _declared():
    declare_setting("test.days", 5, int, "Days", group="Sales", is_public=True, minimum=1, maximum=9)
    declare_setting("test.token", "", str, "Token", is_secret=True, group="Sales")
    cache.clear()
    yield
    DECLARED.pop("test.days")
    DECLARED.pop("test.token")
    cache.clear()


@pytest.fixture
def staff():
    return api_client(UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def call(do, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return do(*args, **kwargs)

    return call


@pytest.mark.parametrize("address", STAFF_ONLY)
def test_only_staff_with_the_right_get_in(address):
    url = f"/api/v1/{address}"
    assert api_client().get(url).status_code == 401
    assert api_client(actor=actor_for("owner")).get(url).status_code == 403
    assert api_client(UserFactory(is_staff=True)).get(url).status_code == 403
    assert api_client(UserFactory(is_staff=True, is_superuser=True)).get(url).status_code == 200


def test_staff_change_the_platforms_settings(staff, committed):
    body = {"values": {"test.days": 7, "test.token": "s3cret"}}
    assert committed(staff.put, "/api/v1/admin/config", body, format="json").status_code == 200
    answer = staff.get("/api/v1/admin/config")
    rows = {row["key"]: row for row in answer.json()["data"]["settings"]}
    assert (rows["test.days"]["value"], rows["test.days"]["isSet"], rows["test.days"]["kind"]) == (7, True, "int")
    assert (rows["test.token"]["value"], rows["test.token"]["isSet"]) == (None, True)
    assert "s3cret" not in answer.content.decode()
    assert get_secret("test.token") == "s3cret"
    assert AuditLog.objects.filter(action="setting.changed", organization=None).count() == 2

    committed(staff.put, "/api/v1/admin/config", {"values": {"test.days": None}}, format="json")
    assert get_setting("test.days") == 5


def test_one_bad_value_keeps_all_from_changing(staff):
    body = {"values": {"test.days": 10, "test.token": "x", "maintenance.retry_minutes": 0}}
    answer = staff.put("/api/v1/admin/config", body, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_001")
    assert set(answer.json()["error"]["details"]["fields"]) == {"test.days", "maintenance.retryMinutes"}
    assert staff.put("/api/v1/admin/config", {"values": {"no.such": 1}}, format="json").status_code == 404
    assert not Setting.objects.exists()


def test_a_company_changes_its_own(committed):
    owner, branch = actor_for("owner"), BranchFactory()
    client = api_client(actor=owner)
    answer = committed(client.put, "/api/v1/settings", {"values": {"test.days": 8}}, format="json")
    assert answer.status_code == 200
    assert (get_setting("test.days", owner.organization_id), get_setting("test.days")) == (8, 5)
    own = BranchFactory(organization_id=owner.organization_id)
    url = f"/api/v1/settings?branch={own.pk}"
    committed(client.put, url, {"values": {"test.days": 9}}, format="json")
    assert get_setting("test.days", owner.organization_id, own.pk) == 9
    assert client.get(f"/api/v1/settings?branch={branch.pk}").status_code == 404
    assert client.get("/api/v1/settings?branch=x").status_code == 400
    assert api_client(actor=actor_for("technician")).get("/api/v1/settings").status_code == 403
    mode = {"values": {"maintenance.is_on": True}}
    assert client.put("/api/v1/settings", mode, format="json").status_code == 400


def test_everybody_reads_the_public_ones(committed):
    owner = actor_for("owner")
    committed(api_client(actor=owner).put, "/api/v1/settings", {"values": {"test.days": 8}}, format="json")
    everybody = api_client().get("/api/v1/settings/public").json()["data"]["settings"]
    assert (everybody["test.days"], everybody["site.name"]) == (5, "Baylink")
    assert "test.token" not in everybody
    own = api_client().get(f"/api/v1/settings/public?organization={owner.organization_id}").json()
    assert own["data"]["settings"]["test.days"] == 8
    assert api_client().get("/api/v1/settings/public?organization=x").status_code == 400


def test_maintenance_is_switched_and_staff_get_in_with_their_token(staff, committed):
    person = UserFactory(is_staff=True, is_superuser=True)
    answer = committed(staff.put, "/api/v1/admin/maintenance", {"isOn": True, "retryMinutes": 7}, format="json")
    assert answer.json()["data"] == {"isOn": True, "message": "", "retryMinutes": 7}
    closed = api_client(actor=actor_for("owner")).get("/api/v1/jobs")
    assert (closed.status_code, closed["Retry-After"]) == (503, "420")
    app = APIClient(HTTP_AUTHORIZATION=f"Bearer {log_in_app(person.email, PASSWORD).access_token}")
    committed(app.put, "/api/v1/admin/maintenance", {"isOn": False}, format="json")
    assert get_setting("maintenance.is_on") is False


def test_health_tells_what_waits_and_what_failed(staff):
    JobRun.objects.create(name="test.job", state="running")
    data = staff.get("/api/v1/admin/system-health").json()["data"]
    assert data["jobs"] == {"waiting": 0, "running": 1, "failed": 0, "done": 0}
    assert {check["name"] for check in data["checks"]} == {"database", "redis", "worker", "queue", "outbox", "disk"}
    assert data["status"] in {"healthy", "warning"}
    assert data["versions"]["baylink"] == "0.1.0"
    assert data["sizes"]["databaseBytes"] > 10**6
    assert len(data["sizes"]["largestTables"]) == 5


def test_staff_steer_all_jobs_and_people_see_their_own(staff):
    actor = member_with("nothing.at_all")
    own = JobRun.objects.create(name="test.job", user_id=actor.user_id)
    other = JobRun.objects.create(name="test.job", user=UserFactory(), state="failed", error="row 7")
    assert [row["id"] for row in staff.get("/api/v1/admin/jobs").json()["data"]] == [str(other.pk), str(own.pk)]
    failed = staff.get("/api/v1/admin/jobs?filter[state]=failed").json()["data"]
    assert [(row["id"], row["error"]) for row in failed] == [(str(other.pk), "row 7")]
    client = api_client(actor=actor)
    assert [row["id"] for row in client.get("/api/v1/jobs").json()["data"]] == [str(own.pk)]
    assert client.get(f"/api/v1/jobs/{other.pk}").status_code == 404
    assert client.put(f"/api/v1/jobs/{other.pk}/cancel").status_code == 404
    assert staff.put(f"/api/v1/admin/jobs/{other.pk}/retry").status_code == 422
    assert client.put(f"/api/v1/jobs/{own.pk}/cancel").json()["data"]["state"] == "cancelled"
    assert staff.put(f"/api/v1/admin/jobs/{uuid7()}/cancel").status_code == 404
