"""The digital inspection: points green, yellow or red, with photos."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.platform.audit.services import record
from apps.platform.files.services import store_image
from apps.verticals.workshop.errors import PointUnknown
from apps.verticals.workshop.models import InspectionPoint, InspectionTemplate, JobCard, JobPhoto
from apps.verticals.workshop.services.card_steps import lock_card, move_card, tell_card_changed
from apps.verticals.workshop.types import PointInput


@transaction.atomic
def record_inspection(
    actor: Actor, card: JobCard, *, points: Sequence[PointInput], version: int | None = None
) -> JobCard:
    """Writes the findings at the given points; points not named stay as they are. The first one moves the card.

    Raises PointUnknown for a code that the template does not have, StaleWrite.
    """
    actor.require("job_card.inspect")
    card = lock_card(actor, card, version)
    known = _template_points(card)
    for point in points:
        if point.code not in known or point.rating not in InspectionPoint.Rating.values:
            raise PointUnknown(field=point.code)
    for point in points:
        position, template = known[point.code]
        InspectionPoint.objects.update_or_create(
            job_card=card,
            code=point.code,
            defaults={
                "group": template["group"],
                "name": template["name"],
                "position": position,
                "rating": point.rating,
                "note": point.note.strip()[:300],
            },
        )
    if card.state == JobCard.State.CREATED:
        move_card(actor, card, "inspect", data={"points": len(points)})
    else:
        card.save_changes()
        record(actor, "job_card.inspection_changed", card, data={"points": len(points)})
        tell_card_changed(actor, card, "inspection")
    return card


@transaction.atomic
def add_photo(
    actor: Actor, card: JobCard, *, upload: Any, stage: str, caption: str = "", point_id: UUID | None = None
) -> JobPhoto:
    """One more picture, at a point of the inspection where `point_id` is given. Raises BadInput for what is no picture."""
    actor.require("job_card.inspect" if stage != JobPhoto.Stage.WORK else "job_card.work")
    if point_id is not None and not card.inspection_points.filter(pk=point_id).exists():
        raise NotFound
    photo = JobPhoto.objects.create(
        job_card=card,
        point_id=point_id,
        file=store_image(actor, upload),
        stage=stage,
        caption=caption.strip()[:160],
        taken_by_id=actor.user_id,
    )
    record(actor, "job_card.photo_added", card, data={"stage": stage})
    tell_card_changed(actor, card, "photos")
    return photo


@transaction.atomic
def add_photos(
    actor: Actor,
    card: JobCard,
    *,
    uploads: Sequence[Any],
    stage: str,
    caption: str = "",
    point_id: UUID | None = None,
) -> list[JobPhoto]:
    """Several pictures at once, all or none. Raises BadInput when one of them is no picture."""
    return [
        add_photo(actor, card, upload=upload, stage=stage, caption=caption, point_id=point_id) for upload in uploads
    ]


def _template_points(card: JobCard) -> dict[str, tuple[int, dict[str, str]]]:
    template = InspectionTemplate.objects.filter(organization_id=card.organization_id, is_default=True).first()
    points = template.points if template else []
    return {point["code"]: (position, point) for position, point in enumerate(points)}
