"""Finding products as people type."""

import pytest

from apps.core.text import search_key
from apps.engines.catalog.selectors import ProductFilters, category_tree, list_products, search_products, suggest
from apps.engines.catalog.services.search_text import refresh_search_text
from tests.factories.actors import actor_for
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ProductFactory,
    VariantFactory,
    VehicleModelFactory,
)
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def shop(owner):
    """Brake pads for the Vios, a spark plug for anything, an oil filter."""
    organization = OrganizationFactory._meta.model.objects.get(pk=owner.organization_id)
    brakes = CategoryFactory(name="Phanh", slug="phanh")
    pads = CategoryFactory(name="Má phanh", slug="ma-phanh", parent=brakes)
    engine = CategoryFactory(name="Động cơ", slug="dong-co", position=1)

    def article(name, number, category, brand, price, **options):
        product = ProductFactory(
            organization=organization,
            name=name,
            part_number=number,
            category=category,
            brand=BrandFactory(name=brand, slug=brand.lower()),
            **options,
        )
        VariantFactory(organization=organization, product=product, sku=number, price=price)
        return product

    products = {
        "pads": article("Má phanh trước", "AT-029", pads, "Aisin", 720_000, oem_numbers=["04465-0D150"]),
        "plug": article("Bugi iridium", "K20-U11", engine, "Denso", 180_000, popularity=9),
        "filter": article("Lọc nhớt", "90915-YZZE1", engine, "Toyota", 95_000),
    }
    FitmentFactory(product=products["pads"], model=VehicleModelFactory())
    for product in products.values():
        refresh_search_text(product)
    return products


def found(actor, text="", sort="relevance", **filters):
    rows = search_products(actor, text, filters=ProductFilters(**filters), sort=sort)
    return [product.name for product in rows]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("má phanh", "Má phanh trước"),
        ("ma phanh vios", "Má phanh trước"),
        ("PHANH TRUOC", "Má phanh trước"),
        ("bugy", "Bugi iridium"),
        ("ma phan vioz", "Má phanh trước"),
        ("loc nhot", "Lọc nhớt"),
        ("lọc nhờn", "Lọc nhớt"),
        ("at029", "Má phanh trước"),
        ("AT 02", "Má phanh trước"),
        ("044650d", "Má phanh trước"),
        ("90915 yzz", "Lọc nhớt"),
        ("aisin", "Má phanh trước"),
    ],
)
def test_typed_so_found_so(owner, shop, text, name):
    assert found(owner, text)[0] == name


@pytest.mark.parametrize("text", ["xyzabc", "qqqq", "0000000"])
def test_nothing_like_it(owner, shop, text):
    assert found(owner, text) == []


@pytest.mark.parametrize("text", ["%", "_", "'; drop table", "-", "🙂"])
def test_odd_signs_do_no_harm(owner, shop, text):
    found(owner, text)


def test_filters(owner, shop):
    put_stock(shop["plug"].variants.get(), WarehouseFactory(organization=shop["plug"].organization), 3)
    vios = VehicleModelFactory()

    assert found(owner, category="phanh") == ["Má phanh trước"]
    assert found(owner, category="missing") == []
    assert found(owner, brand="denso") == ["Bugi iridium"]
    assert found(owner, in_stock=True) == ["Bugi iridium"]
    assert found(owner, price_from=100_000, price_to=200_000) == ["Bugi iridium"]
    assert found(owner, model_id=vios.pk, year=2020, sort="name") == ["Bugi iridium", "Lọc nhớt", "Má phanh trước"]
    assert found(owner, model_id=vios.pk, year=2024, sort="name") == ["Bugi iridium", "Lọc nhớt"]
    assert found(owner, kind="service") == []


def test_sorts(owner, shop):
    assert found(owner, sort="price") == ["Lọc nhớt", "Bugi iridium", "Má phanh trước"]
    assert found(owner, sort="-price") == ["Má phanh trước", "Bugi iridium", "Lọc nhớt"]
    assert found(owner, sort="newest") == ["Lọc nhớt", "Bugi iridium", "Má phanh trước"]
    assert found(owner)[0] == "Bugi iridium"


def test_other_companies(owner, shop):
    garage = actor_for("owner")
    company = shop["plug"].organization

    assert found(garage) == found(garage, market=True) == found(garage, organization_id=company.pk) == []
    company.kinds = ["distributor"]
    company.save()
    assert found(garage, "bugi", market=True) == found(garage, "bugi", organization_id=company.pk) == ["Bugi iridium"]
    assert found(garage) == []


def test_list_at_a_fixed_number_of_queries(owner, shop, django_assert_num_queries):
    for _ in range(20):
        VariantFactory(organization=shop["plug"].organization)

    with django_assert_num_queries(3):
        rows = [
            (
                row.brand,
                row.category.name,
                row.list_price,
                row.available,
                list(row.variants.all()),
                list(row.media.all()),
            )
            for row in list_products(owner)
        ]
    assert len(rows) == 23


def test_suggestions(owner, shop):
    assert [(row.text, row.kind) for row in suggest(owner, "ma ph")] == [
        ("Má phanh trước", "product"),
        ("Má phanh", "category"),
    ]
    assert [(row.text, row.kind) for row in suggest(owner, "at-0")] == [("AT-029", "part_number")]
    assert suggest(owner, "m") == []


def test_tree(shop):
    assert [(node.name, node.tree_depth) for node in category_tree()] == [
        ("Phanh", 0),
        ("Má phanh", 1),
        ("Động cơ", 0),
    ]


def test_search_words_have_no_accents(shop):
    assert shop["pads"].search_text == search_key(shop["pads"].search_text)
