"""Branches of the actor's company."""

from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.phones import normalize_phone
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.errors import BranchCodeTaken
from apps.platform.organizations.events import BranchAdded, BranchChanged
from apps.platform.organizations.models import Branch
from apps.platform.organizations.permissions import SETTINGS_EDIT

FIELDS = frozenset(
    {"name", "address", "province", "ward", "latitude", "longitude", "phone", "email", "is_active", "code"}
)


@transaction.atomic
def add_branch(actor: Actor, *, code: str, name: str, **details: Any) -> Branch:
    """A new branch of the actor's company. Raises NotAllowed, BadInput, BranchCodeTaken."""
    actor.require(SETTINGS_EDIT)
    if actor.organization_id is None:
        raise NotFound
    values = _clean({"code": code, "name": name, **details})
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
    changed = {name: value for name, value in _clean(details).items() if value != getattr(branch, name)}
    if not changed:
        return branch
    old = {name: getattr(branch, name) for name in changed}
    for name, value in changed.items():
        setattr(branch, name, value)
    with translate_violations({"branch_code_unique": lambda: BranchCodeTaken(field="code")}):
        branch.save_changes(*sorted(changed))
    plain = [{name: str(value) for name, value in values.items()} for values in (old, changed)]
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


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - FIELDS
    if unknown:
        raise BadInput(field=min(unknown))
    cleaned = {name: clean_text(value) if isinstance(value, str) else value for name, value in values.items()}
    if cleaned.get("phone"):
        cleaned["phone"] = normalize_phone(cleaned["phone"])
    if "code" in cleaned:
        cleaned["code"] = cleaned["code"].upper()
    for name in ("code", "name"):
        if name in cleaned and not cleaned[name]:
            raise BadInput(field=name)
    return cleaned
