"""Reading what hangs on many rows at once: the first row that is asked fetches for all rows of its list.

So a query costs as many reads as it has levels, however many rows it has. Nothing is read that nobody asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

_PEERS = "_graphql_peers"
Load = Callable[[Sequence[Any]], Mapping[Any, Any]]


class Peers:
    """The rows of one list with what was fetched for all of them."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows
        self.fetched: dict[str, Mapping[Any, Any]] = {}


def as_peers(rows: Iterable[Any]) -> list[Any]:
    """The rows as a list that is read together from now on."""
    found = list(rows)
    peers = Peers(found)
    for row in found:
        setattr(row, _PEERS, peers)
    return found


def batched(row: Model, name: str, load: Load) -> Any:
    """What `load(rows)` (by primary key) has for the row; called once for the whole list. None when it has nothing."""
    peers: Peers = getattr(row, _PEERS, None) or _alone(row)
    if name not in peers.fetched:
        peers.fetched[name] = load(peers.rows)
    return peers.fetched[name].get(row.pk)


def children(row: Model, relation: str, queryset: QuerySet | None = None) -> list[Any]:
    """The rows of a relation of many, fetched for the whole list."""

    def load(rows: Sequence[Any]) -> Mapping[Any, Any]:
        lookup = Prefetch(relation, queryset) if queryset is not None else relation
        prefetch_related_objects(rows, lookup)
        found = {one.pk: list(getattr(one, relation).all()) for one in rows}
        as_peers(child for group in found.values() for child in group)
        return found

    return list(batched(row, relation, load) or [])


def visible_one(row: Model, key_name: str, rows: QuerySet) -> Any:
    """The row of `rows` (as a selector gives them) that the key `key_name` points to, fetched for the whole list."""

    def load(peers: Sequence[Any]) -> Mapping[Any, Any]:
        keys = {key for one in peers if (key := getattr(one, key_name)) is not None}
        found = {one.pk: one for one in as_peers(rows.filter(pk__in=keys))} if keys else {}
        return {one.pk: found.get(getattr(one, key_name)) for one in peers}

    return batched(row, key_name, load)


def _alone(row: Model) -> Peers:
    as_peers([row])
    peers: Peers = getattr(row, _PEERS)
    return peers
