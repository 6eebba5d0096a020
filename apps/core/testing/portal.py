"""Inherited checks of portal screens: who gets in, whose rows are shown, search, filters, sort, files, query counts.

A test class inherits a kit, names its screen and makes rows; `tests.support.portal` gives the people and the browser.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.actor import Actor


class ScreenKit:
    """What list and detail kits share. `right` is what opens the screen; `place` is what a member stands in."""

    url_name: ClassVar[str] = ""
    right: ClassVar[str] = ""

    def make_member(self, *rights: str, place: Any = None, branch: Any = None) -> Actor:
        """A logged-in member of `place` (a new company by default) with just these rights."""
        raise TypeError("inherit from tests.support.portal")

    def browser(self, actor: Actor | None = None) -> Client:
        """A browser, logged in as the actor's person."""
        raise TypeError("inherit from tests.support.portal")

    def make_row(self, actor: Actor, number: int = 1) -> Any:
        """A row that the actor may see; different for each number."""
        raise TypeError(f"{type(self).__name__} must make rows")

    def make_foreign_row(self) -> Any:
        """A row of another company."""
        return self.make_row(self.make_member(self.right))

    def url_of(self, row: Any = None) -> str:
        return reverse(self.url_name, kwargs={"id": row.pk} if row is not None else None)

    def count_queries(self, client: Client, url: str) -> int:
        """How many queries a page costs, after everything is warm."""
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)


class ListScreenKit(ScreenKit):
    """For list screens. `label_of(row)` is a text that only this row's line shows."""

    searches: ClassVar[bool] = True
    sorts: ClassVar[Sequence[str]] = ()
    filter_queries: ClassVar[Sequence[str]] = ()
    exports: ClassVar[bool] = True

    def label_of(self, row: Any) -> str:
        return str(row)

    def text_of(self, answer: HttpResponse) -> str:
        return answer.content.decode()

    def rows_of(self, client: Client, **query: str) -> str:
        """The table alone: menus of the page may name rows too."""
        answer = client.get(self.url_of(), query, headers={"HX-Request": "true", "HX-Target": "list"})
        assert answer.status_code == 200
        return self.text_of(answer)

    def test_a_stranger_is_sent_to_the_log_in(self) -> None:
        answer = self.browser().get(self.url_of())

        assert answer.status_code == 302
        assert answer["Location"] == f"/login/?next={self.url_of()}"

    def test_without_the_right_it_is_refused(self) -> None:
        answer = self.browser(self.make_member("report.view")).get(self.url_of())

        assert answer.status_code == 403

    def test_it_shows_own_rows_only(self) -> None:
        actor = self.make_member(self.right)
        own, foreign = self.make_row(actor), self.make_foreign_row()

        text = self.rows_of(self.browser(actor))

        assert self.label_of(own) in text
        assert self.label_of(foreign) not in text

    def test_an_empty_list_says_so(self) -> None:
        answer = self.browser(self.make_member(self.right)).get(self.url_of())

        assert answer.status_code == 200
        assert 'class="empty"' in self.text_of(answer)

    def test_search_finds_and_leaves_out(self) -> None:
        if not self.searches:
            pytest.skip("this list has no search")
        actor = self.make_member(self.right)
        one, other = self.make_row(actor, 1), self.make_row(actor, 2)
        client = self.browser(actor)

        text = self.rows_of(client, q=self.search_for(one))
        nothing = self.rows_of(client, q="không có dòng nào như vậy")

        assert self.label_of(one) in text
        assert self.label_of(other) not in text
        assert 'class="empty"' in nothing

    def search_for(self, row: Any) -> str:
        """What to type to find just this row."""
        return self.label_of(row)

    def test_every_filter_and_order_answers(self) -> None:
        actor = self.make_member(self.right)
        row = self.make_row(actor)
        client = self.browser(actor)

        for query in self.filter_queries:
            assert client.get(f"{self.url_of()}?{query}").status_code == 200, query
        for name in self.sorts:
            for order in (name, f"-{name}"):
                assert self.label_of(row) in self.rows_of(client, sort=order), order

    def test_the_table_alone_is_answered_to_htmx(self) -> None:
        actor = self.make_member(self.right)
        row = self.make_row(actor)

        answer = self.browser(actor).get(self.url_of(), headers={"HX-Request": "true", "HX-Target": "list"})

        assert "<html" not in self.text_of(answer)
        assert self.label_of(row) in self.text_of(answer)
        assert "HX-Request" in answer["Vary"]

    def test_files_hold_own_rows(self) -> None:
        if not self.exports:
            pytest.skip("this list has no files")
        actor = self.make_member(self.right)
        self.make_row(actor)
        self.make_foreign_row()
        client = self.browser(actor)

        as_csv = client.get(self.url_of(), {"export": "csv"}).content.decode("utf-8-sig")
        as_xlsx = client.get(self.url_of(), {"export": "xlsx"})

        assert len(list(csv.reader(io.StringIO(as_csv)))) == 2
        assert as_xlsx.content[:2] == b"PK"
        assert "attachment" in as_xlsx["Content-Disposition"]

    def test_more_rows_cost_no_more_queries(self) -> None:
        actor = self.make_member(self.right)
        client = self.browser(actor)
        self.make_row(actor, 1)
        few = self.count_queries(client, f"{self.url_of()}?size=50")
        for number in range(2, 31):
            self.make_row(actor, number)

        assert self.count_queries(client, f"{self.url_of()}?size=50") == few


