"""A company's own roles. Nobody gives, widens or narrows a role by rights that they do not hold in the whole company."""

import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import get_visible, lock_row
from apps.core.errors import BadInput, NotFound, StaleWrite
from apps.core.text import clean_text, strip_accents
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.errors import RightsExceeded, RoleInUse, RoleNameTaken, SystemRoleFixed
from apps.platform.organizations.events import MembershipChanged, RoleChanged
from apps.platform.organizations.models import Invitation, Membership, Organization, Role
from apps.platform.organizations.permissions import ROLE_EDIT
from apps.platform.organizations.rights import clean_rights, expand
from apps.platform.organizations.roles import DEALER_ROLES, SYSTEM_ROLES, role_description, role_label
from apps.platform.organizations.rules import covers
from apps.platform.organizations.services.owners import check_owner_left


@transaction.atomic
def create_role(
    actor: Actor,
    *,
    name: str,
    description: str = "",
    permissions: Iterable[str] = (),
    requires_second_factor: bool = False,
) -> Role:
    """A new role of the actor's company. Raises NotAllowed, RightsExceeded, BadInput, RoleNameTaken."""
    organization_id = _lock_company(actor)
    rights = clean_rights(permissions)
    _check_within(actor, rights)
    role = Role.objects.create(
        organization_id=organization_id,
        code=_free_code(organization_id, name),
        name=_clean_name(organization_id, name),
        description=clean_text(description),
        permissions=rights,
        requires_second_factor=requires_second_factor,
    )
    record(actor, "role.created", role, new={"name": role.name, "permissions": rights})
    _tell(actor, role)
    return role


@transaction.atomic
def copy_role(actor: Actor, role: Role, *, name: str = "") -> Role:
    """A role of the actor's company with the rights of another one, of the system or its own. Raises as `create_role`."""
    known: Role = get_visible(Role.objects.all(), actor, role.pk)
    return create_role(
        actor,
        name=name or _("%(name)s (copy)") % {"name": role_label(known)},
        description=role_description(known),
        permissions=known.permissions,
        requires_second_factor=known.requires_second_factor,
    )


@transaction.atomic
def update_role(actor: Actor, role: Role, *, seen: str = "", **changes: object) -> Role:
    """Changes name, description, rights or the second factor of an own role; its members' rights change at once.

    `seen` is `role_version` of what the person looked at. Raises NotFound for another company's, SystemRoleFixed,
    NotAllowed, RightsExceeded (also when rights are taken away that the actor does not hold), LastOwner, StaleWrite.
    """
    organization_id = _lock_company(actor)
    role = _lock_own(actor, role)
    if seen and seen != role_version(role):
        raise StaleWrite
    values = _clean_changes(organization_id, role, changes)
    old = {name: getattr(role, name) for name in values}
    changed = {name: value for name, value in values.items() if value != old[name]}
    if not changed:
        return role
    _check_within(actor, role.permissions)
    _check_within(actor, changed.get("permissions", []))
    for name, value in changed.items():
        setattr(role, name, value)
    role.save(update_fields=sorted(changed))
    check_owner_left(organization_id)
    record(actor, "role.changed", role, old={name: old[name] for name in changed}, new=changed)
    _tell(actor, role)
    return role


@transaction.atomic
def save_matrix(actor: Actor, *, rights: Mapping[UUID, Iterable[str]], seen: Mapping[UUID, str]) -> list[Role]:
    """Sets the rights of several own roles at once, all or none; returns those that changed. Raises as `update_role`."""
    actor.require(ROLE_EDIT)
    rows = Role.objects.filter(pk__in=rights, organization_id=actor.require_organization()).order_by("pk")
    if len(rows) != len(rights):
        raise NotFound
    before = {row.pk: list(row.permissions) for row in rows}
    saved = [
        update_role(actor, row, seen=seen.get(row.pk, ""), permissions=keep_areas(row.permissions, rights[row.pk]))
        for row in rows
    ]
    return [row for row in saved if row.permissions != before[row.pk]]


@transaction.atomic
def delete_role(actor: Actor, role: Role) -> None:
    """Deletes an own role that nobody has and nobody is invited to. Raises RoleInUse and what `update_role` raises."""
    _lock_company(actor)
    role = _lock_own(actor, role)
    _check_within(actor, role.permissions)
    open_invitations = Invitation.objects.filter(
        role=role, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now()
    )
    if Membership.objects.filter(role=role).exists() or open_invitations.exists():
        raise RoleInUse
    if Invitation.objects.filter(role=role).exists():
        raise RoleInUse(_("Invitations of the past name this role: rename it instead."))
    record(actor, "role.deleted", role, old={"name": role.name, "permissions": role.permissions})
    role.delete()


