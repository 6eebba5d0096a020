"""Inherited checks of REST resources: who gets in, whose rows are shown, filters, sorting, and how many queries it costs.

A test class inherits the kit through `tests.support.api.ApiKit`, names its address and makes rows. The query counts
stand in `tests/query_counts.json`; `QUERY_COUNTS=write` writes what is counted now, and the change is reviewed.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.actor import Actor

_FEW, _MANY = 1, 20


class ResourceKit:
    """`url` is the list's address, `right` what opens list and detail.

    `filter_queries` and `sorts` are each called once. Actions are switched off by `has_list`, `has_detail`; rows that
    belong to a branch are proven hidden with `has_branches`.
    """

    url: ClassVar[str] = ""
    right: ClassVar[str] = ""
    filter_queries: ClassVar[Sequence[str]] = ()
    sorts: ClassVar[Sequence[str]] = ()
    has_list: ClassVar[bool] = True
    has_detail: ClassVar[bool] = True
    has_branches: ClassVar[bool] = False

    def make_member(self, *rights: str, place: Any = None, branch: Any = None) -> Actor:
        """A member of `place` (a new company by default) with just these rights."""
        raise TypeError("inherit from tests.support.api")

    def make_branch_member(self, *rights: str) -> Actor:
        """A member of one branch alone."""
        raise TypeError("inherit from tests.support.api")

    def client_of(self, actor: Actor | None = None) -> Any:
        """A client that calls as the actor, or as nobody."""
        raise TypeError("inherit from tests.support.api")

    def make_row(self, actor: Actor, number: int = 1) -> Any:
        """A row that the actor may see; different for each number."""
        raise TypeError(f"{type(self).__name__} must make rows")

    def make_foreign_row(self) -> Any:
        """A row of another company."""
        return self.make_row(self.make_member(self.right))

    def make_row_of_other_branch(self, actor: Actor) -> Any:
        """A row of the actor's company in a branch that is closed to them."""
        raise TypeError(f"{type(self).__name__} must make rows of other branches")

    def url_of(self, row: Any = None) -> str:
        return f"{self.url}/{row.pk}" if row is not None else self.url

    def ids_in(self, answer: Any) -> list[str]:
        return [row["id"] for row in answer.json()["data"]]

    def addresses(self, row: Any) -> list[str]:
        """What the resource serves of list and detail."""
        return [*([self.url_of()] if self.has_list else []), *([self.url_of(row)] if self.has_detail else [])]

    def test_a_stranger_is_asked_to_log_in(self) -> None:
        row = self.make_row(self.make_member(self.right))

        for url in self.addresses(row):
            answer = self.client_of().get(url)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_002"), url

    def test_without_the_right_it_is_refused(self) -> None:
        actor = self.make_member("nothing.at_all")
        row = self.make_row(actor)

        for url in self.addresses(row):
            answer = self.client_of(actor).get(url)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AUTH_003"), url

    def test_own_rows_are_listed_and_foreign_ones_are_not(self) -> None:
        self.skip_unless(self.has_list)
        actor = self.make_member(self.right)
        own, foreign = self.make_row(actor), self.make_foreign_row()

        ids = self.ids_in(self.client_of(actor).get(self.url_of()))

        assert str(own.pk) in ids
        assert str(foreign.pk) not in ids

    def test_own_row_is_shown(self) -> None:
        self.skip_unless(self.has_detail)
        actor = self.make_member(self.right)
        row = self.make_row(actor)

        answer = self.client_of(actor).get(self.url_of(row))

        assert answer.status_code == 200
        assert answer.json()["data"]["id"] == str(row.pk)

    def test_another_companys_row_is_not_found(self) -> None:
        self.skip_unless(self.has_detail)
        foreign = self.make_foreign_row()

        answer = self.client_of(self.make_member(self.right)).get(self.url_of(foreign))

        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND_001")

    def test_another_branchs_row_is_not_found(self) -> None:
        self.skip_unless(self.has_branches)
        actor = self.make_branch_member(self.right)
        closed = self.make_row_of_other_branch(actor)
        client = self.client_of(actor)

        if self.has_detail:
            assert client.get(self.url_of(closed)).status_code == 404
        if self.has_list:
            assert str(closed.pk) not in self.ids_in(client.get(self.url_of()))

    def test_every_filter_and_order_answers(self) -> None:
        self.skip_unless(self.has_list)
        actor = self.make_member(self.right)
        row = self.make_row(actor)
        client = self.client_of(actor)

        for query in self.filter_queries:
            assert client.get(f"{self.url_of()}?{query}").status_code == 200, query
        for name in self.sorts:
            for order in ("asc", "desc"):
                answer = client.get(self.url_of(), {"sort": name, "order": order})
                assert str(row.pk) in self.ids_in(answer), (name, order)

    def test_what_is_not_declared_is_refused(self) -> None:
        self.skip_unless(self.has_list)
        client = self.client_of(self.make_member(self.right))

        for query in ("filter[noSuchField]=1", "sort=noSuchField", "noSuchParameter=1", "limit=101"):
            answer = client.get(f"{self.url_of()}?{query}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_001"), query

    def test_a_list_costs_the_same_few_queries_for_many_rows(self) -> None:
        self.skip_unless(self.has_list)
        actor = self.make_member(self.right)
        client = self.client_of(actor)
        self.make_row(actor, 1)
        few = self.count_queries(client, self.url_of())
        for number in range(_FEW + 1, _MANY + 1):
            self.make_row(actor, number)

        assert self.count_queries(client, self.url_of()) == few
        check_count(self.count_name("list"), few)

    def test_a_row_costs_as_many_queries_as_reviewed(self) -> None:
        self.skip_unless(self.has_detail)
        actor = self.make_member(self.right)
        row = self.make_row(actor)

        check_count(self.count_name("detail"), self.count_queries(self.client_of(actor), self.url_of(row)))

    def count_queries(self, client: Any, url: str) -> int:
        """Queries of one call after everything is warm."""
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def count_name(self, what: str) -> str:
        return f"{type(self).__name__} {what}"

    @staticmethod
    def skip_unless(applies: bool) -> None:
        if not applies:
            pytest.skip("does not apply to this resource")


def check_count(name: str, count: int) -> None:
    """Fails when `count` differs from the reviewed one; with QUERY_COUNTS=write it becomes the reviewed one."""
    path = Path(settings.BASE_DIR) / "tests" / "query_counts.json"
    counts: Mapping[str, int] = json.loads(path.read_text()) if path.exists() else {}
    if os.environ.get("QUERY_COUNTS") == "write":
        path.write_text(json.dumps({**counts, name: count}, indent=1, sort_keys=True) + "\n")
        return
    assert name in counts, f"{name} is not in {path.name}: run once with QUERY_COUNTS=write ({count} queries)"
    assert count == counts[name], f"{name} costs {count} queries, reviewed are {counts[name]}"
