"""Who can tell of a vehicle's visits: the apps above register here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.core.actor import Actor
from apps.engines.vehicles.models import Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit in words; `total` in `currency`, `works` what was done."""

    id: UUID
    number: str
    opened_at: datetime
    state: str
    total: Decimal
    currency: str
    works: list[str]
    url: str = ""


VisitSource = Callable[[Actor, Vehicle], list[Visit]]
SOURCES: list[VisitSource] = []


def register_visits(source: VisitSource) -> VisitSource:
    """Decorator of a function (actor, vehicle) → visits that exist for the actor."""
    SOURCES.append(source)
    return source


def list_visits(actor: Actor, vehicle: Vehicle) -> list[Visit]:
    """All visits of the vehicle that exist for the actor, newest first."""
    visits = [visit for source in SOURCES for visit in source(actor, vehicle)]
    return sorted(visits, key=lambda visit: visit.opened_at, reverse=True)
