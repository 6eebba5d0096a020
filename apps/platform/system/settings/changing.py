"""Changing settings, by people: with a right, within limits, written to the audit log (secrets only as "changed")."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor, ActorKind
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.platform.audit.services import record
from apps.platform.organizations.models import Branch
from apps.platform.system.models import Setting
from apps.platform.system.permissions import SETTINGS_EDIT
from apps.platform.system.settings.declarations import DECLARED, Declaration
from apps.platform.system.settings.values import forget, get_setting, write_value


@transaction.atomic
def change_setting(
    actor: Actor, key: str, value: Any, *, organization_id: UUID | None = None, branch_id: UUID | None = None
) -> bool:
    """Sets a value for all (platform staff), a company or a branch (`settings.edit`); returns whether it changed.

    Raises NotFound for an unknown key or a foreign company, NotAllowed without the right, BadInput for a value or a
    scope that the setting does not take.
    """
    declaration = find_declaration(key)
    check_scope(actor, declaration, organization_id=organization_id, branch_id=branch_id)
    cleaned = declaration.clean(value)
    where: dict[str, Any] = {"organization_id": organization_id, "branch_id": branch_id}
    old = None if declaration.is_secret else get_setting(key, organization_id, branch_id)
    row = Setting.objects.select_for_update().filter(key=key, **where).first()
    if row is not None and not declaration.is_secret and declaration.from_json(row.value) == cleaned:
        return False
    row = write_value(declaration, cleaned, **where)
    _note(actor, row, declaration, old=old, new=cleaned)
    return True


@transaction.atomic
def reset_setting(
    actor: Actor, key: str, *, organization_id: UUID | None = None, branch_id: UUID | None = None
) -> bool:
    """Takes a value away, so that the wider one counts again; returns whether there was one. Raises as `change_setting`."""
    declaration = find_declaration(key)
    check_scope(actor, declaration, organization_id=organization_id, branch_id=branch_id)
    where: dict[str, Any] = {"organization_id": organization_id, "branch_id": branch_id}
    row = Setting.objects.select_for_update().filter(key=key, **where).first()
    if row is None:
        return False
    old = None if declaration.is_secret else declaration.from_json(row.value)
    _note(actor, row, declaration, old=old, new=None)
    row.delete()
    transaction.on_commit(lambda: forget(key))
    return True


@transaction.atomic
def change_settings(
    actor: Actor,
    *,
    values: Mapping[str, Any],
    organization_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> int:
    """Sets several values at once, all or none; None takes a value away. Returns how many changed.

    Raises BadInput that names every setting whose value does not fit, and what else `change_setting` raises.
    """
    errors: dict[str, list[Any]] = {}
    changed = 0
    for key, value in values.items():
        where: dict[str, Any] = {"organization_id": organization_id, "branch_id": branch_id}
        try:
            if value is None:
                changed += reset_setting(actor, key, **where)
            else:
                changed += change_setting(actor, key, value, **where)
        except BadInput as error:
            errors[key] = error.errors.get(key, [error.text])
    if errors:
        raise BadInput(errors=errors)
    return changed


def find_declaration(key: str) -> Declaration:
    """The declared setting; raises NotFound."""
    if key not in DECLARED:
        raise NotFound(_("There is no setting “%(key)s”.") % {"key": key})
    return DECLARED[key]


def check_scope(
    actor: Actor, declaration: Declaration, *, organization_id: UUID | None, branch_id: UUID | None
) -> None:
    """Whether the actor may set this here: platform staff for all, others in their own company and branches."""
    scope = "branch" if branch_id else "organization" if organization_id else "global"
    if organization_id is None:
        if not (actor.is_platform_staff or actor.kind == ActorKind.SYSTEM):
            raise NotAllowed
    elif actor.organization_id != organization_id or not _is_own_branch(actor, organization_id, branch_id):
        raise NotFound
    else:
        actor.require(SETTINGS_EDIT)
        if branch_id is None and actor.branch_ids is not None:
            raise NotAllowed
    if scope not in declaration.scopes:
        raise declaration.refuse(_("This setting cannot be set here."))


def _is_own_branch(actor: Actor, organization_id: UUID, branch_id: UUID | None) -> bool:
    if branch_id is None:
        return True
    is_real = Branch.objects.filter(pk=branch_id, organization_id=organization_id).exists()
    return is_real and actor.reaches_branch(branch_id)


def _note(actor: Actor, row: Setting, declaration: Declaration, *, old: Any, new: Any) -> None:
    values: dict[str, Any] = {}
    if not declaration.is_secret:
        to_json = declaration.to_json
        values = {"old": {"value": to_json(old)}, "new": {"value": to_json(new)}}
    record(
        actor,
        "setting.changed",
        row,
        data={"key": declaration.key, "is_secret": declaration.is_secret},
        label=declaration.key,
        is_platform=row.organization_id is None,
        **values,
    )
