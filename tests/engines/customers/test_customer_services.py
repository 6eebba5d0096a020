"""Customers are found by phone and name together, since families share phones."""

import pytest

from apps.core.errors import BadInput, NotAllowed, StaleWrite
from apps.engines.customers.errors import CustomerNameMissing
from apps.engines.customers.models import Customer
from apps.engines.customers.selectors import list_customers, search_customers
from apps.engines.customers.services import create_customer, find_or_create_customer, update_customer
from tests.factories.actors import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return actor_for("advisor")


def test_same_phone_and_name_is_the_same_customer(advisor) -> None:
    first = find_or_create_customer(advisor, name="Nguyễn Văn An", phone="0901234567")
    again = find_or_create_customer(advisor, name=" nguyen  van an ", phone="+84 901 234 567")
    wife = find_or_create_customer(advisor, name="Lê Thị Hoa", phone="0901234567")
    assert again == first
    assert wife != first
    assert first.phone == "+84901234567"
    assert Customer.objects.count() == 2


def test_search_by_words_without_accents_and_by_phone(advisor) -> None:
    customer = create_customer(advisor, name="Đặng Thị Ánh", phone="0912000111", email="Anh@Example.com")
    for text in ("dang anh", "ánh", "0912000111", "912 000", "anh@example"):
        assert list(search_customers(list_customers(advisor), text)) == [customer], text


def test_refusals_leave_nothing_behind(advisor) -> None:
    with pytest.raises(CustomerNameMissing):
        create_customer(advisor, name="  ", phone="0912000111")
    with pytest.raises(BadInput):
        create_customer(advisor, name="An", phone="123")
    with pytest.raises(NotAllowed):
        create_customer(actor_for("technician"), name="An")
    assert not Customer.objects.exists()


def test_two_people_editing_one_customer(advisor) -> None:
    customer = create_customer(advisor, name="An")
    update_customer(advisor, customer, version=1, notes="Khách quen")
    with pytest.raises(StaleWrite):
        update_customer(advisor, customer, version=1, notes="Khách mới")
    customer.refresh_from_db()
    assert customer.notes == "Khách quen"
    assert customer.history.count() == 2
