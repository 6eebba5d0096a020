"""Stock in both portals: list, level, receiving, ledger, warehouses."""

from decimal import Decimal
from uuid import uuid4

import pytest

from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import ReserveLine, Source, reserve_stock
from apps.platform.organizations.models import Organization
from tests.factories.actors import actor_for
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class StockOf:
    right = "inventory.view"

    def make_row(self, actor, number=1):
        variant = VariantFactory(organization=Organization.objects.get(pk=actor.organization_id))
        house = Warehouse.objects.filter(organization_id=actor.organization_id).first()
        house = house or WarehouseFactory(organization_id=actor.organization_id)
        return put_stock(variant, house, number)


class TestStockList(StockOf, ListKit):
    url_name = "garage:stock"
    sorts = ("name", "warehouse", "on_hand", "reserved", "free", "reorder_point")
    filter_queries = ("low=1", "out=1", "warehouse=x", f"warehouse={uuid4()}")

    def label_of(self, row):
        return row.variant.sku


class TestDistributorStockList(TestStockList):
    kinds = ("distributor",)
    url_name = "distributor:stock"


class TestStockDetail(StockOf, DetailKit):
    url_name = "garage:stock-level"
    has_branches = True

    def make_row_of_other_branch(self, actor):
        other = BranchFactory(organization_id=actor.organization_id)
        house = WarehouseFactory(organization_id=actor.organization_id, branch=other)
        return put_stock(VariantFactory(organization=other.organization), house, 1)


class TestMovementList(StockOf, ListKit):
    url_name = "garage:movements"
    sorts = ("article", "at", "kind", "warehouse", "quantity")
    filter_queries = ("kind=purchase", "kind=x", "at_from=2026-01-01", "warehouse=x")

    def make_row(self, actor, number=1):
        return super().make_row(actor, number).movements.get()

    def label_of(self, row):
        return row.variant.sku


class TestWarehouseList(ListKit):
    url_name = "distributor:warehouses"
    kinds = ("distributor",)
    right = "inventory.view"
    sorts = ("name", "branch", "kind", "articles")

    def make_row(self, actor, number=1):
        return WarehouseFactory(organization_id=actor.organization_id)

    def label_of(self, row):
        return f'<span class="cell-sub">{row.code}</span>'

    def search_for(self, row):
        return row.code


@pytest.fixture
def level():
    garage = OrganizationFactory()
    branch = BranchFactory(organization=garage)
    variant = VariantFactory(organization=garage, cost=50_000)
    return put_stock(variant, WarehouseFactory(organization=garage, branch=branch), 5, unit_cost=60_000)


def url(level, rest=""):
    return f"/garage/stock/{level.pk}/{rest}"


def keeper_of(level):
    return actor_for("store_keeper", level.organization, level.warehouse.branch)


def test_a_count_corrects_the_stock_with_its_reason(level):
    client = browser_of(keeper_of(level))
    values = {"on_hand": "3", "reason": "Kiểm kê", "version": level.version}

    first = client.post(url(level, "do/count/"), values, headers=HTMX)
    second = client.post(url(level, "do/count/"), {**values, "on_hand": "9"}, headers=HTMX)

    assert (first.status_code, second.status_code) == (200, 409)
    level.refresh_from_db()
    assert level.on_hand == 3
    made = StockMovement.objects.get(kind="adjustment")
    assert (made.quantity, made.reason, made.balance_after) == (-2, "Kiểm kê", 3)
    assert "Kiểm kê" in client.get(url(level)).content.decode()
    assert verify_stock() == []


@pytest.mark.parametrize(
    "values",
    [
        {"on_hand": "-1", "reason": "x"},
        {"on_hand": "NaN", "reason": "x"},
        {"on_hand": "1e20", "reason": "x"},
        {"on_hand": "3", "reason": "  "},
        {"on_hand": "", "reason": "x"},
    ],
)
def test_hostile_counts_change_nothing(level, values):
    answer = browser_of(keeper_of(level)).post(url(level, "do/count/"), values, headers=HTMX)

    assert answer.status_code == 422
    level.refresh_from_db()
    assert (level.on_hand, StockMovement.objects.count()) == (5, 1)


def test_less_than_is_promised_cannot_be_counted(level):
    line = ReserveLine(level.variant_id, level.warehouse_id, Decimal(4), uuid4())
    reserve_stock(keeper_of(level), [line], source=Source("test.document", uuid4()))

    answer = browser_of(keeper_of(level)).post(
        url(level, "do/count/"), {"on_hand": "3", "reason": "Kiểm kê"}, headers=HTMX
    )

    assert answer.status_code == 409
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (5, 4)


