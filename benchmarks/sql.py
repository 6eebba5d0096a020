"""The bare SQL of the same work, on a plain connection: what is left when the framework is taken away."""

import os
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext


def connect() -> psycopg.Connection[Any]:
    """A connection of one's own, each statement committed."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def capture(work: Callable[[], object]) -> list[str]:
    """The SELECT statements that `work` runs, with their values."""
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    return [row["sql"] for row in queries.captured_queries if row["sql"].lstrip().upper().startswith("SELECT")]


def replay(statements: list[str]) -> Callable[[int], Callable[[], object]]:
    """For `measure`: each client has a connection and runs the statements one after the other, fetching all rows."""

    def make_call(_client: int) -> Callable[[], object]:
        own = connect()

        def call() -> None:
            for statement in statements:
                own.execute(statement.encode()).fetchall()

        return call

    return make_call
