"""Places that keep stock."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import get_visible, lock_visible, translate_violations
from apps.engines.inventory.errors import WarehouseCodeTaken
from apps.engines.inventory.models import Warehouse
from apps.platform.audit import services as audit
from apps.platform.organizations.models import Branch

TAKEN = {"warehouse_code_unique": WarehouseCodeTaken}
EDITABLE = ("code", "name", "kind", "address", "is_active")


@transaction.atomic
def create_warehouse(
    actor: Actor, *, code: str, name: str, kind: str, branch_id: UUID | None = None, address: str = ""
) -> Warehouse:
    """A new warehouse of the actor's company. Needs `settings.edit`; raises WarehouseCodeTaken."""
    actor.require("settings.edit")
    branch = get_visible(Branch.objects.all(), actor, branch_id) if branch_id else None
    with translate_violations(TAKEN):
        warehouse = Warehouse.objects.create(
            organization_id=actor.require_organization(),
            branch=branch,
            code=code,
            name=name,
            kind=kind,
            address=address,
        )
    audit.record(actor, "warehouse.created", warehouse)
    return warehouse


@transaction.atomic
def update_warehouse(actor: Actor, warehouse: Warehouse, *, version: int | None = None, **changes: Any) -> Warehouse:
    """Changes code, name, kind, address, is_active. Needs `settings.edit`; raises StaleWrite, WarehouseCodeTaken."""
    actor.require("settings.edit")
    warehouse = lock_visible(actor, warehouse)
    warehouse.check_version(version)
    fields = [name for name in EDITABLE if name in changes and changes[name] != getattr(warehouse, name)]
    old = {name: getattr(warehouse, name) for name in fields}
    for name in fields:
        setattr(warehouse, name, changes[name])
    if fields:
        with translate_violations(TAKEN):
            warehouse.save_changes(*fields)
        audit.record(actor, "warehouse.changed", warehouse, old=old, new={name: changes[name] for name in fields})
    return warehouse