def test_goods_come_in_at_their_cost(level):
    client = browser_of(keeper_of(level))

    answer = client.post(
        url(level, "do/receive/"), {"quantity": "5", "unit_cost": "70000", "reference": "PN-77"}, headers=HTMX
    )

    assert answer.status_code == 200
    level.refresh_from_db()
    assert (level.on_hand, level.average_cost) == (10, 65_000)
    assert StockMovement.objects.filter(source_label="PN-77", quantity=5).count() == 1


def test_limits_mark_what_runs_low(level):
    client = browser_of(keeper_of(level))
    assert client.get("/garage/stock/", {"low": "1"}).context["lines"] == []

    client.post(url(level, "do/limits/"), {"reorder_point": "6", "max_level": "20"}, headers=HTMX)

    [line] = client.get("/garage/stock/", {"low": "1"}).context["lines"]
    assert line.row.label == "low"
    dashboard = browser_of(actor_for("owner", level.organization)).get("/garage/").context["numbers"]
    assert (dashboard[-1].value, dashboard[-1].url) == (1, "/garage/stock/?low=1")


def test_who_may_only_look_changes_nothing_and_sees_no_cost(level):
    technician = browser_of(actor_for("technician", level.organization, level.warehouse.branch))

    page = technician.get(url(level)).content.decode()
    assert "do/count/" not in page
    assert "60.000" not in page
    for action in ("count", "receive", "limits"):
        assert technician.post(url(level, f"do/{action}/"), {"on_hand": "1"}, headers=HTMX).status_code == 403
    assert technician.get("/garage/stock/receive/").status_code == 403
    assert "60.000" not in technician.get("/garage/stock/").content.decode()
    assert b"60000" not in technician.get("/garage/stock/", {"export": "csv"}).content
    level.refresh_from_db()
    assert level.on_hand == 5


def lines(*rows):
    values = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0}
    for place, (sku, quantity, cost) in enumerate(rows):
        values |= {f"lines-{place}-sku": sku, f"lines-{place}-quantity": quantity, f"lines-{place}-unit_cost": cost}
    return values


def test_a_delivery_of_several_articles_comes_in_once(level):
    other = VariantFactory(organization=level.organization, sku="OIL 5W-30", barcode="12345670")
    client = browser_of(keeper_of(level))
    token = client.get("/garage/stock/receive/").context["token"]
    values = {
        "warehouse": level.warehouse_id,
        "reference": "PN-9",
        "form_token": token,
        **lines((level.variant.sku.lower(), "2", "60000"), ("12345670", "4", "10000")),
    }

    first = client.post("/garage/stock/receive/", values)
    second = client.post("/garage/stock/receive/", values)

    assert first["Location"] == second["Location"] == "/garage/stock/"
    assert StockMovement.objects.filter(source_label="PN-9").count() == 2
    assert StockLevel.objects.get(variant=other).on_hand == 4
    assert verify_stock() == []


def test_one_unknown_article_keeps_all_out(level):
    foreign = VariantFactory(sku="FOREIGN-1")
    values = {"warehouse": level.warehouse_id, **lines((level.variant.sku, "2", "1"), (foreign.sku, "1", "1"))}

    answer = browser_of(keeper_of(level)).post("/garage/stock/receive/", values)

    assert answer.status_code == 422
    assert StockMovement.objects.count() == 1


def test_a_foreign_warehouse_takes_nothing(level):
    foreign = WarehouseFactory()

    answer = browser_of(keeper_of(level)).post(
        "/garage/stock/receive/", {"warehouse": foreign.pk, **lines((level.variant.sku, "2", "1"))}
    )

    assert answer.status_code == 422
    assert StockMovement.objects.count() == 1


def test_the_branch_that_was_chosen_narrows_the_list(level):
    owner = actor_for("owner", level.organization)
    far = WarehouseFactory(organization=level.organization, branch=BranchFactory(organization=level.organization))
    other = put_stock(VariantFactory(organization=level.organization), far, 1)
    client = browser_of(owner)
    assert len(client.get("/garage/stock/").context["lines"]) == 2

    session = client.session
    session["branch_id"] = str(far.branch_id)
    session.save()

    assert [line.row.pk for line in client.get("/garage/stock/").context["lines"]] == [other.pk]


def test_a_warehouse_is_made_by_the_owner_alone():
    owner = actor_for("owner", OrganizationFactory(kinds=["distributor"]))
    values = {"code": "HN", "name": "Kho Hà Nội", "kind": "central", "branch": ""}
    helper = member_with("inventory.*", place=OrganizationFactory(kinds=["distributor"]))

    assert browser_of(helper).get("/distributor/stock/warehouses/new/").status_code == 403
    assert browser_of(owner).post("/distributor/stock/warehouses/new/", values).status_code == 302
    again = browser_of(owner).post("/distributor/stock/warehouses/new/", values)
    assert again.status_code == 409
    assert Warehouse.objects.get().name == "Kho Hà Nội"
