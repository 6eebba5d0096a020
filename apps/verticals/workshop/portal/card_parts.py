"""What each part of a job card's page gets to draw."""

from typing import Any

from apps.core.actor import Actor
from apps.core.portal.links import find_url
from apps.engines.billing.states import INVOICE
from apps.platform.files.selectors import file_url
from apps.verticals.workshop.models import EstimateLine, JobCard, JobPhoto
from apps.verticals.workshop.portal.drawing import draw_marks, read_marks
from apps.verticals.workshop.portal.estimate_lines import group_lines
from apps.verticals.workshop.portal.glance import GONE
from apps.verticals.workshop.states import ESTIMATE, TASK

D = EstimateLine.Decision


def build_check_in(_actor: Actor, card: JobCard) -> dict[str, Any]:
    check_in = getattr(card, "check_in", None)
    signature = check_in.signature if check_in else None
    marks = read_marks(check_in.marks if check_in else [])
    return {
        "check_in": check_in,
        "marks": marks,
        "drawings": draw_marks(marks),
        "signature_url": file_url(signature) if signature else "",
    }


def build_photos(actor: Actor, card: JobCard) -> dict[str, Any]:
    photos = card.visit.photos
    return {
        "stages": [
            (label, [show_photo(photo) for photo in photos if photo.stage == stage]) for stage, label in _stages()
        ],
        "choices": JobPhoto.Stage.choices,
        "count": len(photos),
        "may_add": actor.can("job_card.inspect") or actor.can("job_card.work"),
    }


def _stages() -> list[tuple[str, Any]]:
    return list(JobPhoto.Stage.choices)


def show_photo(photo: JobPhoto) -> dict[str, str]:
    """A picture for the grid."""
    caption = photo.caption or (photo.point.name if photo.point else "")
    return {"url": file_url(photo.file), "thumb": file_url(photo.file, thumbnail=True), "caption": caption}


def build_history(actor: Actor, card: JobCard) -> dict[str, Any]:
    return {"past": card.visit.past, "declined": card.visit.declined, "may_offer": actor.can("job_card.estimate")}


def build_inspection(actor: Actor, card: JobCard) -> dict[str, Any]:
    is_open = card.state not in GONE
    sheet = card.visit.sheet
    for point in (point for group in sheet.groups for point in group.points):
        point.photos = [show_photo(photo) for photo in point.found.photos.all()] if point.found else []
    return {
        "sheet": sheet,
        "may_inspect": is_open and actor.can("job_card.inspect"),
        "may_estimate": is_open and actor.can("job_card.estimate"),
    }


def build_estimate(actor: Actor, card: JobCard) -> dict[str, Any]:
    """The newest version in full, older ones folded."""
    versions = card.visit.estimates
    shown = versions[0] if versions else None
    return {
        "shown": shown,
        "groups": group_lines(shown.lines.all()) if shown else [],
        "older": [(one, group_lines(one.lines.all())) for one in versions[1:]],
        "answers": _answers(versions),
        "table": ESTIMATE,
        "may_edit": actor.can("job_card.estimate") and card.state not in _CLOSED,
        "is_sent": shown is not None and shown.state == "sent",
        "is_draft": shown is not None and shown.state == "draft",
    }


_CLOSED = (JobCard.State.QUALITY_CHECK, JobCard.State.COMPLETED, *GONE)


def _answers(versions: list[Any]) -> list[dict[str, Any]]:
    """The customer's answers as evidence, newest first."""
    return [
        {
            "answer": answer,
            "estimate": estimate,
            "approved": sum(1 for line in answer.lines if line["decision"] == D.APPROVED),
            "declined": sum(1 for line in answer.lines if line["decision"] == D.DECLINED),
            "signature_url": file_url(answer.signature) if answer.signature else "",
        }
        for estimate in versions
        for answer in estimate.decisions.all()
    ]


def build_tasks(actor: Actor, card: JobCard) -> dict[str, Any]:
    can_work = card.state in (
        JobCard.State.APPROVED,
        JobCard.State.ASSIGNED,
        JobCard.State.IN_PROGRESS,
        JobCard.State.WAITING_PARTS,
    )
    return {
        "work": card.visit.work,
        "table": TASK,
        "people": card.visit.technicians if actor.can("job_card.assign") else [],
        "may_assign": actor.can("job_card.assign") and can_work,
        "may_work": actor.can("task.work") and can_work,
        "leads": actor.can("job_card.assign"),
    }


def build_parts(actor: Actor, card: JobCard) -> dict[str, Any]:
    visit = card.visit
    is_open = card.state not in (JobCard.State.COMPLETED, *GONE)
    for row in visit.on_order:
        row.url = find_url("garage:order", row.part.order_id)
    return {
        "rows": visit.parts,
        "to_order": visit.to_order,
        "on_order": visit.on_order,
        "ready": [row for row in visit.parts if row.part.reserved],
        "may_issue": is_open and actor.can("job_card.issue_parts"),
        "may_order": is_open and actor.can("job_card.order_parts"),
    }


def build_quality(actor: Actor, card: JobCard) -> dict[str, Any]:
    visit = card.visit
    return {
        "checks": visit.checks,
        "is_due": card.state == JobCard.State.QUALITY_CHECK,
        "is_passed": visit.is_passed,
        "points": visit.template.quality_points if visit.template else [],
        "workers": [user for user in visit.technicians if user.pk in visit.workers],
        "may_check": visit.may_check,
        "has_right": actor.can("job_card.check"),
    }


def build_money(_actor: Actor, card: JobCard) -> dict[str, Any]:
    signature = card.handover_signature
    return {
        "money": card.visit.money,
        "invoice": card.visit.invoice,
        "table": INVOICE,
        "signature_url": file_url(signature) if signature else "",
    }


def build_facts(actor: Actor, _card: JobCard) -> dict[str, Any]:
    return {"may_edit": actor.can("job_card.open")}
