"""What changed on a row, in words."""

from decimal import Decimal

import pytest

from apps.core.errors import NotAllowed
from apps.engines.customers.models import Customer
from apps.engines.customers.services import update_customer
from apps.platform.audit.history import MOST, list_changes
from apps.platform.organizations.models import Branch, Membership
from apps.platform.organizations.roles import role_label
from tests.factories.actors import actor_for
from tests.factories.orders import Market
from tests.factories.organizations import MembershipFactory, OrganizationFactory, role
from tests.factories.workshop import CustomerFactory
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return actor_for("owner")


def test_choices_flags_and_texts_are_said_as_people_read_them(owner):
    customer = CustomerFactory(organization_id=owner.organization_id, kind=Customer.Kind.values[0], name="An")
    customer.kind, customer.is_active, customer.name = Customer.Kind.values[1], False, "An Bình"
    customer.save()

    changed, created = list_changes(owner, customer)

    assert (changed.kind, created.kind) == ("changed", "created")
    found = {one.label: (one.old, one.new) for one in changed.fields}
    labels = [
        str(choice.label).capitalize()
        for choice in (Customer.Kind(Customer.Kind.values[0]), Customer.Kind(Customer.Kind.values[1]))
    ]
    assert ("An", "An Bình") in found.values()
    assert tuple(labels) in {(old.capitalize(), new.capitalize()) for old, new in found.values()}
    assert len(found) == 3


def test_related_rows_are_called_by_their_names(owner, django_assert_max_num_queries):
    member = MembershipFactory(organization_id=owner.organization_id, role=role("technician"))
    member.role = role("advisor")
    member.save()
    with django_assert_max_num_queries(4):
        changes = list_changes(owner, Membership.objects.get(pk=member.pk))
    found = {(one.old, one.new) for one in changes[0].fields}
    assert found == {(str(role("technician")), str(role("advisor")))}
    assert role_label(role("advisor"))


def test_amounts_have_their_currency():
    market = Market()
    order = market.place((market.oil, 1))
    order.refresh_from_db()
    order.save()
    latest = order.history.first()
    order.history.filter(pk=latest.pk).update(total=order.total + Decimal(1000))
    reader = member_with("audit.view", place=market.distributor)
    texts = [one.new for change in list_changes(reader, order) for one in change.fields]
    assert any("₫" in text for text in texts)


def test_only_with_the_right_and_only_the_last_ones(owner):
    branch = Branch.objects.create(organization_id=owner.organization_id, name="0", code="B0")
    for number in range(1, MOST + 5):
        branch.name = str(number)
        branch.save()
    changes = list_changes(owner, branch)
    assert len(changes) == MOST
    assert (changes[0].fields[0].old, changes[0].fields[0].new) == (str(MOST + 3), str(MOST + 4))
    with pytest.raises(NotAllowed):
        list_changes(actor_for("technician"), branch)
    assert list_changes(owner, OrganizationFactory.build()) == []


def test_a_document_shows_them_when_asked(owner):
    customer = CustomerFactory(organization_id=owner.organization_id, name="An")
    customer.organization_id = owner.organization_id
    customer.save()
    update_customer(owner, customer, name="An Bình")
    browser = browser_of(owner)
    page = f"/garage/customers/{customer.pk}/"
    assert f"{page}part/changes/" in browser.get(page).content.decode()
    part = browser.get(f"{page}part/changes/").content.decode()
    assert "<del" in part
    assert "An Bình" in part
    viewer = member_with("customer.view", place=customer.organization)
    assert "part/changes" not in browser_of(viewer).get(page).content.decode()
    assert browser_of(viewer).get(f"{page}part/changes/").status_code == 404
