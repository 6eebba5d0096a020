"""Branches of the actor's company."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.phones import normalize_phone
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.checks import clean_hours, clean_point
from apps.platform.organizations.errors import BranchCodeTaken
from apps.platform.organizations.events import BranchAdded, BranchChanged
from apps.platform.organizations.models import Branch
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.selectors import list_colleagues

FIELDS = frozenset(
    {"name", "address", "province", "ward", "latitude", "longitude", "phone", "email", "is_active", "code"}
    | {"kind", "manager", "opening_hours"}
)


@transaction.atomic
def add_branch(actor: Actor, *, code: str, name: str, **details: Any) -> Branch:
    """A new branch of the actor's company. Raises NotAllowed, BadInput, BranchCodeTaken."""
    actor.require(SETTINGS_EDIT)
    if actor.organization_id is None:
        raise NotFound
    values = _clean(actor, {"code": code, "name": name, **details})
    with translate_violations({"branch_code_unique": lambda: BranchCodeTaken(field="code")}):
        branch = Branch.objects.create(organization_id=actor.organization_id, **values)
    record(actor, "branch.added", branch)
    publish(actor, BranchAdded(subject_id=branch.pk, organization_id=branch.organization_id, branch_id=branch.pk))
    return branch


@transaction.atomic
def update_branch(actor: Actor, branch: Branch, *, version: int | None = None, **details: Any) -> Branch:
    """Changes a branch of the actor's company. Raises NotFound for another company's, NotAllowed, StaleWrite."""
    if branch.organization_id != actor.organization_id:
        raise NotFound
    actor.require(SETTINGS_EDIT)
    branch = lock_row(branch)
    branch.check_version(version)
    changed = {name: value for name, value in _clean(actor, details).items() if value != getattr(branch, name)}
    if not changed:
        return branch
    old = {name: getattr(branch, name) for name in changed}
    for name, value in changed.items():
        setattr(branch, name, value)
    with translate_violations({"branch_code_unique": lambda: BranchCodeTaken(field="code")}):
        branch.save_changes(*sorted(changed))
    plain = [{name: "" if value is None else str(value) for name, value in values.items()} for values in (old, changed)]
    record(actor, "branch.changed", branch, old=plain[0], new=plain[1])
    publish(
        actor,
        BranchChanged(
            subject_id=branch.pk,
            organization_id=branch.organization_id,
            branch_id=branch.pk,
            fields=sorted(changed),
        ),
    )
    return branch


def _clean(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - FIELDS
    if unknown:
        raise BadInput(field=min(unknown))
    cleaned: dict[str, Any] = {
        name: clean_text(value) if isinstance(value, str) else value for name, value in values.items()
    }
    cleaned |= {name: _CLEANERS[name](cleaned[name]) for name in _CLEANERS.keys() & cleaned.keys()}
    for name in ("code", "name"):
        if name in cleaned and not cleaned[name]:
            raise BadInput(field=name)
    if cleaned.get("manager") and not list_colleagues(actor).filter(pk=cleaned["manager"].pk).exists():
        raise BadInput(_("The manager must work in this company."), field="manager")
    return cleaned


def _clean_kind(value: str) -> str:
    if value not in Branch.Kind.values:
        raise BadInput(field="kind")
    return value


_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "phone": lambda text: normalize_phone(text) if text else "",
    "code": str.upper,
    "opening_hours": clean_hours,
    "latitude": partial(clean_point, "latitude"),
    "longitude": partial(clean_point, "longitude"),
    "kind": _clean_kind,
}
