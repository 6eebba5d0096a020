"""Boards, shown on customers."""

import pytest

from apps.engines.customers.models import Customer
from tests.support.portal import browser_of, member_with
from tests.support.sample_portal import customer_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]
URL = "/garage/customers/"


@pytest.fixture
def actor():
    return member_with("customer.view", "customer.edit")


@pytest.fixture
def customer(actor):
    return customer_of(actor)


def _columns(answer):
    return [
        (column.state, column.count, [card.row.pk for card in column.cards]) for column in answer.context["columns"]
    ]


def test_cards_stand_in_the_column_of_their_state(actor, customer):
    customer_of(member_with())

    answer = browser_of(actor).get(URL)

    assert _columns(answer) == [("person", 1, [customer.pk]), ("company", 0, [])]
    assert f'data-move-url="/garage/customers/move/{customer.pk}/"' in answer.content.decode()


def test_a_drag_takes_the_legal_step(actor, customer):
    Customer.objects.filter(pk=customer.pk).update(kind="company")
    client = browser_of(actor)

    answer = client.post(f"{URL}move/{customer.pk}/", {"to": "person"})

    assert answer.status_code == 204
    assert "toast" in answer["HX-Trigger"]
    assert Customer.objects.get(pk=customer.pk).kind == "person"


@pytest.mark.parametrize(
    ("target", "rule"), [("company", "needs_form"), ("person", "illegal_move"), ("x", "illegal_move")]
)
def test_other_drags_are_refused_with_the_reason(actor, customer, target, rule):
    answer = browser_of(actor).post(f"{URL}move/{customer.pk}/", {"to": target})

    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["rule"] == rule
    assert answer.json()["error"]["message"]
    assert Customer.objects.get(pk=customer.pk).kind == "person"


def test_a_drag_needs_the_right_of_the_step(customer):
    Customer.objects.filter(pk=customer.pk).update(kind="company")
    # Only reading is allowed to this person.
    watcher = browser_of(member_with("customer.view", place=customer.organization))
    answer = watcher.post(f"{URL}move/{customer.pk}/", {"to": "person"})

    assert answer.status_code == 403
    assert Customer.objects.get(pk=customer.pk).kind == "company"


def test_foreign_cards_do_not_exist(actor):
    foreign = customer_of(member_with(), kind="company")

    assert browser_of(actor).post(f"{URL}move/{foreign.pk}/", {"to": "person"}).status_code == 404


def test_the_board_alone_is_answered_to_htmx(actor):
    answer = browser_of(actor).get(URL, headers={"HX-Request": "true", "HX-Target": "board"})

    assert "<html" not in answer.content.decode()
    assert 'id="board"' in answer.content.decode()


def test_the_address_of_a_drag_takes_drags_alone(actor, customer):
    client = browser_of(actor)

    assert client.get(f"{URL}move/{customer.pk}/").status_code == 405
    assert client.post(URL, {"to": "person"}).status_code == 405
