"""The audit log is kept for a time only. The database deletes lines through one function alone, and none that is young."""

from datetime import datetime

from django.db import connection

LEAST_DAYS = 30


def forget_entries(*, before: datetime) -> int:
    """Deletes lines older than the moment, a few thousand at a time; returns how many.

    Raises django.db.DatabaseError for a moment less than 30 days ago: the database refuses.
    """
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_forget(%s)", [before])
            count = int(cursor.fetchone()[0])
        total += count
        if not count:
            return total
