"""Customers in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin.groups import CUSTOMERS
from apps.core.admin.master import TrackedMasterAdmin
from apps.engines.customers import services
from apps.engines.customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(TrackedMasterAdmin):
    logs_view = True
    nav_group, nav_order, nav_icon = CUSTOMERS, 200, "person_book"
    create, update = services.create_customer, services.update_customer
    list_display = ("name", "code", "kind", "phone", "email", "organization", "is_active")
    list_select_related = ("organization",)
    list_filter = ("kind", "is_active")
    search_fields = ("search_text", "name")
    autocomplete_fields = ("organization",)
    fixed_fields = ("organization", "code")
    exclude = ("user",)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code is given by the service."""
        return ("user", "code") if obj is None else ("user",)
