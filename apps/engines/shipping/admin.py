"""Shipments in the staff CMS."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin.document import DocumentAdmin
from apps.core.admin.groups import ORDERS
from apps.core.admin.lines import ReadOnlyInline
from apps.engines.shipping.models import Shipment, ShipmentLine


class LineInline(ReadOnlyInline):
    model = ShipmentLine
    fields = ("order_line", "quantity", "received")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShipmentLine]:
        return super().get_queryset(request).select_related("order_line")


@admin.register(Shipment)
class ShipmentAdmin(DocumentAdmin):
    nav_group, nav_order, nav_icon = ORDERS, 601, "local_shipping"
    list_display = ("number", "order", "carrier", "tracking_code", "parcels", "state", "shipped_at", "organization")
    list_select_related = ("order", "organization")
    list_filter = ("state",)
    search_fields = ("number", "tracking_code", "order__number")
    inlines = (LineInline,)
