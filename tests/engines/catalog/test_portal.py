"""Products in both portals."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.engines.catalog.models import Product, ProductMedia
from apps.engines.pricing.services import assign_price_list, create_price_list, set_price
from apps.platform.organizations.models import Organization
from tests.factories.actors import actor_for
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
    VehicleModelFactory,
)
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import OrganizationFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class ProductsOf:
    right = "catalog.view"

    def make_row(self, actor, number=1):
        return VariantFactory(organization=Organization.objects.get(pk=actor.organization_id)).product


class TestProductList(ProductsOf, ListKit):
    url_name = "garage:products"
    sorts = ("name", "part_number", "category", "list_price", "status")
    filter_queries = ("status=active", "out=1", "category=x", "brand=x", f"brand={uuid4()}")

    def label_of(self, row):
        return row.part_number


class TestDistributorProductList(TestProductList):
    kinds = ("distributor",)
    url_name = "distributor:products"


class TestProductDetail(ProductsOf, DetailKit):
    url_name = "distributor:product"
    kinds = ("distributor",)


@pytest.fixture
def variant():
    return VariantFactory(organization=OrganizationFactory(kinds=["distributor"]), price=720_000, cost=500_000)


@pytest.fixture
def owner(variant):
    return actor_for("owner", variant.organization)


def url(product, rest=""):
    return f"/distributor/products/{product.pk}/{rest}"


def picture(name="pads.png", size=(80, 60)):
    buffer = BytesIO()
    Image.new("RGB", size, "teal").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def facts(**changes):
    values = {
        "name": "Má phanh trước",
        "category_id": CategoryFactory().pk,
        "brand_id": str(BrandFactory().pk),
        "part_number": "AT-029",
        "kind": "part",
        "tax_class_id": str(TaxClassFactory().pk),
        "warranty_months": "6",
        "sku": "AT-029",
        "unit": "bộ",
        "price": "720000",
    }
    return {**values, **changes}


def test_a_product_is_made_with_its_first_sku_once(owner):
    client = browser_of(owner)
    page = client.get("/distributor/products/new/")
    values = facts(form_token=page.context["token"])

    first = client.post("/distributor/products/new/", values)
    second = client.post("/distributor/products/new/", values)

    made = Product.objects.get(name="Má phanh trước")
    assert first["Location"] == second["Location"] == url(made)
    assert (made.organization_id, made.variants.get().price) == (owner.organization_id, 720_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"price": "-1"},
        {"price": "NaN"},
        {"category_id": "999999"},
        {"brand_id": "x"},
        {"tax_class_id": str(uuid4())},
        {"kind": "kit"},
        {"warranty_months": "-1"},
    ],
)
def test_hostile_products_are_refused(owner, changes):
    before = Product.objects.count()

    assert browser_of(owner).post("/distributor/products/new/", facts(**changes)).status_code == 422
    assert Product.objects.count() == before


def test_a_wrong_barcode_and_a_taken_sku_stand_beside_their_fields(owner, variant):
    client = browser_of(owner)

    wrong = client.post("/distributor/products/new/", facts(barcode="4904197273290"))
    taken = client.post("/distributor/products/new/", facts(sku=variant.sku))

    assert (wrong.status_code, taken.status_code) == (400, 409)
    assert wrong.context["form"].errors.keys() == {"barcode"}
    assert taken.context["form"].errors.keys() == {"sku"}
    assert Product.objects.count() == 1


def test_facts_are_changed_and_a_stale_form_is_refused(owner, variant):
    client, product = browser_of(owner), variant.product
    values = facts(name="Má phanh sau", status="discontinued", version=product.version)

    first = client.post(url(product, "do/edit/"), values, headers=HTMX)
    second = client.post(url(product, "do/edit/"), {**values, "name": "Khác"}, headers=HTMX)

    assert (first.status_code, second.status_code) == (200, 409)
    product.refresh_from_db()
    assert (product.name, product.status) == ("Má phanh sau", "discontinued")


def test_the_price_needs_a_right_of_its_own(variant):
    keeper = browser_of(member_with("catalog.*", place=variant.organization))
    values = {"variant": variant.pk, "sku": "AT-30", "unit": "bộ", "is_active": "on", "price": "720000"}
    address = url(variant.product, "do/sku/")

    assert keeper.post(address, values, headers=HTMX).status_code == 200
    assert keeper.post(address, {**values, "price": "1"}, headers=HTMX).status_code == 403
    variant.refresh_from_db()
    assert (variant.sku, variant.price, variant.cost) == ("AT-30", 720_000, 500_000)
    foreign = VariantFactory(organization=variant.organization)
    assert keeper.post(address, {**values, "variant": foreign.pk}, headers=HTMX).status_code == 422


def test_pictures_are_added_put_first_and_taken_away(owner, variant):
    client, product = browser_of(owner), variant.product
    for name in ("a.png", "b.png"):
        assert client.post(url(product, "do/picture/"), {"picture": picture(name)}, headers=HTMX).status_code == 200
    first, second = ProductMedia.objects.order_by("position")
    assert (first.is_main, second.is_main) == (True, False)

    client.post(url(product, "do/show_first/"), {"media_id": second.pk}, headers=HTMX)
    client.post(url(product, "do/remove_picture/"), {"media_id": first.pk}, headers=HTMX)

    assert ProductMedia.objects.get() == second
    assert ProductMedia.objects.get().is_main
    assert client.post(url(product, "do/remove_picture/"), {"media_id": "x"}, headers=HTMX).status_code == 422
    assert client.post(url(product, "do/remove_picture/"), {"media_id": uuid4()}, headers=HTMX).status_code == 404


def test_what_is_no_picture_is_refused(owner, variant):
    fake = SimpleUploadedFile("a.png", b"<script>alert(1)</script>", content_type="image/png")

    answer = browser_of(owner).post(url(variant.product, "do/picture/"), {"picture": fake}, headers=HTMX)

    assert answer.status_code == 422
    assert not ProductMedia.objects.exists()


def test_vehicles_are_added(owner, variant):
    client, model = browser_of(owner), VehicleModelFactory()
    values = {"model_id": model.pk, "year_from": "2014", "year_to": "2023"}

    assert client.post(url(variant.product, "do/fit/"), values, headers=HTMX).status_code == 200
    backwards = client.post(url(variant.product, "do/fit/"), {**values, "year_to": "2001"}, headers=HTMX)
    twice = client.post(url(variant.product, "do/fit/"), values, headers=HTMX)

    assert (backwards.status_code, twice.status_code) == (422, 409)
    assert variant.product.fitments.count() == 1


def test_who_only_looks_changes_nothing_and_sees_no_cost(variant):
    client = browser_of(member_with("catalog.view", place=variant.organization))

    page = client.get(url(variant.product)).content.decode()
    assert "do/edit/" not in page
    assert "500.000" not in page
    for action in ("edit", "sku", "picture", "fit", "remove_picture"):
        assert client.post(url(variant.product, f"do/{action}/"), headers=HTMX).status_code == 403
    assert client.get("/distributor/products/new/").status_code == 403


def test_stock_and_tiers_stand_on_the_page(owner, variant):
    put_stock(variant, WarehouseFactory(organization=variant.organization, name="Kho Bình Tân"), 7)
    tier = create_price_list(owner, name="Gara thân thiết", discount_percent=10)
    set_price(owner, tier, variant_id=variant.pk, unit_price=600_000, min_quantity=5)
    assign_price_list(owner, tier, buyer_organization_id=OrganizationFactory().pk)

    text = browser_of(owner).get(url(variant.product)).content.decode()

    for words in ("Kho Bình Tân", "Gara thân thiết", "600.000"):
        assert words in text
    clerk = browser_of(member_with("catalog.view", place=variant.organization)).get(url(variant.product))
    assert "Kho Bình Tân" not in clerk.content.decode()
    assert "Gara thân thiết" not in clerk.content.decode()


def test_products_are_found_from_anywhere(owner, variant):
    client = browser_of(owner)

    assert url(variant.product) in client.get("/palette/", {"q": variant.product.part_number}).content.decode()
    foreign = ProductFactory()
    assert str(foreign.pk) not in client.get("/palette/", {"q": foreign.part_number}).content.decode()
