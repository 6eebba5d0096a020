"""Makes, categories, brands, the distributor's articles with prices and pictures, and the garages' own copies."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.demo import fixtures
from apps.demo.masters.companies import Company
from apps.demo.pictures import Studio, Words, store_picture
from apps.demo.world import World
from apps.engines.catalog.models import Brand, Category, Fitment, Product, ProductMedia, TaxClass, Variant
from apps.engines.catalog.rules import part_key, search_words, slug_of
from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem
from apps.engines.pricing.rules import Break, choose_unit_price
from apps.engines.vehicles.models import Make, VehicleModel
from apps.platform.files.models import StoredFile

COPIES = 120
# Front pads that Minh Phát Tân Bình never has in store and the distributor always has: a visit of a Vios needs an order.
STORY_BRANCH = "TB"
STORY_PARTS: frozenset[str] = frozenset({"0986AB8643", "04298-0D414"})
MARKUP = Decimal("1.12")
TIERS = {"minh-phat": ("Hạng Vàng", Decimal(18)), "auto-hoang-gia": ("Hạng Bạc", Decimal(12))}


@dataclass
class Article:
    """A variant with its fixture row; `origin` is the distributor's article of a garage's copy."""

    row: dict[str, Any]
    product: Product
    variant: Variant
    origin: "Article | None" = None

    @property
    def is_story(self) -> bool:
        return self.row["part_number"] in STORY_PARTS

    @property
    def source(self) -> "Article":
        """The distributor's article of a copy; an article of the distributor is its own source."""
        return self.origin or self

    def fits(self, make: str, model: str, year: int) -> bool:
        spans = self.row["fits"]
        return not spans or any((make, model) == (fit[0], fit[1]) and fit[2] <= year <= fit[3] for fit in spans)


