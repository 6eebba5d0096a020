"""The messages of the marketplace."""

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import NotificationType, register, register_category

SAMPLE = (
    ("number", "ORD-20261120-0001"),
    ("company", "Gara Minh Phát"),
    ("total", "2.538.000 ₫"),
    ("reason", "Hết hàng"),
    ("shipment", "SHP-20261120-0001"),
)
register_category("orders", _("Orders"))
for code, label in (
    ("order.placed", _("New order from a garage")),
    ("order.confirmed", _("Order confirmed by the distributor")),
    ("order.shipped", _("Order is on its way")),
    ("order.received", _("Goods received by the garage")),
    ("order.cancelled", _("Order cancelled")),
):
    channels = (Channel.IN_APP, Channel.EMAIL) if code in ("order.placed", "order.cancelled") else (Channel.IN_APP,)
    register(NotificationType(code=code, category="orders", channels=channels, label=label, sample=SAMPLE))
