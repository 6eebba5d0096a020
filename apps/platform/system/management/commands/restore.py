"""Brings a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.system.backup import restore_backup
from apps.platform.system.backup.programs import BackupError


class Command(BaseCommand):
    help = "Fills an empty database and the file storage from a backup, and counts again."
    # The database may be empty.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("--replace", action="store_true", help="delete ALL present data first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_backup(options["source"], replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored the state of {manifest['made_at']}; every table counted the same. Now run: manage.py migrate, "
            "verify_stock, verify_money."
        )