@transaction.atomic
def load_dealer_roles(actor: Actor) -> list[Role]:
    """Copies the roles of dealer groups that the company does not have yet. Raises as `create_role`."""
    organization_id = _lock_company(actor)
    known = set(Role.objects.filter(organization_id=organization_id).values_list("code", flat=True))
    made = []
    for code, role in DEALER_ROLES.items():
        if code not in known:
            rights = clean_rights(role.permissions)
            _check_within(actor, rights)
            made.append(
                Role.objects.create(
                    organization_id=organization_id,
                    code=code,
                    name=str(role.name),
                    description=str(role.description)[:200],
                    permissions=rights,
                )
            )
            record(actor, "role.created", made[-1], new={"name": made[-1].name, "permissions": rights})
    return made


def may_edit_role(actor: Actor, role: Role) -> bool:
    """Whether the actor may change an own role: nobody touches rights that they do not hold in the whole company."""
    return (
        role.organization_id == actor.organization_id
        and actor.branch_ids is None
        and covers(actor.permissions, role.permissions)
    )


def may_copy_role(actor: Actor, role: Role) -> bool:
    """Whether the actor may make a role with these rights."""
    return actor.branch_ids is None and covers(actor.permissions, role.permissions)


def role_version(role: Role) -> str:
    """A short mark of what a role says now."""
    text = "|".join([role.name, role.description, str(role.requires_second_factor), *sorted(role.permissions)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def keep_areas(held: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """Single rights from a form; an area that the role held as a whole stays whole when all of it is still chosen."""
    from_form = set(chosen)
    kept = [code for code in held if code == "*" or code.endswith(".*")]
    for code in kept:
        members = expand([code])
        if members <= from_form:
            from_form = (from_form - members) | {code}
    return sorted(from_form)


def _clean_changes(organization_id: UUID, role: Role, changes: Mapping[str, object]) -> dict[str, object]:
    unknown = set(changes) - {"name", "description", "permissions", "requires_second_factor"}
    if unknown:
        raise BadInput(field=min(unknown))
    values = dict(changes)
    if "name" in values:
        values["name"] = _clean_name(organization_id, str(values["name"]), besides=role.pk)
    if "description" in values:
        values["description"] = clean_text(str(values["description"] or ""))
    if "permissions" in values:
        values["permissions"] = clean_rights(values["permissions"])  # type: ignore[arg-type]
    return values


def _lock_company(actor: Actor) -> UUID:
    """The company, locked: changes of roles and of who has them stand in one queue."""
    actor.require(ROLE_EDIT)
    organization_id = actor.require_organization()
    if actor.branch_ids is not None:
        raise RightsExceeded(_("Roles hold in the whole company: this needs rights in all branches."))
    Organization.objects.select_for_update(of=("self",)).get(pk=organization_id)
    return organization_id


def _lock_own(actor: Actor, role: Role) -> Role:
    known: Role = get_visible(Role.objects.all(), actor, role.pk)
    if known.organization_id is None:
        raise SystemRoleFixed
    return lock_row(known)


def _check_within(actor: Actor, rights: object) -> None:
    if not covers(actor.permissions, rights):  # type: ignore[arg-type]
        raise RightsExceeded(field="permissions")


def _clean_name(organization_id: UUID, text: str, *, besides: UUID | None = None) -> str:
    name = clean_text(text)[:80]
    if not name:
        raise BadInput(_("Please give a name."), field="name")
    same = Role.objects.filter(organization_id=organization_id, name__iexact=name)
    if (same.exclude(pk=besides) if besides else same).exists():
        raise RoleNameTaken(field="name")
    return name


def _free_code(organization_id: UUID, name: str) -> str:
    base = slugify(strip_accents(name)).replace("-", "_")[:30] or "role"
    taken = {*SYSTEM_ROLES, *Role.objects.filter(organization_id=organization_id).values_list("code", flat=True)}
    codes = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in codes if code not in taken)


def _tell(actor: Actor, role: Role) -> None:
    organization_id = actor.require_organization()
    publish(actor, RoleChanged(subject_id=role.pk, organization_id=organization_id))
    people = Membership.objects.filter(role=role).order_by("user_id").values_list("user_id", flat=True).distinct()
    for user_id in people:
        publish(actor, MembershipChanged(subject_id=user_id, organization_id=organization_id, role=role.code))
