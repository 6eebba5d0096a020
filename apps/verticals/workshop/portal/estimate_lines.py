"""The lines of an estimate under the jobs they belong to: as shown, as edited, as handed to the service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.money import ZERO
from apps.verticals.workshop.models import EstimateLine, JobCard
from apps.verticals.workshop.portal.visit import Visit
from apps.verticals.workshop.selectors import suggest_lines
from apps.verticals.workshop.types import EstimateLineInput

URGENCY = {"red": 0, "yellow": 1, "": 2}
SOURCES = {"labour": "operation_id", "package": "package_id", "part": "variant_id"}


@dataclass(slots=True)
class LineGroup:
    """A job with its lines, for showing."""

    name: str
    severity: str = ""
    note: str = ""
    lines: list[EstimateLine] = field(default_factory=list)

    @property
    def gross(self) -> Decimal:
        return sum((line.gross for line in self.lines), ZERO)


def group_lines(lines: Iterable[EstimateLine]) -> list[LineGroup]:
    """Lines under their jobs, in the order of the estimate; a job is as urgent as its most urgent line."""
    groups: dict[str, LineGroup] = {}
    for line in lines:
        group = groups.setdefault(line.group, LineGroup(line.group))
        group.lines.append(line)
        if URGENCY[line.severity] < URGENCY[group.severity]:
            group.severity = line.severity
        if line.inspection_point is not None and line.inspection_point.note:
            group.note = line.inspection_point.note
    return list(groups.values())


@dataclass(slots=True)
class Job:
    """A job in the editor: its heading, the finding it answers, and its lines as form data."""

    name: str
    severity: str = ""
    point: UUID | None = None
    note: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)


def jobs_to_edit(visit: Visit) -> list[Job]:
    """What the editor starts with: the open version, else what was approved, and findings that nobody has priced."""
    source = visit.open_estimate or visit.in_force
    lines = list(source.lines.all()) if source else []
    if source is not None and source is not visit.open_estimate:
        lines = [line for line in lines if line.decision == EstimateLine.Decision.APPROVED]
    jobs: dict[str, Job] = {}
    for line in lines:
        job = jobs.setdefault(line.group, Job(line.group))
        _note_urgency(job, line)
        job.lines.append(line_data(line, in_force_id=visit.in_force.pk if visit.in_force else None))
    if source is None:
        _add_findings(jobs, visit.card)
    return list(jobs.values()) or [Job("")]


def _note_urgency(job: Job, line: EstimateLine) -> None:
    if URGENCY[line.severity] < URGENCY[job.severity]:
        job.severity = line.severity
    if line.inspection_point is not None:
        job.point, job.note = line.inspection_point_id, line.inspection_point.note


def _add_findings(jobs: dict[str, Job], card: JobCard) -> None:
    notes = dict(card.inspection_points.values_list("pk", "note"))
    for given in suggest_lines(card):
        job = jobs.setdefault(
            given.group, Job(given.group, given.severity, given.inspection_point_id, notes[given.inspection_point_id])
        )
        if given.operation_id:
            job.lines.append({"kind": "labour", "source": str(given.operation_id), "quantity": given.quantity})


def line_data(line: EstimateLine, *, in_force_id: UUID | None) -> dict[str, Any]:
    """A kept line as the editor's form starts with it. A line of the version in force is repeated by its id."""
    source = line.operation_id or line.package_id or line.variant_id
    is_agreed = line.estimate_id == in_force_id and line.decision == EstimateLine.Decision.APPROVED
    return {
        "kind": line.kind,
        "source": str(source or ""),
        "carried_from": str(line.pk if is_agreed else line.carried_from_id or ""),
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price),
        "discount": plain(line.discount),
    }


def plain(amount: Decimal) -> Decimal:
    """Without the zeros that a column's scale adds: fields would read `1.000` as a thousand."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize()


def again_data(line: EstimateLine) -> dict[str, Any]:
    """A declined line offered again at today's list price; a free line at its old price."""
    source = line.operation_id or line.package_id or line.variant_id
    return {
        "kind": line.kind,
        "source": str(source or ""),
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": None if source else line.unit_price,
        "discount": ZERO,
    }


Rows = Sequence[Mapping[str, Any]]


def in_order(rows: Rows, jobs: Mapping[int, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The editor's rows, job after job."""
    order = {number: place for place, number in enumerate(jobs)}
    return sorted(rows, key=lambda row: order.get(row["job"], len(order)))


def read_lines(rows: Rows, jobs: Mapping[int, Mapping[str, Any]]) -> list[EstimateLineInput]:
    """The editor's rows as the service wants them."""
    return [_read(row, jobs.get(row["job"], {})) for row in rows]


def _read(row: Mapping[str, Any], job: Mapping[str, Any]) -> EstimateLineInput:
    source = {SOURCES[row["kind"]]: row["source"]} if row.get("source") and row["kind"] in SOURCES else {}
    return EstimateLineInput(
        kind=row["kind"],
        group=job.get("name", ""),
        severity=job.get("severity", ""),
        inspection_point_id=job.get("point"),
        description=row.get("description", ""),
        quantity=row["quantity"],
        unit_price=row.get("unit_price"),
        discount=row.get("discount") or ZERO,
        carried_from=row.get("carried_from"),
        **source,
    )
