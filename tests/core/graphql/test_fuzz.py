"""Queries that nobody would write: never a fault of ours, never more than the limits, never slow."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import BadInput
from apps.core.graphql.limits import find_operation, measure, read_query
from config.graphql import schema
from tests.support.api import api_client
from tests.support.graph import URL
from tests.support.portal import member_with

NAMES = st.sampled_from(
    ["me", "id", "vehicles", "edges", "node", "pageInfo", "jobCards", "estimates", "lines", "product", "variants", "vehicle", "totalCount",
     "__typename", "__schema", "types", "fields", "nonsense", "invoice", "tasks"]
)  # fmt: skip
ARGUMENTS = st.sampled_from(
    [
        "",
        "(first: 100)",
        "(first: -1)",
        "(first: $n)",
        "(last: 5)",
        "(first: 1, last: 1)",
        '(after: "x")',
        "(before: null)",
        '(id: "x")',
        "(sort: null)",
        "(x: {a: [1]})",
    ]
)
SPREADS = st.sampled_from(["...A", "...B", "...C", "... on Vehicle { id }", "... @include(if: true) { me { id } }"])
ALIASES = st.sampled_from(["", "", "", "a: ", "b: "])
LEAVES = st.builds("{}{}{}".format, ALIASES, NAMES, ARGUMENTS) | SPREADS
SELECTIONS = st.recursive(
    st.lists(LEAVES, min_size=1, max_size=4).map(" ".join),
    lambda inner: st.lists(
        st.builds("{}{}{} {{ {} }}".format, ALIASES, NAMES, ARGUMENTS, inner), min_size=1, max_size=3
    ).map(" ".join),
    max_leaves=25,
)
FRAGMENTS = st.tuples(SELECTIONS, SELECTIONS, SELECTIONS).map(
    lambda three: " ".join(
        f"fragment {name} on {kind} {{ {body} }}"
        for name, kind, body in zip("ABC", ("Query", "Vehicle", "JobCard"), three, strict=True)
    )
)
QUERIES = st.builds("query($n: Int) {{ {} }} {}".format, SELECTIONS, FRAGMENTS) | st.text(max_size=300)


@settings(max_examples=300, deadline=None)
@given(QUERIES)
def test_judging_ends_in_a_cost_or_a_refusal(text):
    started = time.monotonic()
    with suppress(BadInput):
        document = read_query(text)
        cost = measure(
            schema._schema, document, find_operation(document, None), {"n": "x"}, may_introspect=len(text) % 2 == 0
        )
        assert 0 <= cost <= 10_000
    assert time.monotonic() - started < 2


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=QUERIES)
def test_asking_ends_in_an_answer(text, asker):
    answer = asker.post(URL, {"query": text, "variables": {"n": 3}})
    assert answer.status_code in (200, 400)
    codes = {error["extensions"]["code"] for error in answer.json().get("errors", ())}
    assert "SERVER_001" not in codes


@pytest.fixture
def asker(db):
    return api_client(actor=member_with("vehicle.view", "job_card.view", "catalog.view"))
