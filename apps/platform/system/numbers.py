"""Numbers on documents, unique under any concurrency: the series' row is locked until the caller's transaction ends.

A number is therefore given back when the transaction fails: series taken at finalising have no gaps.
"""

from uuid import UUID

from django.db import connection

from apps.core.clock import local_date


def next_daily_number(organization_id: UUID, prefix: str, *, digits: int = 4) -> str:
    """`JC-20261120-0001`: prefix, local date, counter of that day."""
    day = local_date().strftime("%Y%m%d")
    return f"{prefix}-{day}-{_take(organization_id, f'{prefix}-{day}'):0{digits}d}"


def next_yearly_number(organization_id: UUID, prefix: str, *, digits: int = 6) -> str:
    """`INV-2026-000001`: prefix, local year, counter of that year."""
    year = local_date().year
    return f"{prefix}-{year}-{_take(organization_id, f'{prefix}-{year}'):0{digits}d}"


def _take(organization_id: UUID, series: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO system_numbersequence (organization_id, series, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (organization_id, series) DO UPDATE SET last = system_numbersequence.last + 1 RETURNING last",
            [organization_id, series],
        )
        return int(cursor.fetchone()[0])
