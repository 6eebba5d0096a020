"""What the log tells about a person: what they did and when. Forgotten people stay in it by their id alone."""

from typing import Any

from django.db.models import Q

from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import LOGS, Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.audit.models import AuditLog

_COLUMNS = ("actor_name", "entity_label", "data", "old_values", "new_values")


def collect(user: User) -> dict[str, Any]:
    """The person's own actions, without the names of the things and people that they concerned."""
    rows = AuditLog.objects.filter(user=user).order_by("-pk")
    return {"actions": [describe(row, "action", "entity_type", "ip", "user_agent", "created_at") for row in rows]}


def erase(erasure: Erasure) -> None:
    """Actions keep their time and ids; names go, and where the person acted from."""
    AuditLog.objects.filter(user=erasure.user).update(actor_name="", ip=None, user_agent="")
    somewhere = Q(organization_id__in=erasure.organization_ids) | Q(organization__isnull=True) | Q(user=erasure.user)
    scrub_rows(AuditLog.objects.filter(somewhere), _COLUMNS, erasure.words)


register_own_data("audit", collect)
register_eraser("audit", erase, order=LOGS)
