"""Reading the audit log: portal, API and staff CMS; looks at personal data and exports stand in it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from apps.core.clock import local_date, now
from apps.platform.audit import selectors
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.organizations.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import CustomerFactory
from tests.support.api import api_client
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
URL = "/garage/settings/audit/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def branch(owner):
    return BranchFactory(organization_id=owner.organization_id, name="Quận 1")


@pytest.fixture
def entry(owner, branch):
    return record(
        owner, "branch.changed", branch, label="Quận 1", old={"name": "Q1", "phone": "1"}, new={"name": "Quận 1", "phone": "1"}
    )  # fmt: skip


def test_a_line_is_found_and_opened_with_what_changed(owner, entry):
    browser = browser_of(owner)
    assert "Quận 1" in browser.get(URL).content.decode()
    page = browser.get(f"{URL}{entry.pk}/").content.decode()
    assert "Q1" in page
    assert "branch.changed" in page
    assert [(one.old, one.new) for one in selectors.list_differences(entry)] == [("Q1", "Quận 1")]


def test_it_is_narrowed_by_person_action_kind_period_and_text(owner, entry):
    other = record(
        actor_for("manager", branch=None, organization=entry.organization), "order.placed", entry.organization
    )
    with time_machine.travel(now() - timedelta(days=3)):
        old = record(owner, "branch.changed", entry.branch or entry.organization, label="Cũ")
    browser, today = browser_of(owner), local_date()

    def found(**query):
        rows = browser.get(URL, query).context["page"].object_list
        return [row.pk for row in rows]

    assert found() == [other.pk, entry.pk, old.pk]
    assert found(person=str(other.user_id)) == [other.pk]
    assert found(kind="organizations.branch") == [entry.pk]
    assert found(at_from=f"{today:%Y-%m-%d}") == [other.pk, entry.pk]
    assert found(at_to=f"{today - timedelta(days=1):%Y-%m-%d}") == [old.pk]
    assert found(q="quận") == [entry.pk]
    assert found(q=str(entry.entity_id)) == [entry.pk]
    assert found(q="203.0.113.9") == []


def test_only_those_with_the_right_see_it_and_only_their_own(owner, entry):
    for actor, status in ((actor_for("technician", organization=entry.organization), 403), (actor_for("owner"), 404)):
        assert browser_of(actor).get(f"{URL}{entry.pk}/").status_code == status
        answer = api_client(actor=actor).get(f"/api/v1/admin/audit-logs/{entry.pk}")
        assert answer.status_code == status


def test_the_api_lists_filters_and_shows(owner, entry):
    record(owner, "order.placed", entry.organization)
    client = api_client(actor=owner)

    def found(query):
        return [row["id"] for row in client.get(f"/api/v1/admin/audit-logs?{query}").json()["data"]]

    assert found("filter[action]=branch.changed") == [str(entry.pk)]
    assert found(f"filter[entityId]={entry.entity_id}") == [str(entry.pk)]
    assert found(f"filter[user]={owner.user_id}&limit=1&search=Quận") == [str(entry.pk)]
    assert found(f"filter[createdAt][lte]={local_date() - timedelta(days=1)}") == []
    assert len(found(f"filter[createdAt][gte]={local_date()}&filter[createdAt][lte]={local_date()}")) == 2
    assert client.get("/api/v1/admin/audit-logs?filter[createdAt][gte]=x").status_code == 400
    shown = client.get(f"/api/v1/admin/audit-logs/{entry.pk}").json()["data"]
    assert (shown["oldValues"]["name"], shown["newValues"]["name"]) == ("Q1", "Quận 1")


def test_platform_staff_see_all_companies(entry):
    admin = UserFactory(is_staff=True, is_superuser=True)
    assert len(api_client(admin).get("/api/v1/admin/audit-logs").json()["data"]) == 1
    assert api_client(UserFactory(is_staff=True)).get("/api/v1/admin/audit-logs").status_code == 403
    client = Client()
    client.force_login(admin, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    for query in ({"q": "quận"}, {"days": "7"}, {"action": "branch.changed"}, {"kind": "organizations.branch"}):
        assert "Quận 1" in client.get("/admin/audit/auditlog/", query).content.decode(), query
    assert "Quận 1" not in client.get("/admin/audit/auditlog/", {"kind": "orders.order"}).content.decode()
    assert "→" in client.get(f"/admin/audit/auditlog/{entry.pk}/change/").content.decode()


def test_a_look_at_a_customer_is_logged_once_in_a_quarter_of_an_hour(owner):
    owner_company = Organization.objects.get(pk=owner.organization_id)
    customer = CustomerFactory(organization=owner_company)
    browser, client = browser_of(owner), api_client(actor=owner)
    for _look in range(2):
        assert browser.get(f"/garage/customers/{customer.pk}/").status_code == 200
        assert client.get(f"/api/v1/customers/{customer.pk}").status_code == 200

    def lookers():
        looks = AuditLog.objects.filter(action="data.viewed", entity_id=customer.pk).order_by("id")
        return list(looks.values_list("user_id", flat=True))

    assert lookers() == [owner.user_id]
    other = actor_for("manager", organization=owner_company)
    browser_of(other).get(f"/garage/customers/{customer.pk}/")
    assert lookers() == [owner.user_id, other.user_id]
    assert browser_of(actor_for("owner")).get(f"/garage/customers/{customer.pk}/").status_code == 404
    assert len(lookers()) == 2
