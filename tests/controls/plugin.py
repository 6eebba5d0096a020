"""Loaded into the test runs of controls: drops what the database would refuse by, and tells how each test ended."""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

DROPS, OUTCOMES = "CONTROL_DROPS", "CONTROL_OUTCOMES"
# What the database keeps its word by: kind, where it is listed with its table, and how to take it away.
_KINDS = (
    (
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s",
        'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
    ),
    ("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", 'DROP TRIGGER "{name}" ON {table}'),
    ("SELECT tablename FROM pg_indexes WHERE indexname = %s", 'DROP INDEX "{name}"'),
)


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """One line per phase of a test that did not pass, and per test that did."""
    report = yield
    if report.when == "call" or report.failed:
        error = call.excinfo.type.__name__ if call.excinfo and report.failed else ""
        line = {"test": item.nodeid, "when": report.when, "outcome": report.outcome, "error": error}
        with Path(os.environ[OUTCOMES]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return report


def _drop(name: str) -> None:
    with connections["default"].cursor() as cursor:
        for question, command in _KINDS:
            cursor.execute(question, [name])
            row = cursor.fetchone()
            if row is not None:
                cursor.execute(command.format(table=row[0], name=name))
                return
    raise LookupError(f"The database has nothing called {name}.")
