"""Keeping the catalogue."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.core.errors import BadInput, NotAllowed, NotFound, StaleWrite
from apps.engines.catalog.errors import BadBarcode, BarcodeTaken, FitmentTaken, SkuTaken
from apps.engines.catalog.models import Category, Product, ProductMedia, Variant
from apps.engines.catalog.services import (
    FitmentInput,
    VariantInput,
    add_media,
    add_variant,
    copy_product_to,
    create_category,
    create_product,
    find_matching_variant,
    remove_media,
    set_fitments,
    set_main_media,
    update_category,
    update_product,
    update_variant,
)
from apps.platform.files.models import StoredFile
from tests.factories.actors import actor_for
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
    VehicleModelFactory,
)
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return actor_for("owner")


def create(actor, **options):
    values = {
        "name": "Má phanh trước",
        "category_id": CategoryFactory(name="Phanh").pk,
        "tax_class_id": TaxClassFactory().pk,
        "variants": [VariantInput(sku="AT-029", price=Decimal(720_000), barcode="4904197273291")],
    }
    return create_product(actor, **(values | options))


class TestCreating:
    def test_everything_is_searchable(self, owner):
        vios = VehicleModelFactory()
        product = create(
            owner,
            brand_id=BrandFactory(name="Aisin").pk,
            part_number="AT-029",
            oem_numbers=["04465-0D150"],
            name_en="Front brake pads",
            fitments=[FitmentInput(vios.pk, 2014, 2023)],
        )

        assert (product.slug, product.part_key) == ("ma-phanh-truoc", "at029")
        words = set(product.search_text.split())
        assert words >= {
            "ma",
            "phanh",
            "truoc",
            "brake",
            "aisin",
            "toyota",
            "vios",
            "at029",
            "044650d150",
            "4904197273291",
        }
        assert product.organization_id == owner.organization_id
        assert Variant.objects.get().sku_key == "at029"

    def test_same_name_gets_another_address(self, owner):
        create(owner)
        assert create(owner, variants=[VariantInput(sku="B", price=Decimal(1))]).slug == "ma-phanh-truoc-2"

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            ({"variants": []}, BadInput),
            ({"name": "  "}, BadInput),
            ({"category_id": 999_999}, BadInput),
            ({"variants": [VariantInput(sku="--", price=Decimal(1))]}, BadInput),
            ({"variants": [VariantInput(sku="A", price=Decimal(-1))]}, BadInput),
            ({"variants": [VariantInput(sku="A", price=Decimal(1), barcode="4904197273292")]}, BadBarcode),
            (
                {"variants": [VariantInput(sku="A-1", price=Decimal(1)), VariantInput(sku="a1", price=Decimal(1))]},
                SkuTaken,
            ),
        ],
    )
    def test_refusals_leave_nothing_behind(self, owner, options, error):
        with pytest.raises(error):
            create(owner, **options)

        assert not Product.objects.exists()

    def test_barcodes_are_unique_in_a_company(self, owner):
        create(owner)
        with pytest.raises(BarcodeTaken):
            create(owner, variants=[VariantInput(sku="B", price=Decimal(1), barcode="4904197273291")])
        create(actor_for("owner"))

        assert Product.objects.count() == 2

    def test_needs_the_right(self, owner):
        with pytest.raises(NotAllowed):
            create(actor_for("technician"))


class TestChanging:
    def test_words_follow(self, owner):
        product = create(owner)

        product = update_product(owner, product, version=1, name="Bố thắng", part_number="BT 1")

        assert (product.version, product.part_key, product.slug) == (2, "bt1", "ma-phanh-truoc")
        assert "thang" in product.search_text
        assert "truoc" not in product.search_text

    def test_refusals(self, owner):
        product = create(owner)
        with pytest.raises(StaleWrite):
            update_product(owner, product, version=7, name="X")
        with pytest.raises(BadInput):
            update_product(owner, product, organization_id=OrganizationFactory().pk)
        with pytest.raises(BadInput):
            update_product(owner, product, name="")

        assert Product.objects.get().name == "Má phanh trước"

    def test_variants(self, owner):
        product = create(owner)
        second = add_variant(owner, product, variant=VariantInput(sku="AT-030", price=Decimal(1)))

        second = update_variant(owner, second, price=Decimal(2), sku="AT-031")
        assert (second.price, second.sku_key, second.version) == (2, "at031", 2)
        with pytest.raises(SkuTaken):
            update_variant(owner, second, sku="at 029")
        with pytest.raises(BadInput):
            update_variant(owner, second, product_id=product.pk)
        with pytest.raises(NotAllowed):
            update_variant(replace(owner, permissions=frozenset({"catalog.edit"})), second, price=Decimal(3))

        second.refresh_from_db()
        assert (second.sku, second.price) == ("AT-031", 2)

    def test_fitments(self, owner):
        product, vios = create(owner), VehicleModelFactory()
        set_fitments(owner, product, fitments=[FitmentInput(vios.pk, 2014, 2023)])
        with pytest.raises(BadInput):
            set_fitments(owner, product, fitments=[FitmentInput(vios.pk, 2024, 2023)])
        with pytest.raises(FitmentTaken):
            set_fitments(owner, product, fitments=[FitmentInput(vios.pk, 2014, 2023)] * 2)

        assert product.fitments.get().year_to == 2023

    def test_pictures(self, owner):
        product = create(owner)
        first, second = (add_media(owner, product, file=picture_of(product)) for _ in range(2))
        assert (first.is_main, second.is_main) == (True, False)

        set_main_media(owner, product, media_id=second.pk)
        assert ProductMedia.objects.get(is_main=True) == second
        remove_media(owner, product, media_id=second.pk)
        assert ProductMedia.objects.get(is_main=True) == first
        with pytest.raises(NotFound):
            remove_media(owner, product, media_id=second.pk)
        with pytest.raises(NotFound):
            add_media(owner, product, file=picture_of(ProductFactory()))


def picture_of(product) -> StoredFile:
    return StoredFile.objects.create(
        organization=product.organization,
        kind="image",
        file="files/x.webp",
        original_name="x.webp",
        content_type="image/webp",
        size=1,
        sha256="0" * 64,
        is_public=True,
    )


class TestSamePart:
    def test_brand_and_number(self):
        theirs = VariantFactory(product__part_number="AT-029", product__part_key="at029")
        garage = OrganizationFactory()
        VariantFactory(organization=garage)
        own = VariantFactory(organization=garage, product__brand=theirs.product.brand, product__part_key="at029")

        assert find_matching_variant(garage.pk, theirs) == own

    def test_barcode_goes_first(self):
        theirs = VariantFactory(barcode="4904197273291")
        garage = OrganizationFactory()
        VariantFactory(
            organization=garage, product__brand=theirs.product.brand, product__part_key=theirs.product.part_key
        )
        own = VariantFactory(organization=garage, barcode="4904197273291")

        assert find_matching_variant(garage.pk, theirs) == own

    def test_no_number_no_match(self):
        theirs = VariantFactory(product__part_number="", product__part_key="")
        VariantFactory(product__brand=theirs.product.brand, product__part_number="", product__part_key="")

        assert find_matching_variant(OrganizationFactory().pk, theirs) is None

    def test_copy_takes_no_secrets(self):
        theirs = VariantFactory(cost=Decimal(400_000), price=Decimal(720_000), barcode="4904197273291")
        FitmentFactory(product=theirs.product)
        garage = OrganizationFactory()
        VariantFactory(organization=garage, sku=theirs.sku, sku_key=theirs.sku_key)

        copy = copy_product_to(garage.pk, theirs)

        assert (copy.organization, copy.price, copy.cost) == (garage, 720_000, 0)
        assert (copy.sku, copy.barcode) == (f"{theirs.sku}-2", "4904197273291")
        assert copy.product.fitments.count() == 1
        assert copy_product_to(garage.pk, theirs) == copy
        assert "vios" in Product.objects.get(pk=copy.product_id).search_text


class TestCategories:
    def test_only_platform_staff(self, owner):
        with pytest.raises(NotAllowed):
            create_category(owner, name="Phanh")

        assert not Category.objects.exists()

    def test_tree(self, owner):
        staff = replace(owner, is_platform_staff=True)
        brakes = create_category(staff, name="Phanh")
        pads = create_category(staff, name="Má phanh", parent_id=brakes.pk)

        assert pads.parent == brakes
        with pytest.raises(BadInput):
            update_category(staff, brakes, parent_id=pads.pk)
        with pytest.raises(NotFound):
            create_category(staff, name="X", parent_id=999_999)
        assert update_category(staff, pads, name="Bố thắng").name == "Bố thắng"


def test_services_find_no_foreign_rows(owner):
    foreign = VariantFactory()
    for change in (
        lambda: update_product(owner, foreign.product, name="X"),
        lambda: set_fitments(owner, foreign.product, fitments=[]),
        lambda: add_variant(owner, foreign.product, variant=VariantInput(sku="X", price=Decimal(1))),
        lambda: update_variant(owner, foreign, price=Decimal(1)),
        lambda: add_media(owner, foreign.product, file=picture_of(foreign.product)),
    ):
        with pytest.raises(NotFound):
            change()

    foreign.refresh_from_db()
    assert foreign.price == 100_000
