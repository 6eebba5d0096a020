"""What invoices bill: each app whose documents are billed says how to draft, describe and open them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.engines.billing.models import Invoice

Draft = Callable[[Actor, UUID], Invoice]
Describe = Callable[[UUID], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class InvoiceSource:
    """`slug` stands in the API's address, `type` on the invoice; the rest is optional."""

    slug: str
    draft: Draft | None
    type: str
    label: Any
    describe: Describe | None
    url: Callable[[UUID], str] | None


SOURCES: dict[str, InvoiceSource] = {}


def register_invoice_source(
    slug: str,
    draft: Draft | None = None,
    *,
    source_type: str = "",
    label: Any = "",
    describe: Describe | None = None,
    url: Callable[[UUID], str] | None = None,
) -> None:
    """Declares a kind of document that invoices are made of.

    `draft(actor, id)` makes (or finds) its invoice, with the rights of the actor; `describe(id)` gives rows for the
    printed page, such as ("Number plate", "51G-123.45"); `url(id)` is its page in the portal.
    """
    SOURCES[slug] = InvoiceSource(slug, draft, source_type or slug, label, describe, url)


def find_source(source_type: str) -> InvoiceSource | None:
    """The declared source of this type."""
    return next((source for source in SOURCES.values() if source.type == source_type), None)


def describe_source(invoice: Invoice) -> list[tuple[str, str]]:
    """What the page says of the billed document: its number first, then what its app adds."""
    if not invoice.source_type or invoice.source_id is None:
        return []
    source = find_source(invoice.source_type)
    if source is None:
        return []
    rows = [(str(source.label), invoice.source_label)] if invoice.source_label else []
    return [*rows, *(source.describe(invoice.source_id) if source.describe else [])]


def source_url(invoice: Invoice) -> str:
    """The page of the billed document in the portal; empty when there is none."""
    source = find_source(invoice.source_type)
    return source.url(invoice.source_id) if source and source.url and invoice.source_id else ""
