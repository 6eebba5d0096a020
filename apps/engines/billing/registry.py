"""What invoices bill: each app whose documents are billed says how to describe and open them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.engines.billing.models import Invoice

Describe = Callable[[UUID], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class InvoiceSource:
    """`type` stands on the invoice; the rest is optional."""

    type: str
    label: Any
    describe: Describe | None
    url: Callable[[UUID], str] | None


SOURCES: dict[str, InvoiceSource] = {}


def register_invoice_source(
    source_type: str,
    *,
    label: Any = "",
    describe: Describe | None = None,
    url: Callable[[UUID], str] | None = None,
) -> None:
    """Declares a kind of document that invoices are made of.

    `describe(id)` gives rows for the
    printed page, such as ("Number plate", "51G-123.45"); `url(id)` is its page in the portal.
    """
    SOURCES[source_type] = InvoiceSource(source_type, label, describe, url)


def find_source(source_type: str) -> InvoiceSource | None:
    """The declared source of this type."""
    return SOURCES.get(source_type)


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
