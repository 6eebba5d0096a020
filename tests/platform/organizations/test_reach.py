"""What reaches beyond one's branch: stock and sales that the company shares, and single rows that were opened."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.testing.relay import run_relay
from apps.engines.inventory.models import StockLevel, Warehouse
from apps.engines.inventory.selectors import list_shared_levels
from apps.engines.inventory.services import change_level
from apps.engines.vehicles.models import Vehicle
from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Branch
from apps.platform.organizations.services import grant, list_grants, revoke, update_branch_sharing
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.billing import make_invoice
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import BranchFactory, MembershipFactory
from tests.factories.workshop import VehicleFactory
from tests.support.api import api_client
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db


class Chain:
    """A company with two branches, stock in both, a keeper here and an owner everywhere."""

    def __init__(self) -> None:
        self.here: Branch = BranchFactory(name="Tân Bình")
        self.company = self.here.organization
        self.there: Branch = BranchFactory(organization=self.company, name="Thủ Đức")
        self.owner: Actor = actor_for("owner", self.company)
        self.keeper: Actor = actor_for("store_keeper", branch=self.here)
        self.variant = VariantFactory(organization=self.company)
        self.own_store, self.far_store = (
            WarehouseFactory(organization=self.company, branch=branch, name=f"Kho {branch.name}")
            for branch in (self.here, self.there)
        )
        self.own = put_stock(self.variant, self.own_store, 5, unit_cost=111_111)
        self.far = put_stock(self.variant, self.far_store, 7, unit_cost=222_222)
        foreign = WarehouseFactory()
        self.foreign = put_stock(VariantFactory(organization=foreign.organization), foreign, 9)

    @property
    def keeper_user(self) -> User:
        return User.objects.get(pk=self.keeper.user_id)


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_branch_reads_the_stock_of_others_but_not_their_cost(chain: Chain) -> None:
    rows = {row.pk: row for row in list_shared_levels(chain.keeper)}
    assert set(rows) == {chain.own.pk, chain.far.pk}
    assert (rows[chain.own.pk].seen_cost, rows[chain.far.pk].seen_cost) == (Decimal("111111.0000"), None)
    update_branch_sharing(chain.owner, prices=True)
    costs = {row.pk: row.seen_cost for row in list_shared_levels(chain.keeper)}
    assert costs[chain.far.pk] == Decimal("222222.0000")
    update_branch_sharing(chain.owner, stock=False)
    assert [row.pk for row in list_shared_levels(chain.keeper)] == [chain.own.pk]
    assert {row.pk for row in list_shared_levels(chain.owner)} == {chain.own.pk, chain.far.pk}


def test_shared_stock_is_read_only(chain: Chain) -> None:
    with pytest.raises(NotFound):
        change_level(chain.keeper, chain.far, on_hand=Decimal(1), reason="x")
    client = api_client(actor=chain.keeper)
    url = f"/api/v1/inventory/{chain.far.pk}"
    assert client.get(url).status_code == 404
    assert client.put(url, {"onHand": "1", "reason": "x"}, format="json").status_code == 404
    assert browser_of(chain.keeper).get(f"/garage/stock/{chain.far.pk}/").status_code == 404
    assert StockLevel.objects.get(pk=chain.far.pk).on_hand == 7


def test_shared_stock_over_rest_and_in_the_portal(chain: Chain) -> None:
    client, browser = api_client(actor=chain.keeper), browser_of(chain.keeper)
    answer = client.get("/api/v1/inventory/branches").json()["data"]
    shown = {row["id"]: (row["isOwn"], row["onHand"], row["averageCost"], row["value"]) for row in answer}
    assert shown == {
        str(chain.own.pk): (True, "5.000", "111111.0000", "555555.00"),
        str(chain.far.pk): (False, "7.000", None, None),
    }
    assert [row["id"] for row in client.get("/api/v1/inventory").json()["data"]] == [str(chain.own.pk)]
    page = browser.get("/garage/stock/branches/").content.decode()
    assert "Kho Thủ Đức" in page
    assert f"/garage/stock/{chain.own.pk}/" in page
    assert f"/garage/stock/{chain.far.pk}/" not in page
    assert "222222" not in browser.get("/garage/stock/branches/", {"export": "csv"}).content.decode()
    update_branch_sharing(chain.owner, stock=False)
    assert "Kho Thủ Đức" not in browser.get("/garage/stock/branches/").content.decode()
    assert len(client.get("/api/v1/inventory/branches").json()["data"]) == 1
    assert browser_of(actor_for("accountant", chain.company)).get("/garage/stock/branches/").status_code == 403


def test_sales_are_shared_when_the_company_says_so(chain: Chain) -> None:
    cashier = actor_for("cashier", branch=chain.here)
    invoice = make_invoice(chain.company, branch=chain.there)
    client, browser = api_client(actor=cashier), browser_of(cashier)
    assert client.get("/api/v1/invoices/branches").json()["data"] == []
    assert invoice.number not in browser.get("/garage/invoices/branches/").content.decode()
    update_branch_sharing(chain.owner, sales=True)
    rows = client.get("/api/v1/invoices/branches").json()["data"]
    assert [row["number"] for row in rows] == [invoice.number]
    assert "availableActions" not in rows[0]
    page = browser.get("/garage/invoices/branches/").content.decode()
    assert invoice.number in page
    assert f"/garage/invoices/{invoice.pk}/" not in page
    assert client.get(f"/api/v1/invoices/{invoice.pk}").status_code == 404
    assert browser.get(f"/garage/invoices/{invoice.pk}/").status_code == 404
    stranger = actor_for("owner")
    assert api_client(actor=stranger).get("/api/v1/invoices/branches").json()["data"] == []


def test_opened_warehouse_is_seen_and_nothing_else_of_the_branch(chain: Chain) -> None:
    second = WarehouseFactory(organization=chain.company, branch=chain.there, name="Kho lạnh")
    put_stock(chain.variant, second, 3)
    client, browser = api_client(actor=chain.keeper), browser_of(chain.keeper)
    grant(chain.owner, chain.keeper_user, "inventory.view", chain.far_store)
    grant(chain.owner, chain.keeper_user, "inventory.view", chain.far_store)
    assert set(Warehouse.objects.visible_to(chain.keeper)) == {chain.own_store, chain.far_store}
    listed = {row["id"] for row in client.get("/api/v1/inventory").json()["data"]}
    assert listed == {str(chain.own.pk), str(chain.far.pk)}
    assert client.get(f"/api/v1/inventory/{chain.far.pk}").status_code == 200
    page = browser.get("/garage/stock/").content.decode()
    assert "Kho Thủ Đức" in page
    assert "Kho lạnh" not in page
    assert browser.get(f"/garage/stock/{chain.far.pk}/").status_code == 200
    assert [row for _entry, row in list_grants(chain.owner, chain.keeper_user)] == [chain.far_store]
    assert AuditLog.objects.filter(action="access.given").count() == 1
    revoke(chain.owner, chain.keeper_user, "inventory.view", chain.far_store)
    run_relay()
    assert client.get(f"/api/v1/inventory/{chain.far.pk}").status_code == 404
    assert browser.get(f"/garage/stock/{chain.far.pk}/").status_code == 404
    assert set(Warehouse.objects.visible_to(chain.keeper)) == {chain.own_store}


def test_opened_vehicle_is_seen_by_its_driver(chain: Chain) -> None:
    driver = actor_for("technician", branch=chain.here)
    user = User.objects.get(pk=driver.user_id)
    opened, other = (
        VehicleFactory(organization=chain.company, customer__organization=chain.company, branch=chain.there)
        for _number in range(2)
    )
    client, browser = api_client(actor=driver), browser_of(driver)
    assert client.get(f"/api/v1/vehicles/{opened.pk}").status_code == 404
    grant(chain.owner, user, "vehicle.view", opened)
    assert client.get(f"/api/v1/vehicles/{opened.pk}").status_code == 200
    assert [row["id"] for row in client.get("/api/v1/vehicles").json()["data"]] == [str(opened.pk)]
    assert client.get(f"/api/v1/vehicles/{other.pk}").status_code == 404
    assert browser.get(f"/garage/vehicles/{opened.pk}/").status_code == 200
    assert browser.get(f"/garage/vehicles/{other.pk}/").status_code == 404
    assert get_visible(Vehicle.objects.all(), driver, opened.pk) == opened


def test_nobody_opens_what_they_do_not_have(chain: Chain) -> None:
    keeper, foreign = chain.keeper_user, WarehouseFactory()
    advisor_here = actor_for("advisor", branch=chain.here)
    manager_here = actor_for("manager", branch=chain.here)
    only_staff = replace(chain.owner, permissions=frozenset({"staff.edit"}))
    for actor, user, right, row, error in (
        (only_staff, keeper, "inventory.view", chain.own_store, NotAllowed),
        (advisor_here, keeper, "inventory.view", chain.own_store, NotAllowed),
        (manager_here, keeper, "inventory.view", chain.far_store, NotFound),
        (chain.owner, keeper, "inventory.view", foreign, NotFound),
        (chain.owner, UserFactory(), "inventory.view", chain.far_store, NotFound),
        (chain.owner, MembershipFactory().user, "inventory.view", chain.far_store, NotFound),
        (chain.owner, keeper, "inventory.adjust", chain.far_store, BadInput),
        (chain.owner, keeper, "inventory.view", chain.company, BadInput),
    ):
        with pytest.raises(error):
            grant(actor, user, right, row)
    assert list_grants(chain.owner, keeper) == []
    assert set(Warehouse.objects.visible_to(chain.keeper)) == {chain.own_store}


def test_grant_opens_nothing_in_another_company(chain: Chain) -> None:
    grant(chain.owner, chain.keeper_user, "inventory.view", chain.far_store)
    elsewhere = actor_for("store_keeper", branch=BranchFactory(), user=chain.keeper_user)
    assert not Warehouse.objects.visible_to(elsewhere).exists()
    chain.keeper_user.memberships.filter(organization=chain.company).delete()
    assert api_client(chain.keeper_user).get(f"/api/v1/inventory/{chain.far.pk}").status_code == 404


def test_access_is_given_and_taken_through_portal_and_rest(chain: Chain) -> None:
    member = chain.keeper_user.memberships.get()
    browser, base = browser_of(chain.owner), f"/garage/staff/{member.pk}/"
    form = {"row": f"inventory.warehouse:{chain.far_store.pk}"}
    assert "Kho Thủ Đức" in browser.get(f"{base}do/open/").content.decode()
    assert browser.post(f"{base}do/open/", form).status_code == 302
    assert "Kho Thủ Đức" in browser.get(base).content.decode()
    assert chain.far_store in Warehouse.objects.visible_to(chain.keeper)
    assert browser.post(f"{base}do/close/", form).status_code == 302
    assert chain.far_store not in Warehouse.objects.visible_to(chain.keeper)
    assert browser.post(f"{base}do/open/", {"row": f"inventory.warehouse:{WarehouseFactory().pk}"}).status_code == 422
    client = api_client(actor=chain.owner)
    body = {"userId": str(member.user_id), "objectType": "inventory.warehouse", "objectId": str(chain.far_store.pk)}
    assert client.post("/api/v1/grants", body, format="json").status_code == 201
    listed = client.get(f"/api/v1/grants/of/{member.user_id}").json()["data"]
    assert [row["objectId"] for row in listed] == [str(chain.far_store.pk)]
    assert client.post("/api/v1/grants/revoke", body, format="json").status_code == 200
    assert client.get(f"/api/v1/grants/of/{member.user_id}").json()["data"] == []
    for wrong in ({"objectId": str(WarehouseFactory().pk)}, {"userId": str(UserFactory().pk)}):
        assert client.post("/api/v1/grants", {**body, **wrong}, format="json").status_code == 404
    assert client.post("/api/v1/grants", {**body, "objectType": "accounts.user"}, format="json").status_code == 400
    stranger = api_client(actor=actor_for("owner"))
    assert stranger.post("/api/v1/grants", body, format="json").status_code == 404
    assert stranger.get(f"/api/v1/grants/of/{member.user_id}").status_code == 404
    assert api_client(actor=chain.keeper).post("/api/v1/grants", body, format="json").status_code == 403