@dataclass
class Shelf:
    """The articles of one company, by category."""

    articles: list[Article]
    by_category: dict[str, list[Article]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_category = defaultdict(list)
        for article in self.articles:
            self.by_category[article.row["category"]].append(article)

    def common(self, category: str, unit: str) -> Article:
        """The article of the category in that unit that packages contain: the story's, else the most asked universal one."""
        rows = [one for one in self.by_category[category] if one.row["unit"] == unit]
        return max(
            rows, key=lambda one: (one.is_story, not one.row["fits"], one.row["popularity"], -one.row["list_price"])
        )

    def fitting(self, category: str, vehicle: tuple[str, str, int]) -> list[Article]:
        return [one for one in self.by_category[category] if one.fits(*vehicle)]


@dataclass
class Tier:
    """One buyer's price list, worked out as the pricing engine does."""

    price_list: PriceList
    breaks: dict[UUID, list[Break]] = field(default_factory=lambda: defaultdict(list))

    def price(self, variant: Variant, quantity: Decimal) -> tuple[Decimal, list[dict[str, str | None]]]:
        unit_price, steps = choose_unit_price(
            list_price=variant.price,
            quantity=quantity,
            list_name=self.price_list.name,
            breaks=self.breaks[variant.pk],
            discount_percent=self.price_list.discount_percent,
            currency="VND",
        )
        return unit_price, [step.as_row() for step in steps]


@dataclass
class Catalogue:
    models: dict[tuple[str, str], VehicleModel]
    categories: dict[str, Category]
    brands: dict[str, Brand]
    tax_class: TaxClass


def make_catalogue(world: World) -> Catalogue:
    """What the whole platform shares."""
    models = {}
    for row in fixtures.read("demo/makes")["makes"]:
        make = world.new(Make, name=row["name"])
        for model in row["models"]:
            models[row["name"], model["name"]] = world.new(
                VehicleModel, make=make, name=model["name"], body=model["body"]
            )
    data = fixtures.read("demo/catalogue")
    brands = {
        row["slug"]: world.new(Brand, name=row["name"], slug=row["slug"], country=row["country"])
        for row in data["brands"]
    }
    tax_class = TaxClass.objects.get(country="VN", code="reduced")
    return Catalogue(models, _categories(data["categories"]), brands, tax_class)


def _categories(rows: list[dict[str, Any]]) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for position, row in enumerate(rows):
        found[row["slug"]] = Category.objects.create(
            slug=row["slug"],
            name=row["name_vi"],
            name_en=row["name_en"],
            icon=row["icon"],
            position=position,
            parent=found.get(row["parent"]),
        )
    return found


def make_distributor_shelf(world: World, company: Company, catalogue: Catalogue) -> Shelf:
    articles = []
    for row in fixtures.read("demo/catalogue")["products"]:
        product = _product(world, company, catalogue, row)
        variant = _variant(world, product, row, price=Decimal(row["list_price"]))
        variant.cost = (variant.price * Decimal(row["cost_ratio"])).quantize(Decimal(1))
        articles.append(Article(row, product, variant))
    return Shelf(articles)


def make_garage_shelf(world: World, company: Company, catalogue: Catalogue, source: Shelf) -> Shelf:
    """The garage's own articles: the ones most asked for, at least two of every kind, at the garage's prices."""
    chosen: dict[UUID, Article] = {}
    for articles in source.by_category.values():
        for article in sorted(articles, key=_asked)[:2]:
            chosen[article.variant.pk] = article
    for article in sorted(source.articles, key=_asked):
        if len(chosen) >= COPIES:
            break
        chosen.setdefault(article.variant.pk, article)
    copies = []
    for origin in chosen.values():
        product = _product(world, company, catalogue, origin.row)
        price = (origin.variant.price * MARKUP / 5_000).quantize(Decimal(1)) * 5_000
        copies.append(Article(origin.row, product, _variant(world, product, origin.row, price=price), origin))
    return Shelf(copies)


def _asked(article: Article) -> tuple[int, str]:
    is_for_vios = any(fit[1] == "Vios" for fit in article.row["fits"])
    return (-article.row["popularity"] - is_for_vios, article.variant.sku)


def _product(world: World, company: Company, catalogue: Catalogue, row: dict[str, Any]) -> Product:
    brand, category = catalogue.brands[row["brand"]], catalogue.categories[row["category"]]
    product = world.new(
        Product,
        organization=company.organization,
        name=row["name_vi"],
        name_en=row["name_en"],
        slug=slug_of(row["name_vi"]),
        description=row["description_vi"],
        brand=brand,
        category=category,
        kind=row["kind"],
        part_number=row["part_number"],
        part_key=part_key(row["part_number"]),
        tax_class=catalogue.tax_class,
        warranty_months=row["warranty_months"],
        attributes={"lead_time_days": row["lead_time_days"]},
        popularity=row["popularity"],
    )
    vehicles = []
    for make, model, first, last in row["fits"]:
        world.new(Fitment, product=product, model=catalogue.models[make, model], year_from=first, year_to=last)
        vehicles.append(f"{make} {model}")
    product.search_text = search_words(
        [product.name, product.name_en, brand.name, category.name, category.name_en, *vehicles],
        [product.part_number, _sku(row), row["barcode"]],
    )
    return product


def _variant(world: World, product: Product, row: dict[str, Any], *, price: Decimal) -> Variant:
    return world.new(
        Variant,
        organization=product.organization,
        product=product,
        sku=_sku(row),
        sku_key=part_key(_sku(row)),
        barcode=row["barcode"],
        unit=row["unit"],
        price=price,
        weight_g=row["weight_g"],
    )


def _sku(row: dict[str, Any]) -> str:
    return f"{row['brand'][:4].upper().rstrip('-')}-{row['part_number']}"


def make_tiers(world: World, seller: Company, buyers: dict[str, Company], shelf: Shelf) -> dict[str, Tier]:
    """The distributor's price lists, each given to one garage, with better prices for whole boxes of filters and oil."""
    tiers = {}
    boxes = [one for one in shelf.articles if one.row["kind"] == "consumable" and one.row["popularity"] >= 4]
    for slug, (name, percent) in TIERS.items():
        organization = seller.organization
        tier = Tier(world.new(PriceList, organization=organization, name=name, discount_percent=percent))
        world.new(
            PriceListAssignment,
            price_list=tier.price_list,
            seller=organization,
            buyer_organization=buyers[slug].organization,
        )
        for article in boxes:
            factor = (Decimal(96) - percent) / 100
            price = (article.variant.price * factor / 1_000).quantize(Decimal(1)) * 1_000
            world.new(
                PriceListItem,
                price_list=tier.price_list,
                variant=article.variant,
                min_quantity=Decimal(12),
                unit_price=price,
            )
            tier.breaks[article.variant.pk].append(Break(Decimal(12), price))
        tiers[slug] = tier
    return tiers


def words_of(row: dict[str, Any]) -> Words:
    """What the picture of an article is drawn from."""
    names = {brand["slug"]: brand["name"] for brand in fixtures.read("demo/catalogue")["brands"]}
    picture = row["picture"]
    seed = sum(map(ord, row["part_number"]))
    return ("product", picture["shape"], picture["colour"], picture["accent"], names[row["brand"]], seed)


def pictures_of(share: float) -> list[Words]:
    """The pictures that a world of this size shows."""
    return [words_of(row) for row in _shown(fixtures.read("demo/catalogue")["products"], share)]


def _shown(rows: list[Any], share: float) -> list[Any]:
    return rows[: max(6, int(len(rows) * min(share, 1)))]


def hang_pictures(world: World, studio: Studio, shelf: Shelf, copies: list[Shelf], *, share: float) -> None:
    """Every article of the distributor shows its picture; copies show the same one. A small world draws only some."""
    shown = _shown(shelf.articles, share)
    files: dict[UUID, StoredFile] = {}
    for article in shown:
        drawn = studio.collect(words_of(article.row))
        organization = article.product.organization
        files[article.product.pk] = store_picture(world, organization, drawn, article.product.slug)
    for article in [*shown, *(one for copy in copies for one in copy.articles)]:
        file = files.get(article.source.product.pk)
        if file is not None:
            world.new(ProductMedia, product=article.product, file=file, alt_text=article.product.name, is_main=True)
