"""What the log says about stock."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import NotificationType, register, register_category

texts.register("inventory.adjusted", _("Stock corrected by %(quantity)s: %(reason)s"), icon="sliders-horizontal")
texts.register("inventory.received", _("%(quantity)s received"), icon="package-check")
texts.register("inventory.level_changed", _("Limits of the stock changed"), icon="pencil")
texts.register("warehouse.created", _("Warehouse created"), icon="warehouse")
texts.register("warehouse.changed", _("Warehouse changed"), icon="pencil")

register_category("stock", _("Stock"))
register(
    NotificationType(
        code="stock.low",
        category="stock",
        channels=(Channel.IN_APP, Channel.EMAIL),
        label=_("Stock to be ordered again"),
        sample=(
            ("warehouse", "Kho chính Quận 7"),
            ("first", "Lọc dầu Toyota Vios"),
            ("count", 2),
            ("others", 1),
            ("items", "- Lọc dầu Toyota Vios (04152-YZZA6): 3 / 5\n- Má phanh trước (04465-0D150): 1 / 2"),
            ("more", 0),
        ),
    )
)
