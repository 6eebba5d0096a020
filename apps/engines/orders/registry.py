"""What the apps above tell orders about the documents that lines are for."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from apps.engines.orders.models import OrderLine

SourceLock = Callable[[list[UUID]], None]
SOURCE_LOCKS: dict[str, SourceLock] = {}


def register_source_lock(source_type: str, lock: SourceLock) -> None:
    """`lock(ids)` locks the documents behind lines of this type, in id order.

    An app whose listeners change such documents must register: its own services lock the document and then stock, so an
    order has to do the same, or both could wait for each other. Raises ValueError for a type registered twice.
    """
    if SOURCE_LOCKS.setdefault(source_type, lock) is not lock:
        raise ValueError(f"two locks for {source_type}")


def lock_sources(lines: Iterable[OrderLine]) -> None:
    """Locks what the lines are for, before any stock is locked."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for line in lines:
        if line.source_id and line.source_type in SOURCE_LOCKS:
            ids[line.source_type].add(line.source_id)
    for source_type in sorted(ids):
        SOURCE_LOCKS[source_type](sorted(ids[source_type]))
