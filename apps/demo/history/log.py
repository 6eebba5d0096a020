"""Lines of the audit log, worded as the services word them."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from apps.demo.world import World
from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditLog


def note(
    world: World,
    at: datetime,
    action: str,
    entity: Model,
    *,
    by: User | str | None = None,
    data: dict[str, Any] | None = None,
    is_public: bool = False,
) -> None:
    """`by` is a member of staff, or the name of a customer behind a link, or nobody for the platform itself."""
    user = by if isinstance(by, User) else None
    name = by if isinstance(by, str) else user.full_name if user else "system"
    world.jot(
        AuditLog,
        at,
        organization_id=getattr(entity, "organization_id", None) or getattr(entity, "seller_id", None),
        branch_id=getattr(entity, "branch_id", None),
        user_id=user.pk if user else None,
        actor_kind="user" if user else "link" if by else "system",
        actor_name=name,
        action=action,
        entity_type=entity._meta.label_lower,
        entity_id=entity.pk,
        entity_label=str(entity)[:120],
        data=data or {},
        is_public=is_public,
    )
