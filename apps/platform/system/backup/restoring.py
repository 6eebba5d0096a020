"""Bringing a backup back."""

import hashlib
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.platform.system.backup.contents import list_tables, read_sequences, read_sums
from apps.platform.system.backup.programs import BackupError, run_program
from apps.platform.system.backup.writing import FORM


def restore_backup(source: Path, *, replace: bool = False, alias: str = "default") -> dict[str, Any]:
    """Fills an empty database and the file storage from `source`; returns the manifest.

    With `replace` a filled database is emptied first. The database comes back whole or not at all. Raises BackupError
    when something is there already, and when counts, checksums or sequences differ from those of the backup.
    """
    connection = connections[alias]
    try:
        with tarfile.open(source) as tar, tempfile.TemporaryDirectory() as folder:
            manifest = _read_manifest(tar)
            _make_room(connection, replace=replace)
            dump = Path(folder) / "database.dump"
            dump.write_bytes(_read(tar, "database.dump"))
            # Our own connection holds prepared plans of tables that are about to go.
            connection.close()
            arguments = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            target = f"--dbname={connection.settings_dict['NAME']}"
            run_program("pg_restore", *arguments, target, str(dump), connection=connection)
            for name, digest in manifest["files"].items():
                _put_file(name, _read(tar, f"files/{name}"), digest)
    except (tarfile.TarError, OSError) as error:
        raise BackupError(f"{source} cannot be read: {error}") from error
    check_restored(connection, manifest)
    return manifest


def check_restored(connection: BaseDatabaseWrapper, manifest: dict[str, Any]) -> None:
    """Raises BackupError naming the tables and sequences that differ."""
    tables, sequences = read_sums(connection), read_sequences(connection)
    wrong = [name for name, sums in manifest["tables"].items() if tables.get(name) != sums]
    wrong += [name for name in tables if name not in manifest["tables"]]
    wrong += [name for name, last in manifest["sequences"].items() if sequences.get(name) != last]
    if wrong:
        raise BackupError(f"Different from the backup: {', '.join(sorted(wrong))}")


def _read_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(_read(tar, "manifest.json"))
    if manifest.get("form") != FORM:
        raise BackupError("This backup was made by another version of this command.")
    return manifest


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        member = tar.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise BackupError(f"The backup holds no {name}.")
    return member.read()


def _make_room(connection: BaseDatabaseWrapper, *, replace: bool) -> None:
    tables = list_tables(connection)
    if tables and not replace:
        raise BackupError(f"The database is not empty ({len(tables)} tables). Use an empty one, or --replace.")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        # The dump makes it anew only where it is not the usual one.
        cursor.execute("CREATE SCHEMA public")


def _put_file(name: str, content: bytes, digest: str) -> None:
    if hashlib.sha256(content).hexdigest() != digest:
        raise BackupError(f"The file {name} in the backup is damaged.")
    if default_storage.exists(name):
        default_storage.delete(name)
    if default_storage.save(name, ContentFile(content)) != name:
        raise BackupError(f"The file {name} could not be stored under its name.")
