"""What a visit is about: the customer's words, what the inspection finds, what is offered and what is agreed to."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from apps.demo import fixtures
from apps.demo.masters.catalogue import Article, Shelf
from apps.demo.masters.customers import Car
from apps.demo.masters.menu import Menu
from apps.verticals.workshop.models import EstimateLine

Kind = EstimateLine.Kind
# The point of the inspection at which the fault behind an operation is seen.
POINTS = {
    "PH-01": "phanh-1", "PH-02": "phanh-2", "PH-03": "phanh-3", "PH-04": "khoang-may-3", "PH-05": "phanh-4",
    "GX-01": "gam-1", "GX-02": "gam-3", "GX-03": "gam-4", "GX-04": "lop-1", "LP-01": "lop-2", "LP-02": "lop-1",
    "BD-03": "khoang-may-1", "BD-04": "khoang-may-7", "BD-05": "dien-3", "BD-06": "dien-3", "DH-01": "noi-that-1",
    "DI-01": "dien-1", "DI-02": "dien-3", "DI-03": "ngoai-that-1", "LM-01": "khoang-may-2", "TD-01": "khoang-may-7",
    "TD-02": "khoang-may-6",
}  # fmt: skip
SCENES = {
    "PH-01": "brake_pad_worn", "LP-02": "tyre_worn", "LM-01": "hose_leak", "DI-01": "battery_test",
    "GX-01": "shock_leak", "DI-02": "dashboard_warning", "DI-03": "headlight_hazy", "BD-06": "dirty_air_filter",
    "DH-01": "dirty_air_filter",
}  # fmt: skip
PIECES = {"rotuyn-cang-a": 2, "giam-xoc": 2, "dia-phanh": 2, "lop-du-lich": 2, "bugi": 4, "bong-den": 2}
UNITS = {"dau-dong-co": "bình", "dau-hop-so": "chai", "nuoc-lam-mat": "bình"}
LITRES = {"dau-hop-so": 4}
MILLIMETRES = ("phanh-1", "phanh-2", "lop-1", "lop-2", "lop-3", "lop-4")
ROUTINE = ("GOI-DAU", "GOI-10K", "GOI-20K", "GOI-40K", "GOI-LANH", "GOI-DI-XA")
ROUTINE_WEIGHTS = (48, 28, 9, 3, 6, 6)
YES = {"": 1.0, "red": 0.85, "yellow": 0.55}
WASH = Decimal(70_000)


@dataclass
class Item:
    """One line to be offered. `group` ties a part to its work."""

    group: str
    kind: str
    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    minutes: int = 0
    severity: str = ""
    point: str = ""
    operation: str = ""
    package: str = ""
    article: Article | None = None
    is_declined: bool = False
    reason: str = ""
    cause: str = ""
    correction: str = ""


@dataclass
class Proposal:
    concern: str
    service_codes: list[str]
    service_text: str
    minutes: int
    items: list[Item] = field(default_factory=list)
    findings: dict[str, tuple[str, str]] = field(default_factory=dict)


class Advisor:
    """Makes up visits for one garage."""

    def __init__(self, dice: Random, menu: Menu, shelf: Shelf) -> None:
        self._dice, self._menu, self._shelf = dice, menu, shelf
        data = fixtures.read("demo/workshop")
        self._concerns = [row for row in data["concerns"] if row["operation"] in POINTS]
        self._reasons = [row["name_vi"] for row in data["declined_reasons"]]
        self._reasons_of_people = [name for name in self._reasons if "công ty" not in name]

    def propose(self, car: Car, at: datetime) -> Proposal:
        """A routine service or a complaint, with what else is found on the way."""
        dice = self._dice
        proposal = self._routine(at) if dice.random() < 0.55 else self._complaint(car)
        for _ in range(dice.choices((0, 1, 2), (50, 35, 15))[0]):
            row = dice.choice(self._concerns)
            if POINTS[row["operation"]] not in proposal.findings:
                self._offer(proposal, car, row, is_wish=False)
        if dice.random() < 0.18:
            proposal.items.append(Item("", Kind.FEE, "Rửa xe, hút bụi", WASH))
        return proposal

    def complaint_about(self, car: Car, operations: tuple[str, ...]) -> Proposal:
        """A visit for faults that these operations cure, agreed to as a whole."""
        rows = [next(row for row in self._concerns if row["operation"] == code) for code in operations]
        chosen = [self._menu.operations[code] for code in operations]
        proposal = Proposal(rows[0]["text_vi"], [], chosen[0].name, sum(one.minutes for one in chosen))
        for row in rows:
            self._offer(proposal, car, row, is_wish=True)
        return proposal

    def _routine(self, at: datetime) -> Proposal:
        weights = list(ROUTINE_WEIGHTS)
        if 4 <= at.month <= 7:
            weights[4] *= 3
        code = self._dice.choices(ROUTINE, weights)[0]
        package = self._menu.packages[code]
        proposal = Proposal("", [code], package.name, package.minutes)
        proposal.items.append(
            Item(package.name, Kind.PACKAGE, package.name, package.price, minutes=package.minutes, package=code)
        )
        return proposal

    def _complaint(self, car: Car) -> Proposal:
        row = self._dice.choice(self._concerns)
        operation = self._menu.operations[row["operation"]]
        proposal = Proposal(row["text_vi"], [], operation.name, max(30, operation.minutes))
        self._offer(proposal, car, row, is_wish=True)
        return proposal

    def _offer(self, proposal: Proposal, car: Car, row: dict[str, Any], *, is_wish: bool) -> None:
        """Labour and, where one fits, a part for the fault; the customer decides on both together."""
        operation = self._menu.operations[row["operation"]]
        point, severity = POINTS[row["operation"]], row["severity"] if row["severity"] != "green" else "yellow"
        proposal.findings[point] = (severity, row["cause_vi"])
        is_declined = not is_wish and self._dice.random() > YES[severity]
        reason = self._dice.choice(self._reasons_of_people) if is_declined else ""
        shared = {
            "severity": severity, "point": point, "is_declined": is_declined, "reason": reason,
            "cause": row["cause_vi"], "correction": row["correction_vi"],
        }  # fmt: skip
        proposal.items.append(
            Item(
                operation.name,
                Kind.LABOUR,
                operation.name,
                operation.price,
                minutes=operation.minutes,
                operation=operation.code,
                **shared,
            )
        )
        article = self._part(car, row["part_category"])
        if article is not None:
            category = article.row["category"]
            pieces = LITRES.get(category) or PIECES.get(category, 1)
            proposal.items.append(
                Item(
                    operation.name,
                    Kind.PART,
                    article.product.name,
                    article.variant.price,
                    quantity=Decimal(pieces),
                    article=article,
                    **shared,
                )
            )

    def _part(self, car: Car, category: str | None) -> Article | None:
        if category is None:
            return None
        unit = UNITS.get(category)
        fitting = [one for one in self._shelf.fitting(category, car.fit) if unit in (None, one.row["unit"])]
        return self._dice.choices(fitting, [one.row["popularity"] ** 2 for one in fitting])[0] if fitting else None


def describe_green(dice: Random, code: str) -> str:
    """What the technician writes at a point that is in order."""
    if code in MILLIMETRES:
        return f"{dice.uniform(5, 8):.1f} mm".replace(".", ",")
    return f"{dice.uniform(12.5, 12.9):.1f} V".replace(".", ",") if code == "dien-1" else ""
