"""Loading the demo world anew from the staff CMS, in a demo installation alone."""

import subprocess
import sys

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import BusinessError
from apps.platform.system.jobs import RunningJob, declare_job

NAME = "demo.reset"
_MOST_SECONDS = 3600


class LoadingFailed(BusinessError):
    rule = "demo_not_loaded"


class NoDemo(BusinessError):
    rule = "no_demo"
    message = gettext_lazy("This is no demo installation.")


def reset_demo(job: RunningJob) -> None:
    """Deletes ALL data and loads the demo world, in a process of its own: it draws pictures with further processes.

    The row of the job outlives the deletion (see `reset.KEPT_ROWS`). Raises NoDemo elsewhere, whoever queued it.
    """
    if not settings.DEMO:
        raise NoDemo
    job.report(5, _("All data is being replaced; nobody can work meanwhile."))
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--reset"]
    command += ["--scale", str(job.arguments.get("scale", 1))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_MOST_SECONDS, check=False)
    if done.returncode:
        raise LoadingFailed(done.stderr.strip()[-500:])


def offer() -> None:
    """Puts the button into the staff CMS."""
    declare_job(
        NAME,
        reset_demo,
        label=gettext_lazy("Demo data"),
        button=gettext_lazy("Load the demo data anew"),
        confirm=gettext_lazy(
            "Everything in the database is deleted and the demo world is loaded: companies, customers, a year of visits."
            " It takes a few minutes. You have to log in again afterwards."
        ),
    )
