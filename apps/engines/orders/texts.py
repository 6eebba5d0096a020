"""What the log says about orders."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("order.placed", _("Order placed"), icon="shopping-cart")
texts.register("order.confirmed", _("Confirmed by the seller"), icon="circle-check")
texts.register("order.take", _("Work on it has started"), icon="play")
texts.register("order.start_picking", _("Picking has started"), icon="list-checks")
texts.register("order.mark_ready", _("Ready to ship"), icon="package")
texts.register("order.shipped", _("Shipment %(shipment)s has left"), icon="truck")
texts.register("order.received", _("Received into %(warehouse)s"), icon="package-check")
texts.register("order.complete", _("Completed"), icon="check-check")
texts.register("order.cancelled", _("Cancelled: %(reason)s"), icon="circle-x")
