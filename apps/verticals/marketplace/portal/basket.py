"""The basket: what a garage means to order, kept in the session, one part of it per distributor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.core.ids import parse_id
from apps.core.money import total
from apps.core.portal.tokens import new_token
from apps.engines.orders.offers import Offer
from apps.platform.organizations.models import Organization
from apps.verticals.marketplace.errors import BasketFull
from apps.verticals.marketplace.offers import price_lines
from apps.verticals.marketplace.pictures import picture_of

KEY = "marketplace_basket"
MOST_LINES = 200
MOST = Decimal(100_000)
STEP = Decimal("0.001")


class Basket:
    """Quantities by article, of the company in which the actor acts."""

    def __init__(self, session: SessionBase, actor: Actor) -> None:
        self.session, self.company = session, str(actor.require_organization())

    @property
    def quantities(self) -> dict[UUID, Decimal]:
        rows: Mapping[str, str] = self.session.get(KEY, {}).get(self.company, {})
        return {UUID(key): Decimal(text) for key, text in rows.items()}

    def __len__(self) -> int:
        return len(self.quantities)

    def add(self, variant_id: UUID, quantity: Decimal) -> None:
        """Adds to what is there; raises BadInput, BasketFull."""
        found = self.quantities
        if variant_id not in found and len(found) >= MOST_LINES:
            raise BasketFull
        self.put(variant_id, check_quantity(found.get(variant_id, Decimal(0)) + quantity))

    def put(self, variant_id: UUID, quantity: Decimal) -> None:
        """Sets the quantity; zero takes the article out."""
        found = self.quantities
        if quantity:
            found[variant_id] = quantity
        else:
            found.pop(variant_id, None)
        self._keep(found)

    def drop(self, variant_ids: Any) -> None:
        """Takes articles out."""
        gone = set(variant_ids)
        self._keep({key: quantity for key, quantity in self.quantities.items() if key not in gone})

    def _keep(self, found: Mapping[UUID, Decimal]) -> None:
        baskets = dict(self.session.get(KEY, {}))
        baskets[self.company] = {str(key): str(quantity) for key, quantity in found.items()}
        self.session[KEY] = baskets


@dataclass
class SellerBasket:
    """What would be ordered from one distributor, at today's prices."""

    seller: Organization
    token: str = field(default_factory=new_token)
    offers: list[Offer] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Offer, str, str]]:
        """The offers with their quantities as fields hold them, and their pictures."""
        return [(offer, plain(offer.quantity), picture_of(offer.variant.product)) for offer in self.offers]

    @property
    def net(self) -> Decimal:
        return total(offer.price.net for offer in self.offers)

    @property
    def tax(self) -> Decimal:
        return total(offer.price.tax for offer in self.offers)

    @property
    def gross(self) -> Decimal:
        return total(offer.gross for offer in self.offers)

    @property
    def currency(self) -> str:
        return self.seller.currency

    @property
    def can_deliver(self) -> bool:
        return all(offer.can_deliver for offer in self.offers)

    @property
    def lead_days(self) -> int:
        return max(offer.lead_days for offer in self.offers)


def read_basket(actor: Actor, basket: Basket) -> list[SellerBasket]:
    """The basket by distributor; articles that nobody offers any more are taken out."""
    wanted = basket.quantities
    sellers: dict[UUID, SellerBasket] = {}
    for offer in price_lines(actor, wanted) if wanted else []:
        sellers.setdefault(offer.seller_id, SellerBasket(offer.seller)).offers.append(offer)
    offered = {offer.variant_id for one in sellers.values() for offer in one.offers}
    if gone := wanted.keys() - offered:
        basket.drop(gone)
    return list(sellers.values())


def read_quantity(text: str) -> Decimal:
    """A quantity as it was typed; raises BadInput for what is none."""
    try:
        quantity = Decimal(text.strip() or "x")
    except InvalidOperation:
        raise BadInput(_("Please enter a quantity."), field="quantity") from None
    return check_quantity(quantity)


def check_quantity(quantity: Decimal) -> Decimal:
    """Up to three decimals, above zero; raises BadInput."""
    if not quantity.is_finite() or not STEP <= quantity <= MOST or quantity != quantity.quantize(STEP):
        raise BadInput(_("Please enter a quantity."), field="quantity")
    return quantity


def plain(quantity: Decimal) -> str:
    """`2` for 2.000, `2.5` for 2.500: as number fields hold it."""
    return format(quantity.normalize(), "f")


def read_variant(text: str) -> UUID:
    """The id of an article; raises BadInput."""
    found = parse_id(text)
    if found is None:
        raise BadInput(field="variant")
    return found
