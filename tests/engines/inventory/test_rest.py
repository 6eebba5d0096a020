"""/inventory and what stands below it."""

from decimal import Decimal

import pytest

from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.platform.organizations.models import Organization
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import BranchFactory
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
API = "/api/v1"


def warehouse_of(actor, branch_id=None) -> Warehouse:
    company = Organization.objects.get(pk=actor.organization_id)
    return Warehouse.objects.filter(organization=company, branch_id=branch_id).first() or WarehouseFactory(
        organization=company, branch_id=branch_id
    )


def stock_of(actor, quantity=5, branch_id=None) -> StockLevel:
    warehouse = warehouse_of(actor, branch_id)
    return put_stock(VariantFactory(organization=warehouse.organization), warehouse, quantity)


class BranchRows:
    has_branches = True

    def make_row_of_other_branch(self, actor):
        other = BranchFactory(organization_id=actor.organization_id, organization=None)
        return self.row_of(stock_of(actor, branch_id=other.pk))

    def make_row(self, actor, number=1):
        return self.row_of(stock_of(actor, number))

    def row_of(self, level):
        return level


class TestLevels(BranchRows, ApiKit):
    url = f"{API}/inventory"
    right = "inventory.view"
    sorts = ("name", "sku", "onHand", "available", "updatedAt")
    filter_queries = (
        "filter[onHand][gte]=1",
        "filter[belowReorderPoint]=true",
        "filter[belowReorderPoint]=false",
        "filter[branch]=00000000-0000-7000-8000-000000000000",
        "filter[brand]=00000000-0000-7000-8000-000000000000",
        "search=ma+phanh",
    )


class TestMovements(BranchRows, ApiKit):
    url = f"{API}/inventory/movements"
    right = "inventory.view"
    filter_queries = ("filter[kind]=purchase", "filter[createdAt][gte]=2025-01-01", "filter[sourceType]=x")

    def row_of(self, level):
        return level.movements.get()

    def test_what_is_not_declared_is_refused(self):
        client = self.client_of(self.make_member(self.right))

        for query in ("filter[noSuchField]=1", "sort=quantity", "page=1", "cursor=!!"):
            assert client.get(f"{self.url}?{query}").status_code == 400, query

    def test_cursor_walks_the_whole_ledger_once(self):
        actor = self.make_member(self.right)
        expected = {str(self.make_row(actor, number).pk) for number in range(1, 8)}
        client, seen, cursor = self.client_of(actor), [], ""
        while cursor is not None:
            answer = client.get(self.url, {"limit": 3, "cursor": cursor}).json()
            seen += [row["id"] for row in answer["data"]]
            cursor = answer["pagination"]["nextCursor"]

        assert len(seen) == 7
        assert set(seen) == expected


class TestWarehouses(ApiKit):
    url = f"{API}/inventory/warehouses"
    right = "inventory.view"
    sorts = ("name", "code")
    filter_queries = ("filter[kind]=shop", "filter[isActive]=true")

    def make_row(self, actor, number=1):
        return WarehouseFactory(organization_id=actor.organization_id, organization=None)


@pytest.fixture
def keeper():
    return member_with("inventory.view", "inventory.adjust")


class TestCosts:
    def test_hidden_without_the_right(self, keeper):
        level = stock_of(keeper)
        client = api_client(actor=keeper)

        assert client.get(f"{API}/inventory/{level.pk}").json()["data"]["averageCost"] is None
        assert client.get(f"{API}/inventory/movements").json()["data"][0]["unitCost"] is None

    def test_shown_with_it(self):
        actor = member_with("inventory.view", "inventory.see_cost")
        level = stock_of(actor)

        shown = api_client(actor=actor).get(f"{API}/inventory/{level.pk}").json()["data"]

        assert (shown["averageCost"], shown["value"], shown["available"]) == ("60000.0000", "300000.00", "5.000")


