"""Migrates, loads the demo world into an empty database and writes down its log-ins.

One process for all of it, because starting Django takes longer than most of these steps.
"""

import os
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands


def prepare(logins_file: Path) -> None:
    """Bring the database and static files up to date; the log-ins go to `logins_file`."""
    call_command("migrate", interactive=False, verbosity=1)
    logins_file.unlink(missing_ok=True)
    if settings.DEMO and "demo" in get_commands():
        call_command("demo", if_empty=True)
        text = StringIO()
        call_command("demo", logins=True, stdout=text)
        logins_file.write_text(text.getvalue(), encoding="utf-8")
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    prepare(Path(sys.argv[1]))
