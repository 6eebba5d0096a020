"""Loaded into the test runs of controls.

Runs the tests of many controls in one process, each with its rule swapped out; or, for a control that is on its own,
drops what the database would refuse by. Tells how each test ended.
"""

import json
import os
import signal
from collections.abc import Generator, Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tests.controls.catalogue import Control, read_controls
from tests.controls.swapping import swapped

DROPS, OUTCOMES, SWAPS = "CONTROL_DROPS", "CONTROL_OUTCOMES", "CONTROL_SWAPS"
# What the database keeps its word by: kind, where it is listed with its table, and how to take it away.
_KINDS = (
    (
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s",
        'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
    ),
    ("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", 'DROP TRIGGER "{name}" ON {table}'),
    ("SELECT tablename FROM pg_indexes WHERE indexname = %s", 'DROP INDEX "{name}"'),
)
_LONGEST = 120  # seconds for one test
Step = tuple[Control | None, pytest.Item]
_present = SimpleNamespace(control="")


class TestTooLong(BaseException):
    """Without its rule a test waits for what never comes."""


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: Any) -> Generator[None, object, object]:
    """Takes the named constraints out of the run's own database as soon as it is there."""
    answer = yield
    if fixturedef.argname == "django_db_setup":
        with request.getfixturevalue("django_db_blocker").unblock():
            for name in filter(None, os.environ.get(DROPS, "").split(",")):
                _drop(name)
            connections["default"].close()
    return answer


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """All tests of the controls that are to be swapped: first with every rule in place, then without each one."""
    names = set(filter(None, os.environ.get(SWAPS, "").split(",")))
    if not names:
        return None
    signal.signal(signal.SIGALRM, _give_up)
    steps = list(_list_steps([control for control in read_controls() if control.name in names], session.items))
    for step, following in pairwise([*steps, None]):
        if step is not None:
            _run(step, following)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """One line per phase of a test that did not pass, and per test that did."""
    report = yield
    if report.when == "call" or report.failed:
        error = call.excinfo.type.__name__ if call.excinfo and report.failed else ""
        _note(item, when=str(report.when), outcome=str(report.outcome), error=error)
    return report


def _list_steps(controls: list[Control], items: list[pytest.Item]) -> Iterator[Step]:
    """Tests that empty the database come last, as everywhere: what migrations wrote is gone after them."""
    for empties in (False, True):
        found = [(control, rows) for control in controls if _empties(rows := _items_of(control, items)) is empties]
        yield from ((None, item) for item in dict.fromkeys(item for _control, rows in found for item in rows))
        yield from ((control, item) for control, rows in found for item in rows)


def _items_of(control: Control, items: list[pytest.Item]) -> list[pytest.Item]:
    return [item for item in items if {item.nodeid, item.nodeid.partition("[")[0]} & set(control.tests)]


def _empties(items: list[pytest.Item]) -> bool:
    marks = (mark for item in items for mark in item.iter_markers("django_db"))
    fixtures = {name for item in items for name in getattr(item, "fixturenames", ())}
    return any(mark.kwargs.get("transaction") for mark in marks) or "transactional_db" in fixtures


def _run(step: Step, following: Step | None) -> None:
    control, item = step
    _present.control = control.name if control else ""
    # A test that ran before needs fixtures of its own again; what the following one shares stays.
    item._initrequest()  # type: ignore[attr-defined]
    nextitem: Any = following[1].parent if following else None
    signal.alarm(_LONGEST)
    try:
        if control is None:
            runtestprotocol(item, nextitem=nextitem, log=False)
        else:
            with swapped(control):
                runtestprotocol(item, nextitem=nextitem, log=False)
    except (LookupError, ValueError) as error:
        _note(item, when="swap", outcome="failed", error=f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)


def _give_up(*_: Any) -> None:
    raise TestTooLong


def _note(item: pytest.Item, *, when: str, outcome: str, error: str) -> None:
    line = {"control": _present.control, "test": item.nodeid, "when": when, "outcome": outcome, "error": error}
    with Path(os.environ[OUTCOMES]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _drop(name: str) -> None:
    with connections["default"].cursor() as cursor:
        for question, command in _KINDS:
            cursor.execute(question, [name])
            row = cursor.fetchone()
            if row is not None:
                cursor.execute(command.format(table=row[0], name=name))
                return
    raise LookupError(f"The database has nothing called {name}.")