class DetailScreenKit(ScreenKit):
    """For detail screens. `has_branches` says that rows of other branches are hidden too."""

    has_branches: ClassVar[bool] = False

    def make_row_of_other_branch(self, actor: Actor) -> Any:
        """A row of the actor's company in a branch that is closed to them."""
        raise TypeError(f"{type(self).__name__} must make rows of other branches")

    def make_branch_member(self, *rights: str) -> Actor:
        """A member of one branch alone."""
        raise TypeError("inherit from tests.support.portal")

    def test_a_stranger_is_sent_to_the_log_in(self) -> None:
        row = self.make_row(self.make_member(self.right))

        assert self.browser().get(self.url_of(row)).status_code == 302

    def test_without_the_right_it_is_refused(self) -> None:
        actor = self.make_member("report.view")

        assert self.browser(actor).get(self.url_of(self.make_row(actor))).status_code == 403

    def test_own_row_is_shown_as_page_and_in_the_drawer(self) -> None:
        actor = self.make_member(self.right)
        row = self.make_row(actor)
        client = self.browser(actor)

        page = client.get(self.url_of(row))
        drawer = client.get(self.url_of(row), headers={"HX-Request": "true", "HX-Target": "drawer"})

        assert page.status_code == drawer.status_code == 200
        assert b"<html" in page.content
        assert b"<html" not in drawer.content
        assert b'id="detail"' in drawer.content

    def test_another_company_finds_nothing(self) -> None:
        foreign = self.make_foreign_row()
        client = self.browser(self.make_member(self.right))

        assert client.get(self.url_of(foreign)).status_code == 404
        assert client.get(f"{self.url_of(foreign)}part/head/").status_code == 404

    def test_another_branch_finds_nothing(self) -> None:
        if not self.has_branches:
            pytest.skip("rows of this screen belong to the whole company")
        actor = self.make_branch_member(self.right)

        answer = self.browser(actor).get(self.url_of(self.make_row_of_other_branch(actor)))

        assert answer.status_code == 404

    def test_every_part_draws_itself(self) -> None:
        actor = self.make_member(self.right)
        row = self.make_row(actor)
        client = self.browser(actor)
        page = client.get(self.url_of(row))

        for fragment in page.context["view"].shown_fragments():
            answer = client.get(f"{self.url_of(row)}part/{fragment.name}/", headers={"HX-Request": "true"})
            assert answer.status_code == 200
            assert f'id="part-{fragment.name}"' in answer.content.decode()

    def test_unknown_parts_and_actions_are_not_found(self) -> None:
        actor = self.make_member(self.right)
        row = self.make_row(actor)
        client = self.browser(actor)

        assert client.get(f"{self.url_of(row)}part/nothing/").status_code == 404
        assert client.post(f"{self.url_of(row)}do/nothing/").status_code == 404
