"""What follows from a yes: tasks, required parts, reservations; and from a no: they are taken back."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from apps.core.actor import Actor
from apps.engines.inventory.services import release_reservations
from apps.verticals.workshop.models import EstimateLine, JobCard, JobTask, PartRequirement
from apps.verticals.workshop.services.reserve_parts import reserve_parts

Kind = EstimateLine.Kind


def plan_work(actor: Actor, card: JobCard, approved: Sequence[EstimateLine]) -> None:
    """Makes the tasks and parts of newly approved lines, carries over those of repeated ones, drops the rest."""
    carried = {line.carried_from_id: line for line in approved if line.carried_from_id}
    _carry_over(card, carried)
    _drop_others(actor, card, {line.pk for line in approved})
    planned = set(card.tasks.values_list("estimate_line_id", flat=True)) | set(
        card.parts.values_list("estimate_line_id", flat=True)
    )
    new = [line for line in approved if line.pk not in planned]
    tasks = _make_tasks(card, new)
    _make_requirements(card, new, tasks)
    reserve_parts(actor, card)


def _carry_over(card: JobCard, carried: dict[UUID, EstimateLine]) -> None:
    for old_id, line in carried.items():
        card.tasks.filter(estimate_line_id=old_id).update(estimate_line=line)
        card.parts.filter(estimate_line_id=old_id).update(estimate_line=line)


def _drop_others(actor: Actor, card: JobCard, kept: set[UUID]) -> None:
    """Lines no longer approved: their tasks have not begun (checked when the draft was saved)."""
    for part in card.parts.exclude(estimate_line_id__in=kept).exclude(state=PartRequirement.State.CANCELLED):
        release_reservations(actor, line_id=part.pk)
        part.reserved = Decimal(0)
        part.state = PartRequirement.State.CANCELLED
        part.save_changes("reserved", "state")
    card.tasks.exclude(estimate_line_id__in=kept).filter(state=JobTask.State.PENDING).delete()


def _make_tasks(card: JobCard, lines: Sequence[EstimateLine]) -> dict[str, JobTask]:
    """One task per labour or package line; a part whose group has neither gets one of its own. By group."""
    by_group: dict[str, JobTask] = {
        task.estimate_line.group: task
        for task in card.tasks.select_related("estimate_line")
        if task.estimate_line is not None
    }
    position = card.tasks.count()
    for line in sorted(lines, key=lambda row: row.kind == Kind.PART):
        if line.kind == Kind.FEE or (line.kind == Kind.PART and line.group and line.group in by_group):
            continue
        by_group[line.group or str(line.pk)] = JobTask.objects.create(
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            job_card=card,
            estimate_line=line,
            position=position,
            description=line.description,
            estimated_minutes=line.minutes,
        )
        position += 1
    return by_group


def _make_requirements(card: JobCard, lines: Sequence[EstimateLine], tasks: dict[str, JobTask]) -> None:
    for line in lines:
        task = tasks.get(line.group or str(line.pk))
        for variant_id, quantity in _parts_of(line):
            PartRequirement.objects.create(
                job_card=card, task=task, estimate_line=line, variant_id=variant_id, required=quantity
            )


def _parts_of(line: EstimateLine) -> list[tuple[UUID, Decimal]]:
    """(variant, quantity) of everything that must come from stock."""
    if line.kind == Kind.PART and line.variant is not None and line.variant.is_stocked:
        return [(line.variant.pk, line.quantity)]
    if line.kind == Kind.PACKAGE and line.package is not None:
        rows = line.package.lines.filter(variant__is_stocked=True).select_related("variant")
        return [(row.variant.pk, row.quantity * line.quantity) for row in rows if row.variant is not None]
    return []
