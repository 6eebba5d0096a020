"""Names that people give are never markup."""

import pytest

from apps.engines.customers.models import Customer
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with
from tests.support.sample_portal import customer_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]
EVIL = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture
def actor():
    return member_with("customer.*", "staff.*")


@pytest.fixture
def customer(actor):
    row = customer_of(actor)
    Customer.objects.filter(pk=row.pk).update(name=EVIL, code=EVIL[:20])
    return row


@pytest.mark.parametrize("url", ["/garage/customers/", "/garage/customers/{}/", "/garage/customers/{}/do/promote/"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "drawer"}])
def test_boards_and_documents_escape(actor, customer, url, headers):
    text = browser_of(actor).get(url.format(customer.pk), headers=headers).content.decode()

    assert "<img src=x" not in text


def test_lists_escape_rows_words_and_chips(actor):
    BranchFactory(organization_id=actor.organization_id, organization=None, name=EVIL, code="<b>1</b>")
    client = browser_of(actor)

    for query in ({}, {"q": EVIL}, {"province": EVIL}, {"created_from": EVIL}, {"sort": EVIL, "size": EVIL}):
        text = client.get("/garage/branches/", query).content.decode()
        assert "<img src=x" not in text
        assert "<b>1</b>" not in text


def test_palette_and_views_escape(actor):
    client = browser_of(actor)

    assert "<img src=x" not in client.get("/palette/", {"q": EVIL}).content.decode()
    client.post("/garage/branches/", {"wish": "view", "name": EVIL[:40]})
    assert "<img src=x" not in client.get("/garage/branches/").content.decode()


def test_refusals_escape(actor):
    answer = browser_of(actor).post("/garage/branches/new/", {"name": EVIL, "code": ""})

    assert "<img src=x" not in answer.content.decode()
