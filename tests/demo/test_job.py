"""Loading the demo world anew from the staff CMS."""

import subprocess

import pytest
from django.db import transaction

from apps.core.actor import system_actor
from apps.demo import job as demo_job
from apps.demo.reset import empty_database
from apps.platform.organizations.models import Organization
from apps.platform.system.jobs import JOBS, running, start_job
from apps.platform.system.models import JobRun
from apps.platform.system.services.start_by_hand import list_buttons, start_by_hand
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(running, "wake", lambda name: None)


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
