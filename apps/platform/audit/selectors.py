"""Reading the audit log: the timeline of a document, and the log of an organization."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.actor import Actor, ActorKind
from apps.platform.audit.models import AuditLog
from apps.platform.audit.texts import TEXTS


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line as people read it. `detail` is free text given with the action (a reason, a note)."""

    at: datetime
    actor_name: str
    text: str
    detail: str
    icon: str
    action: str = ""


def timeline(entity_type: str, entity_id: UUID, *, public_only: bool = False) -> list[TimelineEntry]:
    """What happened to one document, newest first; with `public_only` what its customer may see.

    The caller has made sure that the reader may see the document.
    """
    rows = AuditLog.objects.filter(entity_type=entity_type, entity_id=entity_id).order_by("-id")
    if public_only:
        rows = rows.filter(is_public=True)
    return [describe(row) for row in rows]


def list_entries(actor: Actor) -> QuerySet[AuditLog]:
    """The log of the actor's organization and branches, newest first. Raises NotAllowed without `audit.view`."""
    actor.require("audit.view")
    return AuditLog.objects.visible_to(actor).order_by("-id")


def describe(row: AuditLog) -> TimelineEntry:
    """A stored line in the present language."""
    _text, icon = TEXTS.get(row.action, (row.action, "circle-dot"))
    detail = row.data.get("reason") or row.data.get("note") or ""
    return TimelineEntry(
        at=row.created_at,
        actor_name=_("System") if row.actor_kind == ActorKind.SYSTEM else row.actor_name,
        text=describe_action(row.action, row.data),
        detail=str(detail),
        icon=icon,
        action=row.action,
    )


def describe_action(action: str, data: Mapping[str, Any]) -> str:
    """What an action says in the present language; an action that nobody registered says its code."""
    text, _icon = TEXTS.get(action, (action, ""))
    return str(text(data)) if callable(text) else _fill(str(text), data)


def _fill(text: str, data: Mapping[str, Any]) -> str:
    """`text` with the values of the entry; a value that an old entry lacks is left out."""
    try:
        return text % defaultdict(str, data) if "%(" in text else text
    except (TypeError, ValueError):
        return text
