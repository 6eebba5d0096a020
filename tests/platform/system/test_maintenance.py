"""Maintenance mode asks everybody but staff to come back."""

import pytest
from django.core.cache import cache
from django.test import Client

from apps.core.errors import NotAllowed
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.services import build_actor
from apps.platform.system.services.maintenance import set_maintenance
from apps.platform.system.settings import get_setting, store_setting
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def _maintenance(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store_setting("maintenance.is_on", True)
        store_setting("maintenance.message", "Back at 10.")
    yield
    cache.clear()


@pytest.mark.usefixtures("_maintenance")
class TestMaintenance:
    def test_pages_and_api_say_so(self):
        page = Client().get("/")
        api = Client().get("/api/v1/auth/me")

        assert (page.status_code, page["Retry-After"]) == (503, "300")
        assert "Back at 10." in page.content.decode()
        assert (api.status_code, api["Retry-After"]) == (503, "300")
        assert api.json()["error"]["code"] == "MAINTENANCE_001"
        assert api.json()["error"]["message"] == "Back at 10."

    def test_probes_stay_open(self):
        assert Client().get("/healthz").status_code == 200

    def test_staff_get_through(self):
        client = Client()
        client.force_login(UserFactory(is_staff=True), backend="apps.platform.accounts.backends.EmailOrPhoneBackend")

        assert client.get("/api/v1/auth/me").status_code == 200

    def test_others_do_not(self):
        client = Client()
        client.force_login(UserFactory(), backend="apps.platform.accounts.backends.EmailOrPhoneBackend")

        assert client.get("/api/v1/auth/me").status_code == 503


def test_without_maintenance_everything_is_open():
    assert Client().get("/api/v1/auth/me").status_code == 401


class TestTheSwitch:
    def test_staff_switch_it_and_the_log_says_so(self, django_capture_on_commit_callbacks):
        staff = build_actor(UserFactory(is_staff=True))
        with django_capture_on_commit_callbacks(execute=True):
            state = set_maintenance(staff, is_on=True, message="Back soon.", retry_minutes=20)
        assert state == {"is_on": True, "message": "Back soon.", "retry_minutes": 20}
        page = Client().get("/")
        assert (page.status_code, page["Retry-After"]) == (503, "1200")
        assert AuditLog.objects.filter(action="setting.changed").count() == 3
        with django_capture_on_commit_callbacks(execute=True):
            set_maintenance(staff, is_on=False)
        assert Client().get("/api/v1/auth/me").status_code == 401
        assert get_setting("maintenance.message") == "Back soon."

    def test_others_do_not(self):
        with pytest.raises(NotAllowed):
            set_maintenance(actor_for("owner"), is_on=True)
        assert get_setting("maintenance.is_on") is False

    def test_support_is_named(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            store_setting("maintenance.is_on", True)
            store_setting("site.support_phone", "1900 1234")
        assert "1900 1234" in Client().get("/").content.decode()
        cache.clear()
