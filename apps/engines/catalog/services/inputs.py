"""What people say about a product and its variants."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VariantInput:
    """`price` is the list price without tax, `cost` the standard cost, in the company's currency."""

    sku: str
    price: Decimal
    barcode: str = ""
    unit: str = "cái"
    cost: Decimal = Decimal(0)
    options: dict[str, Any] = field(default_factory=dict)
    weight_g: int = 0
    is_stocked: bool = True


@dataclass(frozen=True, slots=True)
class FitmentInput:
    model_id: UUID
    year_from: int
    year_to: int


class ProductFields(TypedDict, total=False):
    name_en: str
    description: str
    brand_id: UUID | None
    kind: str
    part_number: str
    oem_numbers: list[str]
    attributes: dict[str, Any]
    warranty_months: int
    status: str
    is_featured: bool
    popularity: int
