"""/products, /variants, /categories."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.engines.catalog.models import Category, Product, ProductMedia, Variant
from apps.engines.catalog.services.search_text import refresh_search_text
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
    VehicleModelFactory,
)
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
API = "/api/v1"


def article(actor, number=1, **options):
    product = ProductFactory(
        organization_id=actor.organization_id, organization=None, name=f"Má phanh {number}", **options
    )
    VariantFactory(
        organization_id=actor.organization_id,
        organization=None,
        product=product,
        sku=f"AT-{number:03d}",
        cost=Decimal(400),
    )
    FitmentFactory(product=product)
    refresh_search_text(product)
    return product


class TestProducts(ApiKit):
    url = f"{API}/products"
    right = "catalog.view"
    sorts = ("name", "createdAt", "listPrice", "available")
    filter_queries = (
        "filter[status]=active",
        "filter[kind][in]=part,tool",
        "filter[brand]=00000000-0000-7000-8000-000000000000",
        "filter[category]=1",
        "filter[partNumber][contains]=AT",
        "filter[isFeatured]=false",
        "filter[createdAt][gte]=2025-01-01",
        "search=ma+phanh",
    )

    def make_row(self, actor, number=1):
        return article(actor, number)


class TestVariants(ApiKit):
    url = f"{API}/variants"
    right = "catalog.view"
    sorts = ("sku", "price", "createdAt")
    filter_queries = (
        "filter[sku][contains]=AT",
        "filter[barcode]=1",
        "filter[isActive]=true",
        "filter[isStocked]=true",
        "search=phanh",
    )

    def make_row(self, actor, number=1):
        return article(actor, number).variants.get()


@pytest.fixture
def keeper():
    return member_with("catalog.view", "catalog.edit", "price.edit")


def body(**changes):
    return {
        "name": "Má phanh trước",
        "categoryId": CategoryFactory().pk,
        "taxClassId": str(TaxClassFactory().pk),
        "brandId": str(BrandFactory(name="Aisin").pk),
        "partNumber": "AT-029",
        "oemNumbers": ["04465-0D150"],
        "variants": [{"sku": "AT-029", "price": "720000", "cost": "475000", "barcode": "4904197273291"}],
        "fitments": [{"modelId": str(VehicleModelFactory().pk), "yearFrom": 2014, "yearTo": 2023}],
    } | changes


class TestWriting:
    def test_create(self, keeper):
        answer = api_client(actor=keeper).post(f"{API}/products", body(), format="json")

        assert answer.status_code == 201
        shown = answer.json()["data"]
        assert (shown["name"], shown["partNumber"], shown["listPrice"]) == ("Má phanh trước", "AT-029", "720000.00")
        assert shown["fitments"][0]["model"] == "Toyota Vios"
        assert (shown["variants"][0]["sku"], shown["variants"][0]["cost"]) == ("AT-029", None)
        assert answer["ETag"].startswith('W/"1.')

    def test_costs_need_their_right(self):
        actor = member_with("catalog.*", "inventory.see_cost")
        client = api_client(actor=actor)
        answer = client.post(f"{API}/products", body(), format="json")
        assert answer.json()["data"]["variants"][0]["cost"] == "475000.00"

    @pytest.mark.parametrize(
        ("changes", "status", "field"),
        [
            ({"name": ""}, 400, "name"),
            ({"categoryId": 0}, 400, "category_id"),
            ({"variants": []}, 400, "variants"),
            ({"variants": [{"sku": "A", "price": "-1"}]}, 400, "variants"),
            ({"variants": [{"sku": "A", "price": "1", "barcode": "4904197273292"}]}, 400, "barcode"),
            ({"organizationId": "x"}, 400, "organizationId"),
            ({"kind": "spaceship"}, 400, "kind"),
        ],
    )
    def test_bad_input_leaves_nothing(self, keeper, changes, status, field):
        answer = api_client(actor=keeper).post(f"{API}/products", body(**changes), format="json")

        assert answer.status_code == status
        assert answer.json()["error"]["code"] == "VALIDATION_001"
        assert not Product.objects.exists()

    def test_taken_sku(self, keeper):
        article(keeper, 29)
        given = body(variants=[{"sku": "at 029", "price": "1"}])

        answer = api_client(actor=keeper).post(f"{API}/products", given, format="json")

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "DUPLICATE_001")
        assert Product.objects.count() == 1

    def test_change_under_its_version(self, keeper):
        product, client = article(keeper), api_client(actor=keeper)
        url = f"{API}/products/{product.pk}"
        etag = client.get(url)["ETag"]

        changed = client.patch(url, {"name": "Bố thắng", "fitments": []}, format="json", HTTP_IF_MATCH=etag)
        assert (changed.status_code, changed.json()["data"]["name"]) == (200, "Bố thắng")
        assert changed.json()["data"]["fitments"] == []
        late = client.patch(url, {"name": "Khác"}, format="json", HTTP_IF_MATCH=etag)
        assert late.status_code == 409
        product.refresh_from_db()
        assert product.name == "Bố thắng"

    def test_strangers_change_nothing(self, keeper):
        product = article(member_with())
        client = api_client(actor=keeper)

        for call in (
            lambda: client.patch(f"{API}/products/{product.pk}", {"name": "X"}, format="json"),
            lambda: client.post(f"{API}/products/{product.pk}/variants", {"sku": "X", "price": "1"}, format="json"),
            lambda: client.patch(f"{API}/variants/{product.variants.get().pk}", {"price": "1"}, format="json"),
        ):
            assert call().status_code == 404

        assert Variant.objects.get().price == 100_000

    def test_variants(self, keeper):
        product, client = article(keeper), api_client(actor=keeper)

        added = client.post(f"{API}/products/{product.pk}/variants", {"sku": "B-2", "price": "5"}, format="json")
        assert (added.status_code, added.json()["data"]["price"]) == (201, "5.00")
        url = f"{API}/variants/{added.json()['data']['id']}"
        assert client.patch(url, {"price": "7"}, format="json").json()["data"]["price"] == "7.00"
        viewer = api_client(actor=member_with("catalog.edit", place=product.organization))
        assert viewer.patch(url, {"price": "9"}, format="json").status_code == 403
        assert Variant.objects.get(sku="B-2").price == 7

    def test_pictures(self, keeper):
        product, picture = article(keeper), BytesIO()
        Image.new("RGB", (64, 48), "navy").save(picture, "JPEG")
        file = SimpleUploadedFile("anh.jpg", picture.getvalue(), content_type="image/jpeg")

        answer = api_client(actor=keeper).post(f"{API}/products/{product.pk}/media", {"file": file}, format="multipart")

        assert answer.status_code == 201
        assert answer.json()["data"]["isMain"] is True
        assert ProductMedia.objects.get().product == product
        shown = api_client(actor=keeper).get(f"{API}/products").json()["data"][0]
        assert shown["thumbnailUrl"].endswith("/small") or shown["thumbnailUrl"]


class TestSearching:
    def test_search(self, keeper):
        article(keeper, 1)
        client = api_client(actor=keeper)

        found = client.get(f"{API}/products/search", {"q": "ma phanh vioz", "sort": "price", "order": "desc"}).json()
        assert (found["pagination"]["total"], found["data"][0]["name"]) == (1, "Má phanh 1")
        assert client.get(f"{API}/products/search", {"q": "at-0"}).json()["pagination"]["total"] == 1
        assert client.get(f"{API}/products/search", {"inStock": "true"}).json()["pagination"]["total"] == 0
        assert client.get(f"{API}/products/search", {"year": "2030"}).json()["pagination"]["total"] == 0

    @pytest.mark.parametrize(
        "query", ["year=x", "priceFrom=-1", "inStock=1", "modelId=7", "sort=magic", "colour=red", "organization=x"]
    )
    def test_bad_queries(self, keeper, query):
        answer = api_client(actor=keeper).get(f"{API}/products/search?{query}")

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_001")

    def test_suggestions(self, keeper):
        article(keeper, 1)

        answer = api_client(actor=keeper).get(f"{API}/products/suggest", {"q": "ma ph"})

        assert [row["text"] for row in answer.json()["data"]] == ["Má phanh 1"]

    @pytest.mark.parametrize("path", ["products/search", "products/suggest"])
    def test_need_the_right(self, path):
        assert api_client().get(f"{API}/{path}").status_code == 401
        assert api_client(actor=member_with("report.view")).get(f"{API}/{path}").status_code == 403


class TestCategories:
    def test_tree_is_open(self):
        brakes = CategoryFactory(name="Phanh")
        CategoryFactory(name="Má phanh", parent=brakes)

        [top] = api_client().get(f"{API}/categories").json()["data"]

        assert (top["name"], top["children"][0]["name"]) == ("Phanh", "Má phanh")

    def test_only_platform_staff_change_it(self, keeper):
        category = CategoryFactory(name="Phanh")
        for client, status in ((api_client(), 401), (api_client(actor=keeper), 403)):
            assert client.post(f"{API}/categories", {"name": "X"}, format="json").status_code == status
            url = f"{API}/categories/{category.pk}"
            assert client.patch(url, {"name": "X"}, format="json").status_code == status

        assert [row.name for row in Category.objects.all()] == ["Phanh"]
