"""What a garage offers: operations, packages, the inspection list."""

from dataclasses import dataclass
from decimal import Decimal

from apps.demo import fixtures
from apps.demo.masters.catalogue import Article, Shelf
from apps.demo.masters.companies import Company
from apps.demo.world import World
from apps.engines.catalog.models import TaxClass
from apps.verticals.workshop.models import InspectionTemplate, LabourOperation, ServicePackage, ServicePackageLine

BOOKABLE = {"BD-01", "BD-02", "BD-03", "PH-01", "PH-02", "PH-05", "GX-04", "LP-01", "DI-01", "DI-02", "DH-01"}
# Bigger garages in Ha Noi's centre charge more for an hour.
LABOUR_FACTOR = {"auto-hoang-gia": Decimal("1.15")}


@dataclass
class Menu:
    """By code; `contents` are the articles of a package with their quantities."""

    operations: dict[str, LabourOperation]
    packages: dict[str, ServicePackage]
    contents: dict[str, list[tuple[Article, Decimal]]]
    skills: dict[str, str]
    points: list[dict[str, str]]
    quality_points: list[dict[str, str]]


def make_menu(world: World, company: Company, shelf: Shelf, tax_class: TaxClass) -> Menu:
    data = fixtures.read("demo/workshop")
    factor = LABOUR_FACTOR.get(company.slug, Decimal(1))
    common = {"organization": company.organization, "tax_class": tax_class}
    operations = {
        row["code"]: world.new(
            LabourOperation,
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            minutes=row["minutes"],
            price=_rounded(row["price"] * factor),
            is_bookable=row["code"] in BOOKABLE,
            **common,
        )
        for row in data["operations"]
    }
    menu = Menu(operations, {}, {}, {row["code"]: row["skill"] for row in data["operations"]}, [], [])
    for row in data["packages"]:
        package = world.new(
            ServicePackage,
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            description=row["description_vi"],
            price=_rounded(row["fixed_price"] * factor),
            minutes=row["minutes"],
            **common,
        )
        menu.packages[row["code"]] = package
        menu.contents[row["code"]] = _contents(world, package, row, operations, shelf)
    _make_template(world, company, menu)
    return menu


def _contents(
    world: World, package: ServicePackage, row: dict, operations: dict[str, LabourOperation], shelf: Shelf
) -> list[tuple[Article, Decimal]]:
    position = 0
    for code in dict.fromkeys(row["labour"]):
        world.new(
            ServicePackageLine,
            package=package,
            operation=operations[code],
            quantity=Decimal(row["labour"].count(code)),
            position=position,
        )
        position += 1
    contents = []
    for part in row["parts"]:
        article = shelf.common(part["category"], part["unit"])
        contents.append((article, Decimal(part["quantity"])))
        world.new(
            ServicePackageLine,
            package=package,
            variant=article.variant,
            quantity=contents[-1][1],
            position=position,
        )
        position += 1
    return contents


def _make_template(world: World, company: Company, menu: Menu) -> None:
    data = fixtures.read("demo/workshop")
    menu.points = [
        {
            "group": group["name_vi"],
            "code": point["code"],
            "name": point["name_vi"].partition(" (")[0],
            "name_en": point["name_en"].partition(" (")[0],
        }
        for group in data["inspection"]["groups"]
        for point in group["points"]
    ]
    menu.quality_points = [
        {"code": row["code"], "name": row["name_vi"], "name_en": row["name_en"]} for row in data["quality_checks"]
    ]
    world.new(
        InspectionTemplate,
        organization=company.organization,
        name=data["inspection"]["name_vi"],
        points=menu.points,
        quality_points=menu.quality_points,
        is_default=True,
    )


def _rounded(amount: Decimal) -> Decimal:
    """To ten thousand đồng, as price boards read."""
    return (amount / 10_000).quantize(Decimal(1)) * 10_000
