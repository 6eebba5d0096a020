"""Invoices for tests, made by the services."""

from decimal import Decimal

from apps.core.actor import system_actor
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import InvoiceLineInput, draft_invoice, finalise_invoice
from apps.engines.customers.models import Customer
from apps.platform.organizations.models import Branch, Organization
from tests.factories.organizations import OrganizationFactory


def make_customer(organization: Organization, number: int = 1, **values) -> Customer:
    """A customer with phone and email; another for each number."""
    fields = {
        "code": f"KH-{Customer.objects.count() + 1:04d}",
        "name": f"Trần Thị Mai {number}",
        "phone": f"+849123450{number:02d}",
        "email": f"mai{number}@example.com",
        "address": "12 Lý Thường Kiệt, Quận 10",
    }
    return Customer.objects.create(organization=organization, **(fields | values))


def line(price: int | Decimal = 100_000, **values) -> InvoiceLineInput:
    fields = {"kind": "labour", "description": "Thay dầu máy", "unit": "lần", "tax_rate": Decimal(10)}
    return InvoiceLineInput(unit_price=Decimal(price), **(fields | values))


def make_draft(
    organization: Organization | None = None, *lines: InvoiceLineInput, branch: Branch | None = None, **values
) -> Invoice:
    """A draft of one line, 110.000 ₫ with tax, unless lines are given."""
    company = organization or OrganizationFactory()
    values.setdefault("customer", values.pop("customer", None) or make_customer(company))
    branch_id = branch.pk if branch else None
    return draft_invoice(system_actor(company.pk), lines=lines or [line()], branch_id=branch_id, **values)


def make_invoice(organization: Organization | None = None, *lines: InvoiceLineInput, **values) -> Invoice:
    """The same, finalised."""
    draft = make_draft(organization, *lines, **values)
    return finalise_invoice(system_actor(draft.organization_id), draft)
