"""Orders in the staff CMS."""

from django.contrib import admin

from apps.core.admin.document import TrackedDocumentAdmin
from apps.core.admin.groups import ORDERS
from apps.core.admin.lines import ReadOnlyInline
from apps.core.portal.actions import ActionHandler
from apps.core.portal.fields import ReasonForm
from apps.engines.orders import services
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.states import ORDER


class LineInline(ReadOnlyInline):
    model = OrderLine
    fields = ("position", "sku", "name", "quantity", "unit_price", "net", "tax", "gross", "shipped", "received")


@admin.register(Order)
class OrderAdmin(TrackedDocumentAdmin):
    """Staff act here for the seller; what only the buyer does is done in the buyer's portal."""

    nav_group, nav_order, nav_icon = ORDERS, 600, "shopping_cart"
    organization_path = "seller_id"
    table = ORDER
    steps = {
        "confirm": ActionHandler(services.confirm_order),
        "start_picking": ActionHandler(services.start_picking),
        "mark_ready": ActionHandler(services.mark_ready),
        "cancel": ActionHandler(services.cancel_order, form=ReasonForm),
    }
    list_display = ("number", "channel", "seller", "buyer_organization", "total", "state", "placed_at")
    list_select_related = ("seller", "buyer_organization")
    list_filter = ("state", "channel", "payment_status")
    search_fields = ("number", "seller__name", "buyer_organization__name", "source_label")
    inlines = (LineInline,)
