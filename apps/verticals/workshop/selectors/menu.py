"""What the garage offers."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.verticals.workshop.models import LabourOperation, ServicePackage


def list_operations(actor: Actor) -> "QuerySet[LabourOperation]":
    return LabourOperation.objects.visible_to(actor).filter(is_active=True)


def list_packages(actor: Actor) -> "QuerySet[ServicePackage]":
    return ServicePackage.objects.visible_to(actor).filter(is_active=True)


def bookable_services(organization_id: UUID) -> list[ServicePackage | LabourOperation]:
    """What visitors can book online: packages first, then single operations. Two queries."""
    rules = {"organization_id": organization_id, "is_active": True, "is_bookable": True}
    return [*ServicePackage.objects.filter(**rules), *LabourOperation.objects.filter(**rules)]
