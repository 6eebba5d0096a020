"""The year as a whole: shelves are filled, visits come, and everything is written."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from apps.demo.history import supply
from apps.demo.history.calendar import spread_visits
from apps.demo.history.ledger import Numbers, Stock
from apps.demo.history.scheduler import Scheduler
from apps.demo.history.shop import Shop
from apps.demo.history.visits import Visit, visit
from apps.demo.history.work import PIECES, Advisor, Item
from apps.demo.masters.catalogue import STORY_BRANCH, Article
from apps.demo.masters.companies import Site
from apps.demo.world import World
from apps.engines.billing.models import Invoice
from apps.engines.orders.models import Order
from apps.engines.pricing.models import TaxRate

if TYPE_CHECKING:
    from apps.demo.masters.all import Masters

VISITS = {"TB": 580, "TD": 340, "CG": 360}
SUPPLIERS = {"TB": "HCM", "TD": "HCM", "CG": "HN"}
# How full each of the distributor's stores is.
STORES = {"HCM": Decimal(1), "HN": Decimal("0.7"), "DN": Decimal("0.4")}


class Year:
    """What all stories of the year share."""

    def __init__(self, world: World, masters: "Masters") -> None:
        self.world, self.masters = world, masters
        self.stock, self.numbers, self.scheduler = Stock(world), Numbers(), Scheduler()
        self.until = world.moment(world.today)
        self.shops = list(self._shops())
        self._rates = [
            (row.period.lower, row.period.upper, row.rate)
            for row in TaxRate.objects.filter(tax_class=masters.catalogue.tax_class)
        ]
        self._sites: dict[UUID | None, Site] = {
            site.branch.pk: site for company in masters.companies for site in company.sites
        }

    @property
    def now(self) -> datetime:
        """The moment of the story that is running; in the garages' own time."""
        if self.scheduler.now is None:
            raise ValueError("the year has not begun")
        return self.scheduler.now

    def tax_rate(self, day: date) -> Decimal:
        return next(
            rate for first, end, rate in self._rates if (first is None or first <= day) and (end is None or day < end)
        )

    def site_of(self, branch_id: UUID | None) -> Site:
        """The branch with its people; raises KeyError for none."""
        return self._sites[branch_id]

    def supplier_of(self, site: Site) -> Site:
        """The distributor's store from which a branch is served."""
        return self.masters.distributor.site(SUPPLIERS[site.branch.code])

    def supplier_of_order(self, order: Order) -> Site:
        return self._sites[order.seller_branch_id]

    def parts_of_line(self, this: Visit, item: Item) -> list[tuple[Article, Decimal]]:
        """The articles that a line takes out of the store."""
        if item.package:
            return this.shop.menu.contents[item.package]
        return [(item.article, item.quantity)] if item.article else []

    def parts_of(self, this: Visit, items: list[Item]) -> list[tuple[Article, Decimal]]:
        return [part for item in items for part in self.parts_of_line(this, item)]

    def _shops(self) -> Iterator[Shop]:
        for slug, company in self.masters.garages.items():
            menu, shelf = self.masters.menus[slug], self.masters.shelves[slug]
            groups = _split(self.masters.cars[slug], [VISITS[site.branch.code] for site in company.sites])
            for site, cars in zip(company.sites, groups, strict=True):
                yield Shop(company, site, shelf, menu, cars, Advisor(self.world.dice, menu, shelf))


def _split(cars: list, weights: list[int]) -> list[list]:
    """The vehicles among the branches, as busy as these are."""
    groups: list[list] = [[] for _ in weights]
    for car in cars:
        shortest = min(range(len(weights)), key=lambda number: (len(groups[number]) + 1) / weights[number])
        groups[shortest].append(car)
    return groups


def play_year(world: World, masters: "Masters") -> Year:
    """Plays everything up to the beginning of today. The rows wait in `world`."""
    year = Year(world, masters)
    _open_stores(year)
    for site in masters.distributor.sites:
        year.scheduler.begin(_first_delivery(year, site))
        year.scheduler.begin(supply.replenish(year, site))
    for shop in year.shops:
        year.scheduler.begin(supply.order_regularly(year, shop.company, shop.site))
        count = max(3, round(VISITS[shop.site.branch.code] * world.share))
        for arrival in spread_visits(world, shop.site, count):
            year.scheduler.begin(visit(year, shop, arrival))
    year.scheduler.run(year.until)
    _mark_overdue(year)
    _ask_for_story_parts(year)
    return year


def _open_stores(year: Year) -> None:
    for site in year.masters.distributor.sites:
        for number, article in enumerate(year.masters.shelf.articles):
            if site.branch.code == "HCM" or (number * 7) % 10 < STORES[site.branch.code] * 10 + 1:
                limit = article.row["popularity"] * (4 if article.row["list_price"] > 1_500_000 else 10)
                point = (limit * STORES[site.branch.code]).quantize(Decimal(1))
                year.stock.open(article.variant, site, reorder_point=point, max_level=point * 4)
            elif site.branch.code == "HN":
                year.stock.open(article.variant, site, reorder_point=Decimal(0), max_level=Decimal(8))
    for shop in year.shops:
        common = {article.variant.pk for rows in shop.menu.contents.values() for article, _quantity in rows}
        for article in shop.shelf.articles:
            is_never_there = article.is_story and shop.site.branch.code == STORY_BRANCH
            point = Decimal(0) if is_never_there else _limit(article, is_common=article.variant.pk in common)
            year.stock.open(article.variant, shop.site, reorder_point=point, max_level=point and point * 2 + 2)


def _limit(article: Article, *, is_common: bool) -> Decimal:
    """At which stock a garage orders again."""
    pieces = PIECES.get(article.row["category"], 1)
    if is_common:
        return Decimal(8 * pieces if pieces < 4 else 16)
    return Decimal(pieces * (2 if article.row["popularity"] >= 4 else 1))


def _first_delivery(year: Year, site: Site) -> Iterator[datetime]:
    yield year.world.beginning + timedelta(hours=2)
    for article in year.masters.shelf.articles:
        level = year.stock.levels.get((article.variant.pk, site.warehouse.pk))
        if level is not None and level.row.max_level > 0:
            supply.buy_in(year, site, article, year.now, level.row.max_level)


def _mark_overdue(year: Year) -> None:
    for invoice in year.world.rows.of(Invoice):
        if invoice.state == Invoice.State.SENT and invoice.due_on is not None and invoice.due_on < year.world.today:
            invoice.state = Invoice.State.OVERDUE


def _ask_for_story_parts(year: Year) -> None:
    """From today on their shelf shows as empty, not as unused."""
    shop = next(shop for shop in year.shops if shop.site.branch.code == STORY_BRANCH)
    for article in shop.shelf.articles:
        if article.is_story:
            row = year.stock.of(article.variant, shop.site).row
            row.reorder_point, row.max_level = Decimal(2), Decimal(6)
