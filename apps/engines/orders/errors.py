"""What orders refuse."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError


class NothingOrdered(BusinessError):
    rule = "nothing_ordered"
    message = _("The order has no lines.")

    def __init__(self) -> None:
        super().__init__(field="lines")


class NotSold(BusinessError):
    """An article is not, or no longer, sold by this seller; `details.variants` names them."""

    rule = "not_sold"
    message = _("The seller does not offer this article.")

    def __init__(self, variants: Sequence[str]) -> None:
        super().__init__(field="lines", details={"variants": list(variants)})


class NoSuchSeller(BusinessError):
    rule = "no_such_seller"
    message = _("This company does not sell here.")

    def __init__(self) -> None:
        super().__init__(field="seller_id")


class UnknownLine(BusinessError):
    rule = "unknown_line"
    message = _("The order has no such line.")


class RaisedQuantity(BusinessError):
    """A seller may confirm less than was ordered, never more."""

    rule = "raised_quantity"
    message = _("More than was ordered cannot be confirmed.")


class NothingLeft(BusinessError):
    rule = "nothing_left"
    message = _("Nothing would be left of the order. Please cancel it instead.")


class _TooMuch(BusinessError):
    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(field="lines", details={"lines": [dict(line) for line in lines]})


class ShippedTooMuch(_TooMuch):
    """`details.lines` names each line with what is still to be shipped."""

    rule = "shipped_too_much"
    message = _("More than was ordered cannot be shipped.")


class ReceivedTooMuch(_TooMuch):
    """`details.lines` names each line with what is still on its way."""

    rule = "received_too_much"
    message = _("More than was shipped cannot be received.")


class NothingToReceive(BusinessError):
    rule = "nothing_to_receive"
    message = _("Nothing of this order is on its way.")


class NothingToShip(BusinessError):
    rule = "nothing_to_ship"
    message = _("Nothing of this order is left to ship.")


class AlreadyShipped(BusinessError):
    rule = "already_shipped"
    message = _("A part of this order has left already. It can no longer be cancelled.")


class ReasonMissing(BusinessError):
    rule = "reason_missing"
    message = _("Please give a reason.")

    def __init__(self) -> None:
        super().__init__(field="reason")
