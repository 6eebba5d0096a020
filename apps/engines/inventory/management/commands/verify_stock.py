"""`manage.py verify_stock`: proves that stock adds up, or names every row that does not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.ids import parse_id
from apps.engines.inventory.selectors import verify_stock


class Command(BaseCommand):
    help = "Checks the whole stock ledger: sums, balances, promises and values."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="id of one company; all by default")

    def handle(self, *args: Any, organization: str | None = None, **options: Any) -> None:
        faults = verify_stock(parse_id(organization) if organization else None)
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write("stock adds up")