class TestChanging:
    def test_limits_and_count(self, keeper):
        level, client = stock_of(keeper), api_client(actor=keeper)
        url = f"{API}/inventory/{level.pk}"
        etag = client.get(url)["ETag"]

        given = {"onHand": "3", "reorderPoint": "2", "reason": "Đếm lại"}
        answer = client.patch(url, given, format="json", HTTP_IF_MATCH=etag)

        assert answer.status_code == 200
        assert (answer.json()["data"]["onHand"], answer.json()["data"]["reorderPoint"]) == ("3.000", "2.000")
        movement = StockMovement.objects.first()
        assert (movement.kind, movement.quantity, movement.made_by_id) == ("adjustment", -2, keeper.user_id)

    def test_a_count_of_an_older_stock_is_refused(self, keeper):
        level, client = stock_of(keeper), api_client(actor=keeper)
        url = f"{API}/inventory/{level.pk}"
        etag = client.get(url)["ETag"]
        put_stock(level.variant, level.warehouse, 2)

        answer = client.patch(url, {"onHand": "5", "reason": "Đếm"}, format="json", HTTP_IF_MATCH=etag)

        assert answer.status_code == 409
        level.refresh_from_db()
        assert level.on_hand == 7

    def test_refusals(self, keeper):
        level, client = stock_of(keeper), api_client(actor=keeper)
        url = f"{API}/inventory/{level.pk}"

        assert client.patch(url, {"onHand": "3"}, format="json").status_code == 422
        assert client.patch(url, {"onHand": "-3", "reason": "x"}, format="json").status_code == 400
        assert client.patch(url, {"reserved": "1"}, format="json").status_code == 400
        viewer = api_client(actor=member_with("inventory.view", place=level.organization))
        assert viewer.patch(url, {"reorderPoint": "1"}, format="json").status_code == 403
        stranger = api_client(actor=member_with("inventory.*"))
        assert stranger.patch(url, {"reorderPoint": "1"}, format="json").status_code == 404
        level.refresh_from_db()
        assert (level.on_hand, level.reorder_point) == (5, 0)


class TestAdjusting:
    def given(self, level, **changes):
        return {
            "variantId": str(level.variant_id),
            "warehouseId": str(level.warehouse_id),
            "quantity": "-2",
            "reason": "Vỡ khi bốc xếp",
        } | changes

    def test_same_key_adjusts_once(self, keeper):
        level, client = stock_of(keeper), api_client(actor=keeper)

        first, second = (
            client.post(f"{API}/inventory/adjustments", self.given(level), format="json", HTTP_IDEMPOTENCY_KEY="k1")
            for _ in range(2)
        )

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["data"] == second.json()["data"]
        assert first.json()["data"]["balanceAfter"] == "3.000"
        other = client.post(
            f"{API}/inventory/adjustments", self.given(level, quantity="-1"), format="json", HTTP_IDEMPOTENCY_KEY="k1"
        )
        assert other.status_code == 409
        level.refresh_from_db()
        assert level.on_hand == 3
        assert len(client.get(f"{API}/inventory/adjustments").json()["data"]) == 1

    def test_refusals(self, keeper):
        level, client = stock_of(keeper), api_client(actor=keeper)
        for changes, status in (
            ({"quantity": "-6"}, 409),
            ({"quantity": "0"}, 400),
            ({"quantity": "1e400"}, 400),
            ({"reason": " "}, 400),
            ({"variantId": str(VariantFactory().pk)}, 404),
            ({"warehouseId": str(WarehouseFactory().pk)}, 404),
        ):
            answer = client.post(f"{API}/inventory/adjustments", self.given(level, **changes), format="json")
            assert answer.status_code == status, (changes, answer.json())

        level.refresh_from_db()
        assert level.on_hand == 5

    def test_short_line_is_named(self, keeper):
        level = stock_of(keeper)

        answer = api_client(actor=keeper).post(
            f"{API}/inventory/adjustments", self.given(level, quantity="-6"), format="json"
        )

        details = answer.json()["error"]["details"]
        assert (details["rule"], Decimal(details["lines"][0]["available"])) == ("not_enough_stock", 5)


def test_warehouses_are_created_and_changed_by_owners():
    owner = member_with("settings.edit", "inventory.view")
    client = api_client(actor=owner)
    given = {"code": "KHO-1", "name": "Kho chính", "kind": "central"}

    made = client.post(f"{API}/inventory/warehouses", given, format="json")
    assert made.status_code == 201
    assert client.post(f"{API}/inventory/warehouses", given, format="json").status_code == 409
    url = f"{API}/inventory/warehouses/{made.json()['data']['id']}"
    assert client.patch(url, {"isActive": False}, format="json").json()["data"]["isActive"] is False
    foreign = BranchFactory()
    answer = client.post(
        f"{API}/inventory/warehouses", given | {"code": "B", "branchId": str(foreign.pk)}, format="json"
    )
    assert answer.status_code == 404
    assert Warehouse.objects.count() == 1
