"""Loads the demo world and tells how to log in to it."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demo.load import is_loaded, load_world
from apps.demo.logins import logins_text


class Command(BaseCommand):
    help = "Loads a year of two garages and a distributor, and lists the log-ins of all roles."

    # The log-ins are to be there at once.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="load into an empty database only")
        parser.add_argument("--reset", action="store_true", help="delete ALL data, then load")
        parser.add_argument("--logins", action="store_true", help="list addresses and log-ins")
        parser.add_argument("--scale", type=float, default=1.0, help="share of the visits (1 is the whole year)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo installation (DEMO is off).")
        if options["logins"]:
            self.stdout.write(logins_text())
            return
        if options["reset"] or not is_loaded():
            self._load(options)
        elif not options["if_empty"]:
            self.stderr.write("The database is not empty; --reset deletes everything and loads the demo world.")

    def _load(self, options: dict[str, Any]) -> None:
        began = monotonic()
        load_world(share=options["scale"], empty_first=options["reset"])
        self.stderr.write(f"Demo world loaded in {monotonic() - began:.0f} s.")
