"""Opening single rows to single people, and closing them again."""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm, remove_perm

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotFound
from apps.platform.accounts.models import User
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.events import AccessChanged
from apps.platform.organizations.grants import GRANTABLES, Grantable
from apps.platform.organizations.models import Membership
from apps.platform.organizations.permissions import STAFF_EDIT


@transaction.atomic
def grant(actor: Actor, user: User, right: str, row: Model) -> None:
    """Opens a row of the actor's company to one of its people; twice is as good as once.

    Raises NotAllowed without staff.edit or without the right itself, NotFound for a row that does not exist for the
    actor or a person who is no member, BadInput for what cannot be granted.
    """
    permission = _check(actor, user, right, row)
    if not Membership.objects.active().filter(user=user, organization_id=actor.require_organization()).exists():
        raise NotFound
    if _find(user, permission, row).exists():
        return
    assign_perm(permission, user, row)
    _tell(actor, "access.given", user, row)


@transaction.atomic
def revoke(actor: Actor, user: User, right: str, row: Model) -> None:
    """Closes the row to the person again; nothing happens where it was not open. Raises as `grant`."""
    permission = _check(actor, user, right, row)
    if not _find(user, permission, row).exists():
        return
    remove_perm(permission, user, row)
    _tell(actor, "access.taken", user, row)


def list_grants(actor: Actor, user: User) -> list[tuple[Grantable, Model]]:
    """What is open to the person by grants, of the rows that exist for the actor."""
    actor.require(STAFF_EDIT)
    found: list[tuple[Grantable, Model]] = []
    for entry in GRANTABLES.values():
        ids = UserObjectPermission.objects.filter(
            user=user, permission__codename=entry.right, permission__content_type=_type_of(entry.model)
        ).values_list("object_pk", flat=True)
        rows: Any = entry.model._default_manager
        found.extend((entry, row) for row in rows.visible_to(actor).filter(pk__in=list(ids)).order_by("pk"))
    return found


def access_row(actor: Actor, key: str, row_id: object) -> tuple[Grantable, Model]:
    """A row that can be granted, by its kind and id. Raises BadInput for another kind, NotFound."""
    entry = GRANTABLES.get(key)
    if entry is None:
        raise BadInput(field="object_type")
    return entry, get_visible(entry.model._default_manager.all(), actor, row_id)


def _check(actor: Actor, user: User, right: str, row: Model) -> Permission:
    actor.require(STAFF_EDIT)
    entry = GRANTABLES.get(row._meta.label_lower)
    if entry is None or entry.right != right or user.pk is None:
        raise BadInput(field="right")
    actor.require(right)
    get_visible(type(row)._default_manager.all(), actor, row.pk)
    found, _is_new = Permission.objects.get_or_create(
        content_type=_type_of(entry.model), codename=right, defaults={"name": str(right)}
    )
    return found


def _type_of(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _find(user: User, permission: Permission, row: Model) -> Any:
    return UserObjectPermission.objects.filter(user=user, permission=permission, object_pk=str(row.pk))


def _tell(actor: Actor, action: str, user: User, row: Model) -> None:
    record(actor, action, row, data={"name": user.full_name})
    where: dict[str, Any] = {"organization_id": actor.organization_id, "branch_id": getattr(row, "branch_id", None)}
    publish(actor, AccessChanged(subject_id=user.pk, kind=row._meta.label_lower, row=str(row.pk), **where))
