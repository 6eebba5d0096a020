"""Refusals of calendars."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, Conflict


class SlotTaken(Conflict):
    """Somebody was quicker; `details.next_free` names the next free times (ISO 8601)."""

    rule = "slot_taken"
    message = _("This time has just been taken. Please choose another one.")


class PartyBusy(Conflict):
    rule = "party_busy"
    message = _("There is already an appointment for this vehicle at this time.")


class OutsideHours(BusinessError):
    rule = "outside_hours"
    message = _("This time is outside the working hours.")


class SlotInPast(BusinessError):
    rule = "slot_in_past"
    message = _("This time is already over.")
