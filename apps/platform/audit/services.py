"""Writing the audit log."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db.models import Model

from apps.core.actor import Actor
from apps.platform.audit.models import AuditLog


class Place(TypedDict, total=False):
    label: str
    branch_id: UUID | None
    is_platform: bool


def record(
    actor: Actor,
    action: str,
    entity: Model,
    *,
    data: dict[str, Any] | None = None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    is_public: bool = False,
    **place: Unpack[Place],
) -> AuditLog:
    """One line in the log, in the caller's transaction. `action` is `noun.verb_in_the_past` (`job_card.opened`).

    `data`, `old`, `new` hold plain values only. `is_public` lines show in the customer's timeline of the document.
    `label` is what the line calls the thing (default: its `audit_label` or text), `branch_id` where it happened (default: the thing's).
    `is_platform` lines are about the platform itself and stand in no company's log, whoever did it.
    """
    return AuditLog.objects.create(
        organization_id=None if place.get("is_platform") else _organization_of(actor, entity),
        branch_id=place.get("branch_id") or getattr(entity, "branch_id", None),
        user_id=actor.user_id,
        actor_kind=str(actor.kind),
        actor_name=actor.name[:160],
        action=action,
        entity_type=entity._meta.label_lower,
        entity_id=entity.pk,
        entity_label=(place.get("label") or getattr(entity, "audit_label", "") or str(entity))[:120],
        data=data or {},
        old_values=old,
        new_values=new,
        is_public=is_public,
        ip=actor.ip,
        user_agent=actor.user_agent[:400],
        request_id=actor.request_id,
    )


def _organization_of(actor: Actor, entity: Model) -> UUID | None:
    return getattr(entity, "organization_id", None) or actor.organization_id
