"""Making a backup."""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.platform.system.backup.contents import list_files, read_sequences, read_sums
from apps.platform.system.backup.programs import BackupError, run_program

FORM = 1


def make_backup(target: Path, *, alias: str = "default") -> dict[str, Any]:
    """Writes the tar file `target`, readable by its owner alone, and returns its manifest.

    Files that rows name but nobody has any more are listed as `missing`. Raises BackupError; nothing is left then.
    """
    if target.exists():
        raise BackupError(f"{target} exists already.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder, tarfile.open(draft, "w") as tar:
            draft.chmod(0o600)
            manifest = _fill(tar, Path(folder) / "database.dump", alias)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _fill(tar: tarfile.TarFile, dump: Path, alias: str) -> dict[str, Any]:
    connection = connections[alias]
    with _snapshot(connection) as snapshot:
        with dump.open("wb") as output:
            arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            run_program("pg_dump", *arguments, connection=connection, output=output)
        manifest = {
            "form": FORM,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "tables": read_sums(connection),
            "sequences": read_sequences(connection),
            "files": {},
            "missing": [],
        }
        names = list(list_files(alias))
    tar.add(dump, "database.dump")
    for storage, name in names:
        _add_file(tar, storage, name, manifest)
    _add(tar, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return manifest


@contextmanager
def _snapshot(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """One state of the whole database, for us and for pg_dump."""
    if connection.in_atomic_block:
        raise BackupError("A backup is made outside of transactions.")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _add_file(tar: tarfile.TarFile, storage: Any, name: str, manifest: dict[str, Any]) -> None:
    try:
        with storage.open(name) as opened:
            content = opened.read()
    except OSError:
        manifest["missing"].append(name)
        return
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    _add(tar, f"files/{name}", content)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))
