"""What can be paid: each app that owns a payable registers how to ask what is due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from apps.core.actor import Actor
from apps.core.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class PayableInfo:
    """What a payment must know of what it pays; amounts in `currency`."""

    type: str
    id: UUID
    organization_id: UUID
    branch_id: UUID | None
    label: str
    currency: str
    amount_due: Decimal
    payer_name: str
    description: str


class PayableAdapter(Protocol):
    def describe(self, payable_id: UUID) -> PayableInfo:
        """What is due now; raises NotFound."""

    def lock(self, payable_id: UUID) -> PayableInfo:
        """The same with the payable's row locked until the transaction ends; raises NotFound."""

    def is_visible_to(self, actor: Actor, payable_id: UUID) -> bool:
        """Whether the payable exists for the actor."""

    def shown_as_paid(self, organization_id: UUID | None) -> Iterable[tuple[UUID, str, Decimal]]:
        """(id, label, amount shown as paid) of every payable, for the proof that it equals the ledger."""


PAYABLES: dict[str, PayableAdapter] = {}
PAGES: dict[str, Callable[[UUID], str]] = {}


def register_payable(kind: str, adapter: PayableAdapter) -> None:
    PAYABLES[kind] = adapter


def get_adapter(kind: str) -> PayableAdapter:
    """The adapter of a payable type; raises NotFound for an unknown one."""
    adapter = PAYABLES.get(kind)
    if adapter is None:
        raise NotFound
    return adapter


def register_payable_page(kind: str, url: Callable[[UUID], str]) -> None:
    """Says where the portal shows a payable of this type."""
    PAGES[kind] = url


def payable_url(kind: str, payable_id: UUID) -> str:
    """The portal's page of a payable; empty when there is none."""
    return PAGES[kind](payable_id) if kind in PAGES else ""
