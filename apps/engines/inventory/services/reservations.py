"""Using up and giving back what was promised. Levels are locked first, then reservations, each in id order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.core.actor import Actor, system_actor
from apps.core.clock import now
from apps.core.errors import BadInput
from apps.engines.inventory.errors import ReservationMissing
from apps.engines.inventory.models import StockLevel, StockMovement, StockReservation
from apps.engines.inventory.services.inputs import Consumption, Move, Source
from apps.engines.inventory.services.levels import publish_changes
from apps.engines.inventory.services.move_stock import post

State = StockReservation.State


@transaction.atomic
def consume_reservation(
    actor: Actor, *, line_id: UUID, quantity: Decimal, kind: str, source: Source, dedupe_key: str | None = None
) -> StockMovement:
    """Takes `quantity` of what is promised to the line out of stock. Raises ReservationMissing.

    When the line holds promises in several places the last of the movements is answered.
    """
    taken = [Consumption(line_id, quantity, dedupe_key)]
    return consume_many(actor, taken, kind=kind, source=source)[line_id][-1]


@transaction.atomic
def consume_many(
    actor: Actor, lines: Sequence[Consumption], *, kind: str, source: Source
) -> dict[UUID, list[StockMovement]]:
    """Takes promised goods for several lines, all or none; the movements by line. A known dedupe_key moves nothing."""
    if any(line.quantity <= 0 for line in lines):
        raise BadInput(field="quantity")
    levels, held = _lock(StockReservation.objects.filter(line_id__in=[line.line_id for line in lines]))
    made: dict[UUID, list[StockMovement]] = {}
    touched: list[StockLevel] = []
    for line in lines:
        done = _already_taken(line)
        if done:
            made[line.line_id] = done
            continue
        parts = _take(line, [row for row in held if row.line_id == line.line_id])
        made[line.line_id] = [
            post(
                actor,
                levels[row.level_id],
                Move(
                    levels[row.level_id].variant_id,
                    levels[row.level_id].warehouse_id,
                    -share,
                    dedupe_key=_key(line, number),
                ),
                kind=kind,
                source=source,
            )
            for number, (row, share) in enumerate(parts)
        ]
        touched += [levels[row.level_id] for row, _share in parts]
    publish_changes(actor, touched)
    return made


@transaction.atomic
def release_reservations(
    actor: Actor, *, source: Source | None = None, line_id: UUID | None = None, quantity: Decimal | None = None
) -> Decimal:
    """Gives back what is still promised to a whole document or to one line; `quantity` gives back only so much.

    Answers how much was given back; nothing promised is no error.
    """
    rows = StockReservation.objects.all()
    if source is not None:
        rows = rows.filter(source_type=source.type, source_id=source.id)
    if line_id is not None:
        rows = rows.filter(line_id=line_id)
    if source is None and line_id is None:
        raise BadInput(field="source")
    levels, held = _lock(rows)
    return _release(actor, levels, held, quantity)


@transaction.atomic
def release_many(actor: Actor, lines: Mapping[UUID, Decimal]) -> None:
    """Gives back a part of what is promised to each line ({line_id: quantity}); less than that when less is promised."""
    levels, held = _lock(StockReservation.objects.filter(line_id__in=lines.keys()))
    for line_id, quantity in lines.items():
        _release(actor, levels, [row for row in held if row.line_id == line_id], quantity)


def release_expired_reservations(*, limit: int = 500) -> int:
    """Gives back promises whose time is over; answers how many. Each document in a transaction of its own."""
    expired = (
        StockReservation.objects.filter(state=State.ACTIVE, expires_at__lte=now())
        .order_by("expires_at")
        .values_list("organization_id", "source_type", "source_id")[:limit]
    )
    count = 0
    for organization_id, source_type, source_id in sorted(set(expired)):
        with transaction.atomic():
            levels, held = _lock(
                StockReservation.objects.filter(source_type=source_type, source_id=source_id, expires_at__lte=now())
            )
            _release(system_actor(organization_id), levels, held, None)
            count += len(held)
    return count


def _lock(rows: QuerySet[StockReservation]) -> tuple[dict[UUID, StockLevel], list[StockReservation]]:
    active = rows.filter(state=State.ACTIVE)
    level_ids = set(active.values_list("level_id", flat=True))
    levels = StockLevel.objects.filter(pk__in=level_ids).select_for_update(of=("self",)).order_by("pk")
    by_id = {level.pk: level for level in levels}
    held = active.filter(level_id__in=by_id).select_for_update(of=("self",)).order_by("pk")
    return by_id, list(held)


def _take(line: Consumption, held: Sequence[StockReservation]) -> list[tuple[StockReservation, Decimal]]:
    wanted = line.quantity
    parts = []
    for row in held:
        share = min(wanted, _open(row))
        if share:
            row.consumed += share
            _save(row)
            parts.append((row, share))
            wanted -= share
    if wanted:
        raise ReservationMissing(
            details={
                "line_id": str(line.line_id),
                "requested": str(line.quantity),
                "reserved": str(line.quantity - wanted),
            }
        )
    return parts


def _release(
    actor: Actor, levels: dict[UUID, StockLevel], held: Iterable[StockReservation], quantity: Decimal | None
) -> Decimal:
    given_back = Decimal(0)
    touched = []
    for row in held:
        share = _open(row) if quantity is None else min(_open(row), quantity - given_back)
        if share:
            row.released += share
            _save(row)
            given_back += share
            touched.append(levels[row.level_id])
    publish_changes(actor, touched, arrived=touched)
    return given_back


def _open(row: StockReservation) -> Decimal:
    return row.quantity - row.consumed - row.released


def _save(row: StockReservation) -> None:
    if not _open(row):
        row.state = State.CONSUMED if row.consumed else State.RELEASED
    row.save(update_fields=["consumed", "released", "state"])


def _key(line: Consumption, number: int) -> str | None:
    if line.dedupe_key is None:
        return None
    return line.dedupe_key if number == 0 else f"{line.dedupe_key}:{number}"


def _already_taken(line: Consumption) -> list[StockMovement]:
    if line.dedupe_key is None:
        return []
    rows = StockMovement.objects.filter(dedupe_key__startswith=line.dedupe_key).order_by("id")
    own = defaultdict(list)
    for row in rows:
        own[(row.dedupe_key or "").removeprefix(line.dedupe_key).partition(":")[0]].append(row)
    return own[""]
