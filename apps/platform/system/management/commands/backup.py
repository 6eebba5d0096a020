"""Writes a backup of database and files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.platform.system.backup import make_backup
from apps.platform.system.backup.programs import BackupError


class Command(BaseCommand):
    help = "Writes database and files into one tar file, without stopping anybody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="the file; by default one named by the time")

    def handle(self, *args: Any, **options: Any) -> None:
        name = f"baylink-{timezone.now():%Y%m%d-%H%M%S}.tar"
        target = options["target"] or Path(settings.BACKUP_ROOT) / name
        try:
            manifest = make_backup(target)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(count for count, _ in manifest["tables"].values())
        self.stdout.write(f"{target}: {len(manifest['tables'])} tables, {rows} rows, {len(manifest['files'])} files.")
        for missing in manifest["missing"]:
            self.stderr.write(f"no file: {missing}")
