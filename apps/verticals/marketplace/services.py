"""What garages do on the marketplace beyond a plain order."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.orders.models import Order
from apps.engines.orders.services import OrderLineInput, place_order
from apps.verticals.marketplace.errors import PriceChanged


@transaction.atomic
def order_basket(
    actor: Actor,
    *,
    seller_id: UUID,
    lines: Sequence[OrderLineInput],
    branch_id: UUID | None,
    seen_total: Decimal,
    note: str = "",
) -> Order:
    """Orders the lines of one distributor, if they cost what the buyer saw (with tax). Needs `order.place`.

    Raises PriceChanged, and everything that `place_order` raises; then nothing is ordered.
    """
    order = place_order(
        actor,
        channel=Order.Channel.MARKETPLACE,
        seller_id=seller_id,
        lines=lines,
        buyer_branch_id=branch_id,
        note=note,
    )
    if order.total != seen_total:
        raise PriceChanged({"total": str(order.total), "yours": str(seen_total)})
    return order
