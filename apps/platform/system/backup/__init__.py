"""A backup is one tar file: what it holds (`manifest.json`), the database as pg_dump writes it, and the files of its rows.

Database, counts and checksums are read in one snapshot, while everybody goes on working. Restoring counts again.
"""

from apps.platform.system.backup.restoring import restore_backup
from apps.platform.system.backup.writing import make_backup

__all__ = ["make_backup", "restore_backup"]
