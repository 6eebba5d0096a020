"""Reading the audit log: the timeline of a document, and the log of an organization."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.actor import Actor, ActorKind
from apps.core.ids import first_id_at, parse_id
from apps.platform.audit.models import AuditLog
from apps.platform.audit.permissions import AUDIT_VIEW
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
    """The log of the actor's organization and branches, newest first; for platform staff outside of companies all of it.

    Raises NotAllowed without `audit.view`.
    """
    actor.require(AUDIT_VIEW)
    rows = AuditLog.objects.select_related("branch").order_by("-id")
    if actor.is_platform_staff and actor.organization_id is None:
        return rows
    return rows.visible_to(actor)


def search_entries(rows: QuerySet[AuditLog], text: str) -> QuerySet[AuditLog]:
    """Lines whose thing or person is called so, or that carry just this id, address or request number."""
    text = text.strip()[:100]
    found = Q(entity_label__icontains=text) | Q(actor_name__icontains=text)
    if (key := parse_id(text)) is not None:
        found = Q(entity_id=key) | Q(user_id=key)
    elif (address := _read_address(text)) is not None:
        found = Q(ip=address)
    return rows.filter(found)


def within_period(
    rows: QuerySet[AuditLog], *, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[AuditLog]:
    """Lines from `since` on and before `until`, found by their ids, which grow with time."""
    if since is not None:
        rows = rows.filter(pk__gte=first_id_at(since))
    return rows.filter(pk__lt=first_id_at(until)) if until is not None else rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; what is empty narrows nothing."""

    people: tuple[UUID, ...] = ()
    actions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def narrow_entries(rows: QuerySet[AuditLog], wanted: Wanted) -> QuerySet[AuditLog]:
    """The lines that are asked for."""
    if wanted.people:
        rows = rows.filter(user_id__in=wanted.people)
    if wanted.actions:
        rows = rows.filter(action__in=wanted.actions)
    if wanted.kinds:
        rows = rows.filter(entity_type__in=wanted.kinds)
    rows = within_period(rows, since=wanted.since, until=wanted.until)
    return search_entries(rows, wanted.text) if wanted.text.strip() else rows


def list_actions() -> list[tuple[str, str]]:
    """The known actions with what they say, for choosing."""
    return sorted(((code, describe_action(code, {})) for code in TEXTS), key=lambda pair: pair[1].lower())


def list_kinds() -> list[tuple[str, str]]:
    """The kinds of things that lines are about: `workshop.jobcard`, job card."""
    models = [one for one in apps.get_models() if not one.__name__.startswith("Historical")]
    own = [one for one in models if one.__module__.startswith("apps.")]
    return sorted(((one._meta.label_lower, str(one._meta.verbose_name)) for one in own), key=lambda pair: pair[1])


def kind_label(entity_type: str) -> str:
    """`workshop.jobcard` in words."""
    try:
        return str(apps.get_model(entity_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return entity_type


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    old: str
    new: str


def list_differences(row: AuditLog) -> list[Difference]:
    """Old and new values of a line, named as the columns of its thing are."""
    old, new = row.old_values or {}, row.new_values or {}
    labels = _column_names(row.entity_type)
    return [
        Difference(labels.get(name, name.replace("_", " ")), _plain(old.get(name)), _plain(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _column_names(entity_type: str) -> dict[str, str]:
    try:
        model = apps.get_model(entity_type)
    except (LookupError, ValueError):
        return {}
    return {field.name: _capital(str(field.verbose_name)) for field in model._meta.concrete_fields}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) or "–"
    return str(value)


def _read_address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


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
