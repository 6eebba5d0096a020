"""The audit log as a file: all lines that are asked for, written by a job, kept for a day."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actor import Actor
from apps.core.errors import BadInput, BusinessError, NotAllowed
from apps.core.portal.columns import Column
from apps.core.portal.export import XLSX_TYPE, fill_csv, fill_xlsx
from apps.platform.accounts.models import User
from apps.platform.audit import selectors
from apps.platform.audit.looking import note_export
from apps.platform.audit.models import AuditLog
from apps.platform.audit.permissions import AUDIT_EXPORT
from apps.platform.audit.selectors import Wanted
from apps.platform.organizations.services import build_actor
from apps.platform.system.jobs import RunningJob, declare_job, keep_file, start_job
from apps.platform.system.models import JobRun

JOB = "audit.export"
CSV, XLSX = "csv", "xlsx"
TYPES = {CSV: "text/csv; charset=utf-8", XLSX: XLSX_TYPE}
# The right in the staff CMS.
VIEW = "audit.view_auditlog"
# What a sheet holds, without its heading.
MOST_IN_A_SHEET = 1_048_575
_CHUNK = 2000


class TooManyLines(BusinessError):
    rule = "too_many_lines"
    message = gettext_lazy("An Excel sheet cannot hold so many lines. Choose a shorter period, or CSV.")


def describe_changes(row: AuditLog) -> str:
    """What changed, in one line."""
    return "; ".join(f"{one.label}: {one.old} → {one.new}" for one in selectors.list_differences(row))


COLUMNS = (
    Column("at", gettext_lazy("When"), value="created_at", kind="datetime"),
    Column("person", gettext_lazy("Who"), value=lambda row: selectors.describe(row).actor_name),
    Column("text", gettext_lazy("What"), value=lambda row: selectors.describe(row).text),
    Column("kind", gettext_lazy("Kind of thing"), value=lambda row: selectors.kind_label(row.entity_type)),
    Column("thing", gettext_lazy("Thing"), value="entity_label"),
    Column("changes", gettext_lazy("What changed"), value=describe_changes),
    Column("branch", gettext_lazy("Branch"), value="branch.name"),
    Column("ip", gettext_lazy("Address"), value="ip"),
    Column("action", gettext_lazy("Code"), value="action"),
    Column("thing_id", gettext_lazy("Id of the thing"), value=lambda row: str(row.entity_id)),
    Column("request", gettext_lazy("Request"), value="request_id"),
)


def start_export(actor: Actor, *, kind: str, wanted: Wanted) -> JobRun:
    """Has the lines of the actor's company written into a file in the background. Needs `audit.export`."""
    actor.require(AUDIT_EXPORT)
    actor.require_organization()
    return _start(actor, kind, wanted, is_platform=False)


def start_platform_export(actor: Actor, *, kind: str, wanted: Wanted) -> JobRun:
    """The same over all companies, for platform staff. The caller has made sure of their right in the staff CMS."""
    if not actor.is_platform_staff:
        raise NotAllowed
    return _start(actor, kind, wanted, is_platform=True)


def _start(actor: Actor, kind: str, wanted: Wanted, *, is_platform: bool) -> JobRun:
    if kind not in TYPES:
        raise BadInput(field="kind")
    arguments = {
        "kind": kind,
        "is_platform": is_platform,
        "organization_id": str(actor.organization_id or ""),
        "branch_id": str(actor.branch_id or ""),
        "people": [str(one) for one in wanted.people],
        "actions": list(wanted.actions),
        "kinds": list(wanted.kinds),
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "text": wanted.text[:100],
    }
    return start_job(actor, JOB, label=kind.upper(), arguments=arguments)


def run_export(job: RunningJob) -> dict[str, Any]:
    """The job. Rights are those of this moment: raises NotAllowed when they are gone, TooManyLines for a sheet."""
    user = User.objects.filter(pk=job.user_id, is_active=True).first() if job.user_id else None
    if user is None:
        raise NotAllowed
    company, branch = job.arguments["organization_id"], job.arguments["branch_id"]
    if job.arguments["is_platform"]:
        actor = build_actor(user)
        if not (actor.is_platform_staff and user.has_perm(VIEW)):
            raise NotAllowed
        rows: QuerySet[AuditLog] = AuditLog.objects.select_related("branch").order_by("-id")
    else:
        actor = build_actor(user, organization_id=UUID(company), branch_id=UUID(branch) if branch else None)
        actor.require(AUDIT_EXPORT)
        rows = selectors.list_entries(actor)
    with translation.override(user.language), timezone.override(ZoneInfo(user.timezone)):
        return _write(job, actor, selectors.narrow_entries(rows, _read(job.arguments)))


def _write(job: RunningJob, actor: Actor, rows: QuerySet[AuditLog]) -> dict[str, Any]:
    kind, newest = job.arguments["kind"], rows.values_list("pk", flat=True).first()
    # What is noted meanwhile is not among them.
    rows = rows.filter(pk__lte=newest) if newest else rows.none()
    total = rows.order_by().count()
    if kind == XLSX and total > MOST_IN_A_SHEET:
        raise TooManyLines
    with tempfile.TemporaryFile() as file:
        lines = _told(job, rows, total)
        if kind == CSV:
            fill_csv(file, COLUMNS, lines)
        else:
            fill_xlsx(file, COLUMNS, lines, title=_("Audit log"), constant_memory=True)
        note_export(actor, _("Audit log"), total, kind)
        name = f"{_('Audit log')} {timezone.localdate():%Y-%m-%d}.{kind}"
        return {**keep_file(job, file, name=name, content_type=TYPES[kind]), "rows": total}


def _told(job: RunningJob, rows: QuerySet[AuditLog], total: int) -> Iterator[AuditLog]:
    """The lines, telling from time to time how far it is."""
    for number, row in enumerate(rows.iterator(chunk_size=_CHUNK)):
        if number % _CHUNK == 0:
            job.report(95 * number / total, f"{number} / {total}")
        yield row


def _read(arguments: dict[str, Any]) -> Wanted:
    since, until = arguments["since"], arguments["until"]
    return Wanted(
        people=tuple(UUID(one) for one in arguments["people"]),
        actions=tuple(arguments["actions"]),
        kinds=tuple(arguments["kinds"]),
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
        text=arguments["text"],
    )


declare_job(JOB, run_export, label=gettext_lazy("Export of the audit log"), at_once=2)
