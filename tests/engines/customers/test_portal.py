"""Customers in the garage portal."""

import pytest

from apps.engines.customers.models import Customer
from apps.engines.customers.portal import find_customers
from apps.engines.customers.services import create_customer, update_customer
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Organization
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "dialog"}


def make(actor, number=1, **fields):
    editor = member_with("customer.edit", place=Organization.objects.get(pk=actor.organization_id))
    return create_customer(editor, **{"name": f"Khách số {number:03d}", "phone": f"09031{number:05d}", **fields})


class TestCustomerList(ListKit):
    url_name = "garage:customers"
    right = "customer.view"
    sorts = ("name", "kind", "created")
    filter_queries = ("kind=person", "since_from=2026-01-01&since_to=2026-12-31", "consent=1")

    def make_row(self, actor, number=1):
        return make(actor, number)

    def make_foreign_row(self):
        return make(self.make_member(self.right), 99)

    def search_for(self, row):
        return row.phone


class TestCustomerDetail(DetailKit):
    url_name = "garage:customer"
    right = "customer.view"

    def make_row(self, actor, number=1):
        return make(actor, number)


@pytest.fixture
def actor():
    return member_with("customer.view", "customer.edit")


def test_search_knows_no_accents_and_both_ways_to_write_a_phone(actor):
    customer = create_customer(actor, name="Đặng Thị Ngọc Ánh", phone="0903 123 456")
    client = browser_of(actor)

    for text in ("dang ngoc", "ĐẶNG", "0903123", "+84903123456", customer.code):
        assert "Đặng Thị Ngọc Ánh" in client.get("/garage/customers/", {"q": text}).content.decode(), text
    assert [item.label for item in find_customers(actor, "ngoc anh")] == ["Đặng Thị Ngọc Ánh"]


def test_a_customer_is_created_once_and_shown(actor):
    client = browser_of(actor)
    data = {"kind": "person", "name": "Lê Văn Tám", "phone": "0912345678", "tags": "VIP, taxi, VIP"}

    token = client.get("/garage/customers/new/").context["token"]
    first = client.post("/garage/customers/new/", {**data, "form_token": token})
    second = client.post("/garage/customers/new/", {**data, "form_token": token})

    customer = Customer.objects.get()
    assert (customer.phone, customer.tags) == ("+84912345678", ["VIP", "taxi"])
    assert first["Location"] == second["Location"] == f"/garage/customers/{customer.pk}/"


def test_a_phone_that_cannot_exist_is_refused_beside_the_field(actor):
    answer = browser_of(actor).post("/garage/customers/new/", {"kind": "person", "name": "Tám", "phone": "12"})

    assert answer.status_code == 400
    assert answer.context["form"].errors["phone"]
    assert not Customer.objects.exists()


def test_editing_keeps_what_somebody_else_saved(actor):
    customer = create_customer(actor, name="Lê Văn Tám", phone="0912345678")
    client = browser_of(actor)
    url = f"/garage/customers/{customer.pk}/do/change/"
    seen = client.get(url, headers=HTMX).context["version"]
    update_customer(actor, customer, name="Lê Văn Chín")

    answer = client.post(url, {"kind": "person", "name": "Lê Văn Mười", "version": seen}, headers=HTMX)

    assert answer.status_code == 409
    assert 'value="Lê Văn Mười"' in answer.content.decode()
    assert Customer.objects.get().name == "Lê Văn Chín"


def test_editing_writes_all_fields_and_the_timeline(actor):
    customer = create_customer(actor, name="Lê Văn Tám", phone="0912345678")

    answer = browser_of(actor).post(
        f"/garage/customers/{customer.pk}/do/change/",
        {"kind": "company", "name": "Công ty Tám", "phone": "0912345678", "tax_code": "0312345678", "version": 1},
        headers=HTMX,
    )

    assert answer.status_code == 200
    customer.refresh_from_db()
    assert (customer.kind, customer.name, customer.tax_code, customer.version) == (
        "company",
        "Công ty Tám",
        "0312345678",
        2,
    )
    assert AuditLog.objects.filter(entity_id=customer.pk, action="customer.updated").count() == 1


def test_those_who_only_look_find_no_buttons_and_are_refused(actor):
    customer = create_customer(actor, name="Lê Văn Tám")
    watcher = browser_of(member_with("customer.view", place=customer.organization))

    assert watcher.get(f"/garage/customers/{customer.pk}/").context["buttons"] == []
    assert watcher.post(f"/garage/customers/{customer.pk}/do/change/", {"name": "X"}).status_code == 403
    assert watcher.get("/garage/customers/new/").status_code == 403
    assert Customer.objects.get().name == "Lê Văn Tám"
