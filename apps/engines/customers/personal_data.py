"""What companies keep about a person as their customer, and how it is forgotten."""

from collections.abc import Iterable
from typing import Any

from apps.core.actor import Actor
from apps.engines.customers.models import Customer
from apps.engines.customers.selectors import list_records_of
from apps.engines.customers.services import forget_customer, link_customers, set_marketing_consent
from apps.platform.accounts.events import ConsentGiven
from apps.platform.accounts.models import Consent, User
from apps.platform.accounts.privacy import (
    Erasure,
    Trace,
    describe,
    register_eraser,
    register_own_data,
    register_preparation,
)
from apps.platform.accounts.scrubbing import history_of
from apps.platform.events.registry import listens

_FIELDS = (
    "organization", "code", "kind", "name", "phone", "email", "address", "tax_code", "birth_date", "language",
    "has_marketing_consent", "tags", "notes", "created_at",
)  # fmt: skip


def collect(user: User) -> dict[str, Any]:
    """The person's customer records at each company."""
    return {"customers": [describe(row, *_FIELDS) for row in list_records_of(user).select_related("organization")]}


def trace(user: User) -> Iterable[Trace]:
    """Names and addresses as each company wrote them, now and before."""
    rows: list[Any] = list(list_records_of(user))
    rows += history_of(Customer).filter(id__in=[row.pk for row in rows])
    for row in rows:
        for text in (row.name, row.phone, row.email):
            yield Trace(text, row.organization_id)


def erase(erasure: Erasure) -> None:
    for customer in list_records_of(erasure.user).order_by("pk"):
        forget_customer(customer)


@listens(ConsentGiven)
def follow_consent(event: ConsentGiven, _actor: Actor) -> None:
    """Companies write to a person about offers only while the person agrees."""
    if event.kind == Consent.Kind.MARKETING:
        set_marketing_consent(event.subject_id, is_granted=event.is_granted)


register_preparation("customers", link_customers)
register_own_data("customers", collect)
register_eraser("customers", erase, traces=trace, order=200)
