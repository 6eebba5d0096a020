"""Loading the demo world anew from the staff CMS."""

import os
import subprocess
import sys
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.core.actor import system_actor
from apps.core.errors import NotFound
from apps.demo import job as demo_job
from apps.demo.reset import empty_database
from apps.engines.billing.models import Invoice
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Organization, Role
from apps.platform.organizations.roles import load_system_roles
from apps.platform.system.jobs import JOBS, running, start_job
from apps.platform.system.models import JobRun
from apps.platform.system.services.start_by_hand import list_buttons, start_by_hand
from apps.platform.system.tasks import run_job
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(running, "wake", lambda name, **_when: None)


def test_staff_of_a_demo_installation_may_start_it():
    assert demo_job.NAME in {kind.name for kind in list_buttons()}
    staff = actor_for("owner", user=UserFactory(is_staff=True))
    job = start_by_hand(staff, demo_job.NAME)
    assert (job.user_id, job.organization_id, job.label) == (None, None, staff.name)


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_leaves_the_job_that_does_it():
    OrganizationFactory()
    start_job(system_actor(), demo_job.NAME, label="An")
    job = running.RunningJob(running.take_next(JOBS[demo_job.NAME]))
    JobRun.objects.create(name="test.other", state="running")

    with transaction.atomic():
        empty_database()

    assert not Organization.objects.exists()
    assert list(JobRun.objects.values_list("pk", flat=True)) == [job.id]
    job.report(90)
    job.finish("done")
    assert JobRun.objects.get().state == "done"


def test_a_failure_says_why(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "no room on the disk")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    start_job(system_actor(), demo_job.NAME, label="An")
    with pytest.raises(demo_job.LoadingFailed):
        running.run_next(demo_job.NAME)
    assert JobRun.objects.get().error == "no room on the disk"


def load_reference_data():
    """What migrations put in, and what an earlier test may have emptied."""
    load_system_roles(Role)
    import_module("apps.engines.pricing.migrations.0002_vietnam_vat").load(apps, None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_replaces_everything_by_the_demo_world(monkeypatch):
    """For real: the worker's task, the process that it starts, a small world."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    for name, value in {"DATABASE_URL": url, "DB_POOL": "0", "DJANGO_SETTINGS_MODULE": "config.settings.test"}.items():
        monkeypatch.setenv(name, value)
    load_reference_data()
    old = OrganizationFactory(name="Công ty cũ")
    waiting = JobRun.objects.create(name="test.other", state="queued")
    job = start_job(system_actor(), demo_job.NAME, label="An", arguments={"scale": 0.01})

    run_job(demo_job.NAME)

    job.refresh_from_db()
    assert (job.state, job.progress, job.attempts, job.error) == ("done", 100, 1, "")
    assert not Organization.objects.filter(pk=old.pk).exists()
    assert not JobRun.objects.filter(pk=waiting.pk).exists()
    assert Organization.objects.count() >= 3
    assert User.objects.count() > 10
    assert Invoice.objects.exists()


class TestElsewhere:
    """An installation that is none for demonstration."""

    @pytest.fixture(autouse=True)
    def _real(self, settings, monkeypatch):
        settings.DEMO = False
        monkeypatch.setattr(subprocess, "run", lambda *args, **options: pytest.fail("a process was started"))
        self.company = OrganizationFactory()

    def check_nothing_happened(self):
        assert list(Organization.objects.all()) == [self.company]

    def test_the_button_is_not_there(self, monkeypatch):
        monkeypatch.delitem(JOBS, demo_job.NAME)
        assert demo_job.NAME not in {kind.name for kind in list_buttons()}
        with pytest.raises(NotFound):
            start_by_hand(actor_for("owner", organization=self.company, user=UserFactory(is_staff=True)), demo_job.NAME)
        with pytest.raises(KeyError):
            start_job(system_actor(), demo_job.NAME, label="x")
        assert not JobRun.objects.exists()
        self.check_nothing_happened()

    def test_a_job_that_got_into_the_queue_all_the_same_is_refused(self):
        job = start_job(system_actor(), demo_job.NAME, label="x")
        with pytest.raises(demo_job.NoDemo):
            run_job(demo_job.NAME)
        job.refresh_from_db()
        assert job.state == "failed"
        self.check_nothing_happened()

    @pytest.mark.parametrize("option", ["--reset", "--logins", "--if-empty"])
    def test_the_command_is_refused(self, option):
        with pytest.raises(CommandError, match="no demo installation"):
            call_command("demo", option)
        self.check_nothing_happened()


def test_a_program_without_demo_does_not_know_the_job():
    """The whole way: an installation started with DEMO off offers nothing to load."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    code = (
        "import django; django.setup();"
        "from apps.platform.system.jobs import JOBS; print(sorted(n for n in JOBS if n.startswith('demo')))"
    )
    module = {"DJANGO_SETTINGS_MODULE": "config.settings.base"}
    for value, found in (("False", "[]"), ("True", "['demo.reset']")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **module, "DEMO": value, "DEBUG": "True", "OIDC_PRIVATE_KEY": pem},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout.strip() == found, done.stderr[-500:]
