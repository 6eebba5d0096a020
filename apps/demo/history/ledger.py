"""Stock and document numbers while the year is played, with the arithmetic of the database's ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from apps.demo.masters.companies import Site
from apps.demo.world import ZONE, World
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.services import Source
from apps.platform.accounts.models import User
from apps.platform.system.models import NumberSequence

FOUR = Decimal("0.0001")
NOTHING = Decimal(0)


@dataclass
class Level:
    """One variant in one store. `promised` is what decided visits and placed orders will take."""

    row: StockLevel
    on_hand: Decimal = NOTHING
    promised: Decimal = NOTHING
    average: Decimal = NOTHING
    coming: Decimal = NOTHING

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.promised


class Stock:
    """All levels. The database works out balance, value and average again when the movements are written."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.levels: dict[tuple[UUID | None, UUID], Level] = {}

    def open(self, variant: Variant, site: Site, *, reorder_point: Decimal, max_level: Decimal) -> Level:
        row = self._world.new(
            StockLevel,
            organization_id=variant.organization_id,
            warehouse=site.warehouse,
            variant=variant,
            reorder_point=reorder_point,
            max_level=max_level,
        )
        level = self.levels[variant.pk, site.warehouse.pk] = Level(row)
        return level

    def of(self, variant: Variant, site: Site) -> Level:
        return self.levels[variant.pk, site.warehouse.pk]

    def move(
        self,
        at: datetime,
        level: Level,
        quantity: Decimal,
        *,
        kind: str,
        source: Source | str,
        by: User | None = None,
        unit_cost: Decimal | None = None,
    ) -> Decimal:
        """One movement; returns the unit cost that it carries. `source` is a document or the number on a paper."""
        document = source if isinstance(source, Source) else None
        balance = level.on_hand + quantity
        if balance < 0:
            raise ValueError(f"{level.row.variant} would fall below zero")
        if quantity < 0 or unit_cost is None:
            unit_cost = level.average
        else:
            value = level.on_hand * level.average + quantity * unit_cost
            level.average = (value / balance).quantize(FOUR, ROUND_HALF_UP)
        level.on_hand = balance
        self._world.new(
            StockMovement,
            at,
            organization_id=level.row.organization_id,
            warehouse_id=level.row.warehouse_id,
            variant_id=level.row.variant_id,
            level=level.row,
            kind=kind,
            quantity=quantity,
            unit_cost=unit_cost,
            value=NOTHING,
            balance_after=NOTHING,
            source_type=document.type if document else "",
            source_id=document.id if document else None,
            source_label=document.label if document else str(source),
            effective_at=at,
            made_by=by,
        )
        return unit_cost


class Numbers:
    """The next document number, as the platform counts: per company, series and day or year."""

    def __init__(self) -> None:
        self._last: dict[tuple[UUID, str], int] = defaultdict(int)

    def daily(self, organization_id: UUID, prefix: str, at: datetime) -> str:
        day = at.astimezone(ZONE).strftime("%Y%m%d")
        return f"{prefix}-{day}-{self._take(organization_id, f'{prefix}-{day}'):04d}"

    def yearly(self, organization_id: UUID, prefix: str, day: date) -> str:
        return f"{prefix}-{day.year}-{self._take(organization_id, f'{prefix}-{day.year}'):06d}"

    def note(self, organization_id: UUID, series: str, last: int) -> None:
        """Numbers given elsewhere."""
        self._last[organization_id, series] = last

    def _take(self, organization_id: UUID, series: str) -> int:
        self._last[organization_id, series] += 1
        return self._last[organization_id, series]

    def write(self) -> None:
        """So that the services go on counting where the year ended."""
        NumberSequence.objects.bulk_create(
            NumberSequence(organization_id=organization_id, series=series, last=last)
            for (organization_id, series), last in self._last.items()
        )
