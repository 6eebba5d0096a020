"""Lists of GraphQL: read forwards and backwards by cursors, whatever arrives or goes meanwhile."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.engines.vehicles.models import Vehicle
from apps.platform.notifications.models import Notification
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory
from tests.factories.workshop import CustomerFactory, VehicleFactory
from tests.support.api import api_client
from tests.support.graph import ask, code_of, data_of
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $sort: String! = "plate") {
  vehicles(first: $first, after: $after, last: $last, before: $before, sort: $sort) {
    totalCount edges { cursor node { plate } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.fixture
def place():
    return OrganizationFactory()


@pytest.fixture
def client(place):
    return api_client(actor=member_with("vehicle.view", "catalog.view", "job_card.view", place=place))


def make(place, plate, **values):
    return VehicleFactory(customer=CustomerFactory(organization=place), plate=plate, **values)


def page_of(client, **asked):
    return data_of(client, PAGE, **asked)["vehicles"]


def plates(page):
    return [edge["node"]["plate"] for edge in page["edges"]]


def walk(client, sort, *, size=2, backwards=False):
    """Every plate in the order in which it was met."""
    seen, asked = [], {}
    while True:
        page = page_of(client, **{"last" if backwards else "first": size}, sort=sort, **asked)
        seen = plates(page) + seen if backwards else seen + plates(page)
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            return seen
        asked = {"before": info["startCursor"]} if backwards else {"after": info["endCursor"]}


def test_pages_follow_each_other_in_both_directions(client, place):
    for letter in "ABCDE":
        make(place, letter)

    first = page_of(client, first=2)
    middle = page_of(client, first=2, after=first["pageInfo"]["endCursor"])
    end = page_of(client, first=2, after=middle["pageInfo"]["endCursor"])
    back = page_of(client, last=2, before=end["pageInfo"]["startCursor"])

    assert [plates(page) for page in (first, middle, end, back)] == [["A", "B"], ["C", "D"], ["E"], ["C", "D"]]
    assert [page["totalCount"] for page in (first, middle, end)] == [5, 5, 5]
    flags = [
        (page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]) for page in (first, middle, end, back)
    ]
    assert flags == [(False, True), (True, True), (True, False), (True, True)]
    assert middle["pageInfo"]["startCursor"] == middle["edges"][0]["cursor"]
    assert middle["pageInfo"]["endCursor"] == middle["edges"][-1]["cursor"]
    assert plates(page_of(client, last=2)) == ["D", "E"]
    between = page_of(client, after=first["pageInfo"]["startCursor"], before=end["pageInfo"]["startCursor"])
    assert plates(between) == ["B", "C", "D"]


def test_what_arrives_or_goes_meanwhile_shifts_nothing(client, place):
    rows = [make(place, letter) for letter in "BDFH"]
    first = page_of(client, first=2)
    make(place, "A")
    make(place, "E")
    Vehicle.objects.filter(pk=rows[1].pk).delete()

    assert plates(page_of(client, first=9, after=first["pageInfo"]["endCursor"])) == ["E", "F", "H"]


@pytest.mark.parametrize("sort", ["year", "-year", "plate", "-plate", "createdAt", "-createdAt"])
def test_each_order_is_walked_completely_with_equals_and_empty_values(client, place, sort):
    for letter, year in zip("ABCDEFGH", (2020, None, 2019, 2020, None, 2021, 2020, None), strict=True):
        make(place, letter, year=year)
    Vehicle.objects.filter(plate__in="AB").update(created_at=timezone.now() - timedelta(days=3, microseconds=7))

    whole = plates(page_of(client, first=100, sort=sort))

    assert sorted(whole) == list("ABCDEFGH")
    for size in (1, 2, 3):
        assert walk(client, sort, size=size) == whole
        assert walk(client, sort, size=size, backwards=True) == whole
    other = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    assert plates(page_of(client, first=100, sort=other)) == whole[::-1]


def test_computed_columns_are_walked_too(place, client):
    from tests.factories.catalog import ProductFactory, VariantFactory

    for name, price in (("a", 300), ("b", 100), ("c", 200), ("d", 100)):
        VariantFactory(product=ProductFactory(organization=place, name=name), price=price)
    ProductFactory(organization=place, name="e")
    query = """query($after: String, $sort: String!) { products(first: 2, after: $after, sort: $sort) {
      edges { node { name listPrice available } } pageInfo { endCursor hasNextPage } } }"""

    for sort, expected in (("listPrice", "bdcae"), ("-listPrice", "eacdb"), ("available", "abcde")):
        seen, after, more = "", None, True
        while more:
            page = data_of(client, query, after=after, sort=sort)["products"]
            seen += "".join(edge["node"]["name"] for edge in page["edges"])
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert seen == expected


def test_a_page_in_the_depth_costs_one_read(client, place):
    for number in range(12):
        make(place, f"P{number:02}")
    query = """query($after: String) { vehicles(first: 5, after: $after, sort: "plate") {
      edges { cursor node { plate modelName customerName } } pageInfo { hasNextPage endCursor } } }"""
    after = data_of(client, query)["vehicles"]["pageInfo"]["endCursor"]

    with CaptureQueriesContext(connection) as queries:
        page = data_of(client, query, after=after)["vehicles"]

    assert [edge["node"]["plate"] for edge in page["edges"]] == [f"P{number:02}" for number in range(5, 10)]
    # One builds the actor.
    assert len(queries) == 2
    assert "OFFSET" not in queries[1]["sql"]


def test_cursors_that_are_not_ours_or_of_another_list_are_refused(client, place):
    make(place, "A")
    own = page_of(client, first=1)["pageInfo"]["endCursor"]
    bad = ["", "x", "=", "é", "W10:abc", own[:-1], own + "x", own.upper(), "9" * 5000]
    for cursor in bad:
        for name in ("after", "before"):
            body = ask(client, PAGE, **{name: cursor})
            assert (code_of(body), body["errors"][0]["extensions"]["field"]) == ("VALIDATION_001", name)
            assert body["data"] is None
    for other in ("-plate", "year", "-createdAt"):
        assert code_of(ask(client, PAGE, after=own, sort=other)) == "VALIDATION_001"
    foreign = "query($after: String) { variants(after: $after) { totalCount } }"
    assert code_of(ask(client, foreign, after=own)) == "VALIDATION_001"


def test_sizes_that_cannot_be_are_refused(client):
    for wrong in ({"first": 0}, {"first": 101}, {"last": -1}, {"last": 101}, {"first": 1, "last": 1}):
        body = ask(client, PAGE, **wrong)
        assert (code_of(body), body["errors"][0]["extensions"]["field"]) == ("VALIDATION_001", list(wrong)[-1])
    assert code_of(ask(client, "{ vehicles(page: 2) { totalCount } }")) == "VALIDATION_001"


def test_the_right_is_asked_before_the_cursor(place):
    body = ask(member_with("report.view", place=place), PAGE, after="nonsense")
    assert code_of(body) == "AUTH_003"


def test_a_cursor_opens_no_strangers_rows(client, place):
    for letter in "AB":
        make(place, letter)
    cursor = page_of(client, first=1)["pageInfo"]["endCursor"]

    assert page_of(actor_for("owner"), after=cursor)["edges"] == []


def test_notifications_come_newest_first():
    actor = actor_for("owner")
    for number in range(3):
        Notification.objects.create(
            user_id=actor.user_id,
            organization_id=actor.organization_id,
            type="t",
            title=str(number),
            dedupe_key=str(number),
        )
    query = """query($after: String) { notifications(first: 2, after: $after) {
      edges { node { title } } pageInfo { endCursor hasNextPage } } }"""
    first = data_of(actor, query)["notifications"]
    second = data_of(actor, query, after=first["pageInfo"]["endCursor"])["notifications"]

    assert [edge["node"]["title"] for page in (first, second) for edge in page["edges"]] == ["2", "1", "0"]
    assert second["pageInfo"]["hasNextPage"] is False


def test_lists_are_narrowed_and_searched(client, place):
    for plate, year, status in (("A1", 2020, "active"), ("A2", 2021, "archived"), ("B1", 2022, "active")):
        make(place, plate, year=year, status=status)
    customer = Vehicle.objects.get(plate="B1").customer_id

    def found(arguments):
        return [
            edge["node"]["plate"]
            for edge in data_of(
                client, f'{{ vehicles(sort: "plate", {arguments}) {{ edges {{ node {{ plate }} }} }} }}'
            )["vehicles"]["edges"]
        ]

    assert found('search: "A1"') == ["A1"]
    assert found('filter: {status: ["active"]}') == ["A1", "B1"]
    assert found(f'filter: {{customer: "{customer}"}}') == ["B1"]
    assert found('filter: {customer: "nonsense"}') == []
    for wrong in ('sort: "secret"', f'search: "{"x" * 101}"', 'search: "\\u0000"'):
        assert code_of(ask(client, f"{{ vehicles({wrong}) {{ totalCount }} }}")) == "VALIDATION_001"
