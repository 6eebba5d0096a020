"""Reading jobs and settings."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.errors import NotAllowed
from apps.platform.system.models import JobRun
from apps.platform.system.settings import DECLARED, Declaration, check_scope, get_setting, has_value


def list_own_jobs(actor: Actor) -> QuerySet[JobRun]:
    """The jobs that the person started, newest first."""
    if actor.user_id is None:
        return JobRun.objects.none()
    return JobRun.objects.filter(user_id=actor.user_id).order_by("-id")


def list_all_jobs(actor: Actor) -> QuerySet[JobRun]:
    """Every job, newest first. Raises NotAllowed for everybody but platform staff."""
    if not actor.is_platform_staff:
        raise NotAllowed
    return JobRun.objects.select_related("organization", "user").order_by("-id")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as a screen shows it. `value` is the one in force (None for secrets); `is_own`: set at this scope.

    `inherited` is what would be in force without a value of this scope.
    """

    declaration: Declaration
    value: Any
    is_own: bool
    inherited: Any = None

    @property
    def key(self) -> str:
        return self.declaration.key

    @property
    def shown(self) -> str:
        declaration = self.declaration
        return declaration.show(self.is_own if declaration.is_secret else self.value)


def list_settings(
    actor: Actor, *, organization_id: UUID | None = None, branch_id: UUID | None = None
) -> list[SettingRow]:
    """What can be set for all, for a company or for a branch, with the values in force. Secrets have none.

    A company sees what was declared with a group. Raises NotAllowed or NotFound as changing would.
    """
    scope = "branch" if branch_id else "organization" if organization_id else "global"
    shown = [one for one in DECLARED.values() if scope in one.scopes and (scope == "global" or one.group)]
    for declaration in shown[:1]:
        check_scope(actor, declaration, organization_id=organization_id, branch_id=branch_id)
    rows = [
        SettingRow(
            declaration,
            None if declaration.is_secret else get_setting(declaration.key, organization_id, branch_id),
            has_value(declaration.key, organization_id, branch_id),
            None if declaration.is_secret else _inherited(declaration, organization_id, branch_id),
        )
        for declaration in shown
    ]
    return sorted(rows, key=lambda row: (row.declaration.order, row.key))


def _inherited(declaration: Declaration, organization_id: UUID | None, branch_id: UUID | None) -> Any:
    if organization_id is None:
        return declaration.default
    return get_setting(declaration.key, organization_id if branch_id else None)


def list_public_settings(organization_id: UUID | None = None) -> dict[str, Any]:
    """What everybody may know, by key."""
    return {one.key: get_setting(one.key, organization_id) for one in DECLARED.values() if one.is_public}
