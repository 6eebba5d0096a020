"""Bare cards for tests of pages, and a browser that asks like the pages do."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from apps.core.actor import Actor
from apps.engines.inventory.models import Warehouse
from apps.platform.organizations.models import Branch
from apps.verticals.workshop.models import JobCard
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import CustomerFactory, VehicleFactory
from tests.support.portal import browser_of

HTMX = {"HX-Request": "true"}


def make_card(organization_id: UUID, *, branch: Branch | None = None, number: int = 1, **fields: Any) -> JobCard:
    """A card that nothing has happened to, of a new customer's new vehicle."""
    branch = branch or Branch.objects.filter(organization_id=organization_id).first()
    branch = branch or BranchFactory(organization_id=organization_id)
    warehouse = Warehouse.objects.filter(branch=branch).first()
    customer = CustomerFactory(organization=branch.organization)
    return JobCard.objects.create(
        organization=branch.organization,
        branch=branch,
        warehouse=warehouse or WarehouseFactory(organization=branch.organization, branch=branch),
        number=f"JC-{branch.organization.slug}-{number:04d}"[:32],
        customer=customer,
        vehicle=VehicleFactory(customer=customer),
        **fields,
    )


class CardBrowser:
    """A person's browser on one card."""

    def __init__(self, actor: Actor, card: JobCard) -> None:
        self.client: Client = browser_of(actor)
        self.card = card
        self.url = f"/garage/job-cards/{card.pk}/"

    def page(self, query: str = "") -> str:
        answer = self.client.get(f"{self.url}{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    def part(self, name: str) -> str:
        answer = self.client.get(f"{self.url}part/{name}/", headers=HTMX)
        assert answer.status_code == 200
        return answer.content.decode()

    def ask(self, action: str, query: str = "") -> HttpResponse:
        """Opens the dialog of an action."""
        return self.client.get(f"{self.url}do/{action}/{query}", headers=HTMX)

    def do(self, action: str, data: dict[str, Any] | None = None, *, target: str = "dialog") -> HttpResponse:
        """Sends the form of an action, from the dialog or from a part of the page."""
        return self.client.post(f"{self.url}do/{action}/", data or {}, headers={**HTMX, "HX-Target": target})
