"""How much one query may ask for, judged without running it."""

import time

import pytest

from apps.core.errors import BadInput
from apps.core.graphql import limits
from apps.core.graphql.limits import find_operation, measure, read_query
from config.graphql import schema


def cost_of(text, variables=None, *, name=None, may_introspect=False):
    document = read_query(text)
    return measure(
        schema._schema, document, find_operation(document, name), variables or {}, may_introspect=may_introspect
    )


def refusal_of(text, **options):
    started = time.monotonic()
    with pytest.raises(BadInput) as caught:
        cost_of(text, **options)
    assert time.monotonic() - started < 1
    return caught.value.details


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ me { id } }", 2),
        ("{ vehicle(id: 1) { id plate } }", 3),
        # The connection and its list, then twenty times an edge and two values.
        ("{ vehicles { edges { node { id plate } } } }", 2 + 20 * 3),
        ("{ vehicles(first: 5) { totalCount pageInfo { endCursor } edges { node { id } } } }", 1 + 1 + 2 + 1 + 5 * 2),
        ("{ vehicles(last: 7) { edges { cursor } } }", 2 + 7),
        ("{ vehicles(first: null) { edges { cursor } } }", 2 + 20),
        ("{ vehicles(first: 3, last: 50) { edges { cursor } } }", 2 + 50),
        ("{ jobCard(id: 1) { tasks { id } } }", 1 + 1 + 10),
        ("{ jobCards(first: 2) { edges { node { tasks { id } } } } }", 2 + 2 * (1 + 1 + 10)),
        ("query($n: Int!) { vehicles(first: $n) { edges { cursor } } }", 2 + 7),
        ("query($m: Int) { vehicles(first: $m) { edges { cursor } } }", 2 + 20),
        # A fragment costs what its place makes of it.
        (
            "{ a: vehicles(first: 2) { ...E } b: vehicles(first: 30) { ...E } }"
            " fragment E on VehicleConnection { edges { cursor } }",
            2 + 2 + 2 + 30,
        ),
        ("{ ...A } fragment A on Query { me { id } ...B } fragment B on Query { unreadCount }", 3),
    ],
)
def test_costs(query, cost):
    assert cost_of(query, {"n": 7}) == cost


def test_the_default_of_a_variable_counts():
    assert cost_of("query($n: Int = 3) { vehicles(first: $n) { edges { cursor } } }") == 2 + 3


def test_an_impossible_size_counts_as_the_highest():
    for query in (
        "{ vehicles(first: -5) { edges { cursor } } }",
        "{ vehicles(last: 100000) { edges { cursor } } }",
        '{ vehicles(first: "x") { edges { cursor } } }',
    ):
        assert cost_of(query) == 2 + 100
    assert cost_of("query($n: Int) { vehicles(first: $n) { edges { cursor } } }", {"n": "x"}) == 2 + 100


def test_the_cost_grows_with_what_is_asked_for():
    lines = "estimates { lines { id kind group unit minutes net } }"
    query = "{ jobCards(first: %d) { edges { node { " + lines + " } } } }"
    costs = [cost_of(query % first) for first in (1, 2, 16)]
    assert [one - 2 for one in costs] == [(costs[0] - 2) * times for times in (1, 2, 16)]
    assert refusal_of(query % 17) == {"limit": "cost", "allowed": limits.MAX_COST}


def test_too_deep():
    circle = "product { variants { " * 7 + "id" + " } }" * 7
    assert refusal_of(f"{{ variant(id: 1) {{ {circle} }} }}")["limit"] == "depth"


def test_deep_nonsense_is_refused_and_not_survived_by_luck():
    for depth in (200, 600):
        assert refusal_of("{ me " * depth + "{ id }" + " }" * depth)["limit"] == "depth"
    assert refusal_of("{ me(a: " + "[" * 700 + "]" * 700 + ") { id } }")["limit"] == "depth"


def test_too_many_words():
    assert refusal_of("{ me { " + "id " * 1600 + "} }")["limit"] in ("tokens", "aliases")
    assert refusal_of("{ me { id } } # " + "x" * 20_000)["limit"] == "length"


def test_too_many_aliases():
    assert refusal_of("{ " + " ".join(f"a{n}: me {{ id }}" for n in range(31)) + " }")["limit"] == "aliases"
    assert refusal_of("{ " + "me { id } " * 32 + " }")["limit"] == "aliases"
    spread = "fragment A on Query { " + " ".join(f"a{n}: unreadCount" for n in range(31)) + " }"
    assert refusal_of("{ ...A } " + spread)["limit"] == "aliases"


def test_too_many_directives_and_fragments():
    assert refusal_of("{ me { id " + "@include(if: true) " * 31 + "} }")["limit"] == "directives"
    fragments = " ".join(f"fragment F{n} on Query {{ unreadCount }}" for n in range(51))
    assert refusal_of("{ ...F0 } " + fragments)["limit"] == "fragments"


def test_circles_of_fragments():
    assert "contains itself" in refusal_of("{ ...A } fragment A on Query { ...A }")["problem"]
    circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { me { id } ...A }"
    assert "contains itself" in refusal_of(circle)["problem"]


def test_fragments_that_double_each_other_cost_what_they_become_and_no_time():
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    details = refusal_of("{ ...F0 } " + chain + " fragment F40 on Query { me { id } }")
    assert details == {"limit": "cost", "allowed": limits.MAX_COST}


def test_nested_fragments_cannot_hide_depth():
    chain = " ".join(f"fragment F{n} on Product {{ variants {{ product {{ ...F{n + 1} }} }} }}" for n in range(8))
    query = "{ product(id: 1) { ...F0 } } " + chain + " fragment F8 on Product { id }"
    assert refusal_of(query)["limit"] == "depth"


def test_the_schema_is_asked_by_those_who_may():
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Me") { name } }'):
        assert "not answered" in refusal_of(query)["problem"]
        assert cost_of(query, may_introspect=True) > 0
    assert cost_of("{ __typename me { __typename id } }") == 4


def test_the_standard_question_of_tools_passes_and_a_nested_one_not():
    from graphql import get_introspection_query

    assert cost_of(get_introspection_query(), may_introspect=True) < limits.MAX_COST
    nested = "type { fields { " * 4 + "name" + " } }" * 4
    assert refusal_of(f"{{ __schema {{ types {{ fields {{ {nested} }} }} }} }}", may_introspect=True)


@pytest.mark.parametrize("text", ["", "{", "}", "query {", "{ me(", "\x00", "{ me { id } }}", "🚗", "subscription"])
def test_what_is_no_query_is_refused(text):
    with pytest.raises(BadInput):
        cost_of(text)


def test_which_operation_is_meant_must_be_said():
    two = "query A { me { id } } query B { unreadCount }"
    assert "operationName" in refusal_of(two)["problem"]
    assert "operationName" in refusal_of(two, name="C")["problem"]
    assert cost_of(two, name="B") == 1
