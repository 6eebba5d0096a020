"""What comes out of /graphql: own rows only, amounts by right, the same reads for one row and for many."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type

from apps.core.graphql.rights import right_of
from apps.engines.billing.models import Invoice
from apps.engines.orders.models import OrderLine
from apps.platform.notifications.models import Notification
from apps.platform.organizations.models import Organization
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop.models import Estimate, EstimateLine, JobCard, JobTask
from config.graphql import schema
from tests.factories.actors import actor_for
from tests.factories.billing import line, make_draft
from tests.factories.catalog import VariantFactory
from tests.factories.orders import Market
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import CustomerFactory, VehicleFactory, make_garage
from tests.support.api import api_client
from tests.support.graph import URL, ask, code_of, data_of
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db


def make_card(garage, number=1):
    """A card with two tasks, an estimate of two lines, and a drafted invoice of one line."""
    customer = CustomerFactory(organization=garage.organization)
    shared = {"organization": garage.organization, "branch": garage.branch}
    card = JobCard.objects.create(
        number=f"JC-{number}",
        customer=customer,
        vehicle=VehicleFactory(customer=customer),
        warehouse=garage.warehouse,
        subtotal=100,
        tax_total=10,
        total=110,
        **shared,
    )
    estimate = Estimate.objects.create(job_card=card, number=1, subtotal=100, tax_total=10, total=110)
    for position in (1, 2):
        JobTask.objects.create(job_card=card, position=position, description=f"Việc {position}", **shared)
        EstimateLine.objects.create(
            estimate=estimate,
            position=position,
            kind="labour",
            description="Công",
            unit_price=50,
            net=50,
            tax=5,
            gross=55,
        )
    invoice = make_draft(garage.organization, line(100), customer=customer, branch=garage.branch)
    Invoice.objects.filter(pk=invoice.pk).update(source_type="workshop.jobcard", source_id=card.pk)
    return card


CARDS = """query($first: Int!) { jobCards(first: $first, sort: "number") { totalCount edges { node {
  number plate customerName branchName advisorName total
  vehicle { plate makeName modelName customerName }
  tasks { description technicianName }
  estimates { number total lines { description gross } }
  invoice { total lines { description gross } }
} } } }"""


def nodes_of(connection):
    return [edge["node"] for edge in connection["edges"]]


def test_a_card_with_all_that_hangs_on_it():
    garage = make_garage()
    card = make_card(garage)
    [shown] = nodes_of(data_of(actor_for("owner", garage.organization), CARDS, first=5)["jobCards"])
    assert shown == {
        "number": "JC-1",
        "plate": card.vehicle.plate,
        "customerName": card.customer.name,
        "branchName": garage.branch.name,
        "advisorName": "",
        "total": "110.00",
        "vehicle": {
            "plate": card.vehicle.plate,
            "makeName": "Toyota",
            "modelName": "Vios",
            "customerName": card.customer.name,
        },
        "tasks": [{"description": f"Việc {n}", "technicianName": ""} for n in (1, 2)],
        "estimates": [
            {"number": 1, "total": "110.00", "lines": [{"description": "Công", "gross": "55.00"}] * 2},
        ],
        "invoice": {"total": "110.00", "lines": [{"description": "Thay dầu máy", "gross": "110.00"}]},
    }


def test_many_cards_cost_as_many_reads_as_one():
    garage = make_garage()
    actor = actor_for("owner", garage.organization)
    client = api_client(actor=actor)

    def count(first):
        with CaptureQueriesContext(connection) as queries:
            shown = nodes_of(data_of(client, CARDS, first=first)["jobCards"])
        return len(queries), len(shown)

    make_card(garage, 1)
    data_of(client, CARDS, first=1)
    one = count(5)
    for number in range(2, 12):
        make_card(garage, number)
    # Actor, total, cards, vehicles, tasks, estimates, their lines, invoices, their lines.
    assert one == (9, 1)
    assert count(20) == (9, 11)


def test_what_is_not_asked_for_is_not_read():
    garage = make_garage()
    make_card(garage)
    client = api_client(actor=actor_for("owner", garage.organization))
    query = "{ jobCards { edges { cursor node { number plate } } pageInfo { endCursor hasNextPage } } }"
    data_of(client, query)
    with CaptureQueriesContext(connection) as queries:
        data_of(client, query)
    # One builds the actor, one reads the cards.
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        data_of(client, "{ jobCards { totalCount } }")
    assert [("COUNT(" in query["sql"]) for query in queries] == [False, True]


def test_amounts_are_for_those_who_may_see_money():
    garage = make_garage()
    make_card(garage)
    technician = actor_for("technician", garage.organization)
    [shown] = nodes_of(data_of(technician, CARDS, first=5)["jobCards"])
    assert shown["total"] is None
    assert shown["invoice"] is None
    [estimate] = shown["estimates"]
    assert (estimate["total"], [row["gross"] for row in estimate["lines"]]) == (None, [None, None])
    assert shown["vehicle"]["plate"] == shown["plate"]
    [shown] = nodes_of(data_of(member_with("job_card.view", place=garage.organization), CARDS, first=5)["jobCards"])
    assert shown["vehicle"] is None


FULL = {
    "vehicle": "{ id plate }",
    "product": "{ id variants { id } }",
    "variant": "{ id product { id } }",
    "jobCard": "{ id tasks { id } }",
    "order": "{ id lines { id } }",
    "invoice": "{ id lines { id } }",
    "feedback": "{ id }",
}


def make_world():
    """One row of each kind: (name → id, garage owner, distributor owner)."""
    market = Market()
    garage = make_garage(organization=market.garage)
    card = make_card(garage)
    own = VariantFactory(organization=market.garage)
    feedback = Feedback.objects.create(
        organization=market.garage,
        branch=garage.branch,
        source_type="workshop.jobcard",
        source_id=card.pk,
        customer=card.customer,
        state="pending",
        rating=5,
    )
    ids = {
        "vehicle": card.vehicle_id,
        "product": own.product_id,
        "variant": own.pk,
        "jobCard": card.pk,
        "order": market.place().pk,
        "invoice": Invoice.objects.get().pk,
        "feedback": feedback.pk,
    }
    return ids, market


def test_own_rows_are_found_and_strangers_find_nothing():
    ids, market = make_world()
    stranger = actor_for("owner")
    assert set(ids) == set(FULL)
    for name, key in ids.items():
        query = f"query($id: ID!) {{ {name}(id: $id) {FULL[name]} }}"
        assert data_of(market.buyer, query, id=str(key))[name]["id"] == str(key)
        for wrong in (str(key), "nonsense", "", "0", str(stranger.user_id)):
            assert data_of(stranger, query, id=wrong) == {name: None}


def test_strangers_lists_are_empty():
    make_world()
    stranger = actor_for("owner")
    for name in ("vehicles", "products", "variants", "jobCards", "orders", "invoices", "feedbacks", "notifications"):
        query = f"{{ {name} {{ totalCount edges {{ node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        assert data_of(stranger, query)[name] == {
            "totalCount": 0,
            "edges": [],
            "pageInfo": {"hasNextPage": False, "endCursor": None},
        }


def test_a_branch_member_sees_the_cards_of_the_branch():
    garage = make_garage()
    other = replace(garage, branch=BranchFactory(organization=garage.organization))
    mine, theirs = make_card(garage, 1), make_card(other, 2)
    actor = member_with("job_card.view", branch=garage.branch)
    query = "{ jobCards { edges { node { id } } } }"
    assert nodes_of(data_of(actor, query)["jobCards"]) == [{"id": str(mine.pk)}]
    one = "query($id: ID!) { jobCard(id: $id) { id } }"
    assert data_of(actor, one, id=str(theirs.pk)) == {"jobCard": None}


def test_each_side_of_an_order_sees_its_own():
    ids, market = make_world()
    query = """query($id: ID!) { order(id: $id) {
      side sellerNote customerId sourceLabel sourceId total seller { name } buyerOrganization { name }
      lines { cost variantId buyerVariantId gross } } }"""
    OrderLine.objects.update(cost=60_000)
    bought = data_of(market.buyer, query, id=str(ids["order"]))["order"]
    sold = data_of(market.seller, query, id=str(ids["order"]))["order"]
    assert (bought["side"], sold["side"]) == ("buyer", "seller")
    assert bought["total"] == sold["total"]
    assert (bought["sellerNote"], bought["customerId"]) == (None, None)
    assert (sold["sourceLabel"], sold["sourceId"]) == (None, None)
    [line_of_buyer], [line_of_seller] = bought["lines"], sold["lines"]
    assert (line_of_buyer["cost"], line_of_buyer["variantId"]) == (None, None)
    assert line_of_seller["cost"] == "60000.00"
    assert line_of_seller["variantId"] == str(market.pads.pk)
    no_costs = member_with("order.view", place=market.distributor)
    assert data_of(no_costs, query, id=str(ids["order"]))["order"]["lines"][0]["cost"] is None
    sales = "{ orders(side: %s) { totalCount } }"
    assert data_of(market.seller, sales % '"seller"')["orders"]["totalCount"] == 1
    assert data_of(market.seller, sales % '"buyer"')["orders"]["totalCount"] == 0
    assert code_of(ask(market.seller, sales % '"nonsense"')) == "VALIDATION_001"


def test_costs_of_goods_are_for_those_who_may_see_them():
    own = VariantFactory(cost=70_000)
    place = Organization.objects.get(pk=own.organization_id)
    query = "{ variants { edges { node { sku price cost product { name listPrice } } } } }"
    [shown] = nodes_of(data_of(member_with("catalog.view", "inventory.see_cost", place=place), query)["variants"])
    assert shown["cost"] == "70000.00"
    [shown] = nodes_of(data_of(member_with("catalog.view", place=place), query)["variants"])
    assert (shown["cost"], shown["price"]) == (None, "100000.00")


def select_all(kind, depth):
    """Every field that a type has, two levels of what hangs on it."""
    parts = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            parts.append(name)
        elif depth:
            parts.append(f"{name} {select_all(inner, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def questions():
    """Each question of Query, with everything that it can show."""
    for name, field in schema._schema.query_type.fields.items():
        kind = get_named_type(field.type)
        arguments = "(first: 2)" if "first" in field.args else '(id: "x")' if "id" in field.args else ""
        body = select_all(kind, 4) if isinstance(kind, GraphQLObjectType) else ""
        yield name, f"{{ {name}{arguments} {body} }}"


ROLES = (
    "owner",
    "manager",
    "advisor",
    "technician",
    "store_keeper",
    "cashier",
    "accountant",
    "sales",
    "warehouse",
    "qc",
)


@pytest.mark.parametrize("role", ROLES)
def test_every_field_by_role_is_answered_or_refused_by_its_right(role):
    ids, market = make_world()
    actor = actor_for(role, market.garage)
    client = api_client(actor=actor)
    fields = {field.name: field for field in schema.get_type_by_name("Query").fields}
    rights = {schema.config.name_converter.from_field(field): right_of(field) for field in fields.values()}
    for name, query in questions():
        body = client.post(URL, {"query": query.replace('"x"', f'"{ids.get(name, "x")}"')}).json()
        if rights[name] == "authenticated" or actor.can(rights[name]):
            assert "errors" not in body, (name, body["errors"])
        else:
            assert code_of(body) == "AUTH_003"


def test_every_list_of_rows_is_a_connection_or_hangs_on_a_row():
    for name, field in schema._schema.query_type.fields.items():
        kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        assert not isinstance(kind, GraphQLList), name


def test_feedback_is_acknowledged_once_by_those_who_may():
    ids, market = make_world()
    change = """mutation($id: ID!, $v: Int) {
      acknowledgeFeedback(id: $id, answer: "Cảm ơn", version: $v) { state answer version } }"""
    key = str(ids["feedback"])
    assert code_of(ask(actor_for("advisor", market.garage), change, id=key)) == "AUTH_003"
    assert code_of(ask(actor_for("owner"), change, id=key)) == "NOT_FOUND_001"
    assert code_of(ask(market.buyer, change, id=key, v=7)) == "DUPLICATE_001"
    assert Feedback.objects.get().state == "pending"
    done = data_of(market.buyer, change, id=key, v=1)["acknowledgeFeedback"]
    assert done == {"state": "acknowledged", "answer": "Cảm ơn", "version": 2}
    body = ask(market.buyer, change, id=key)
    assert (code_of(body), body["errors"][0]["extensions"]["details"]["rule"]) == ("BUSINESS_001", "illegal_move")


def test_a_notification_is_read_by_its_owner_alone():
    actor, other = actor_for("owner"), actor_for("owner")
    row = Notification.objects.create(
        user_id=actor.user_id, organization_id=actor.organization_id, type="t", title="x", dedupe_key="k"
    )
    change = "mutation($id: ID!) { markNotificationRead(id: $id) { id readAt } }"
    assert code_of(ask(other, change, id=str(row.pk))) == "NOT_FOUND_001"
    assert data_of(actor, "{ unreadCount notifications { edges { node { title } } } }") == {
        "unreadCount": 1,
        "notifications": {"edges": [{"node": {"title": "x"}}]},
    }
    assert data_of(actor, change, id=str(row.pk))["markNotificationRead"]["readAt"].endswith("Z")
    assert data_of(actor, "{ unreadCount }") == {"unreadCount": 0}


def test_several_changes_stand_or_fall_each_by_itself():
    actor = actor_for("owner")
    body = ask(
        actor,
        """mutation { a: updateProfile(input: {lastName: "Lê"}) { lastName }
        b: markNotificationRead(id: "nonsense") { id } }""",
    )
    assert body["data"] is None
    assert body["errors"][0]["path"] == ["b"]
    assert data_of(actor, "{ me { lastName } }") == {"me": {"lastName": "Lê"}}
