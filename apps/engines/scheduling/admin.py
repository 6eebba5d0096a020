"""Bays, people, working hours and reservations in the staff CMS."""

from django.contrib import admin

from apps.core.admin.groups import WORKSHOP
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import LineInline
from apps.core.admin.master import TrackedMasterAdmin
from apps.engines.scheduling.models import Reservation, Resource, TimeOff, WorkingHours


class WorkingHoursInline(LineInline):
    model = WorkingHours


class TimeOffInline(LineInline):
    model = TimeOff


@admin.register(Resource)
class ResourceAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 310, "garage"
    list_display = ("name", "kind", "branch", "organization", "position", "is_active")
    list_select_related = ("branch", "organization")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "branch__name")
    autocomplete_fields = ("organization", "branch", "user")
    fixed_fields = ("organization", "branch")
    inlines = (WorkingHoursInline, TimeOffInline)


@admin.register(Reservation)
class ReservationAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 311, "event_available"
    list_display = ("resource", "period", "state", "party_key", "expires_at", "organization")
    list_select_related = ("resource", "organization")
    list_filter = ("state",)
    search_fields = ("party_key", "resource__name")
