"""What the buttons of an order ask for: quantities line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import capitalize
from apps.core.portal.fields import QuantityField
from apps.engines.orders.models import Order, OrderLine
from apps.engines.shipping.models import Shipment


def list_carriers() -> list[tuple[str, str]]:
    return [(code, capitalize(str(label))) for code, label in Shipment.Carrier.choices]


@dataclass(frozen=True, slots=True)
class LineField:
    """One line of the order with the field that asks for its quantity."""

    line: OrderLine
    field: forms.BoundField
    most: Decimal


class LinesForm(forms.Form):
    """A quantity per line of the order, from zero to `most_of(line)`; lines of which nothing is left are not asked."""

    target = "lines"
    others: tuple[str, ...] = ()

    def prepare(self, actor: Actor, order: Order) -> None:
        self.order = order
        self.lines = {self.name_of(line): line for line in order.lines.all() if self.most_of(line) > 0}
        for name, line in self.lines.items():
            most = self.most_of(line)
            self.fields[name] = QuantityField(
                label=line.name,
                min_value=Decimal(0),
                max_value=most,
                initial=format(most.normalize(), "f"),
                error_messages={"max_value": _("At most %(limit_value)s.")},
            )

    def name_of(self, line: OrderLine) -> str:
        return f"line-{line.pk}"

    def most_of(self, line: OrderLine) -> Decimal:
        """The biggest quantity that can be said."""
        return line.quantity

    def rows(self) -> Iterable[LineField]:
        """For the template: the lines with their fields."""
        return [LineField(line, self[name], self.most_of(line)) for name, line in self.lines.items()]

    def plain_fields(self) -> list[forms.BoundField]:
        """For the template: the fields that belong to the whole."""
        return [self[name] for name in self.others]

    def clean(self) -> dict[str, Any]:
        """The quantities by line under `target`, beside the other fields."""
        data = self.cleaned_data
        chosen: Mapping[UUID, Decimal] = {line.pk: data[name] for name, line in self.lines.items() if name in data}
        return {self.target: chosen, **{name: data.get(name) for name in self.others if name in data}}


class ConfirmLessForm(LinesForm):
    """The seller confirms less than was ordered; zero takes a line out."""

    target = "quantities"
    lead = _("Lower what you cannot deliver; 0 takes a line out. The garage is told at once.")
    column = _("Confirm")


class ShipForm(LinesForm):
    """All that is left, or a part; with what is written on the parcels."""

    others = ("parcels", "carrier", "tracking_code", "note")
    lead = _("Lower a quantity to ship a part now and the rest later.")
    column = _("Ship now")
    parcels = forms.IntegerField(label=_("Parcels"), min_value=1, max_value=999, initial=1)
    carrier = forms.ChoiceField(label=_("Delivery by"), choices=list_carriers)
    tracking_code = forms.CharField(label=_("Tracking code"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def most_of(self, line: OrderLine) -> Decimal:
        return line.quantity - line.shipped


class ReceiveForm(LinesForm):
    """What has arrived of what is on its way."""

    lead = _("Count what has arrived. What is missing stays on its way.")
    column = _("Received")

    def most_of(self, line: OrderLine) -> Decimal:
        return line.shipped - line.received
