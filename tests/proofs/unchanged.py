"""Nothing was left behind: all rows of all tables, before and after."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import transaction

# What is meant to be kept of a refused try: who knocked, and what a payment company said.
_MEANT = {
    "accounts.AccessLink",
    "accounts.LoginHistory",
    "accounts.User",
    "accounts.UserSession",
    "payments.ProviderEvent",
    "system.IdempotencyRecord",
    "sessions.Session",
}


def all_rows() -> dict[str, tuple[int, str]]:
    """Number and digest of the rows of every table of the project."""
    found = {}
    for model in apps.get_models():
        if model._meta.label in _MEANT or not model.__module__.startswith(("apps.", "simple_history")):
            continue
        rows = [repr(row) for row in model._default_manager.order_by("pk").values_list()]
        found[model._meta.label] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fails when a table differs after the block."""
    before = all_rows()
    yield
    after = all_rows()
    changed = {name: (before[name][0], after[name][0]) for name in before if before[name] != after[name]}
    assert changed == {}, f"left behind (rows before, after): {changed}"


def undone() -> transaction.Atomic:
    """A block like those of test cases: services that insist on a transaction of their own may run inside."""
    block = transaction.atomic()
    block._from_testcase = True
    return block
