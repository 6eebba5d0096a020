"""Ids sort by the time they were made."""

import uuid

from apps.core.ids import parse_id, uuid7


def test_ids_of_one_process_are_unique_and_in_order():
    ids = [uuid7() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert {(one.version, one.variant) for one in ids} == {(7, uuid.RFC_4122)}
    assert ids == sorted(ids)


def test_what_spells_no_id_is_none():
    assert parse_id("nonsense") is None
    assert parse_id(None) is None
    assert parse_id("0198a000-0000-7000-8000-000000000000") == uuid.UUID("0198a000-0000-7000-8000-000000000000")
