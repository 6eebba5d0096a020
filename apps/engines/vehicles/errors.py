"""Refusals of vehicles."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Duplicate


class PlateUnreadable(BadInput):
    rule = "plate_unreadable"
    message = _("This is not a plate number we know (for example 51G-123.45).")


class VinUnreadable(BadInput):
    rule = "vin_unreadable"
    message = _("A VIN has 17 characters, letters and digits without I, O and Q.")


class PlateTaken(Duplicate):
    rule = "plate_taken"
    message = _("Another vehicle carries this plate.")


class VinTaken(Duplicate):
    rule = "vin_taken"
    message = _("Another vehicle has this VIN.")


class OdometerBackwards(BusinessError):
    """The new reading is below the last one and no reason was given."""

    rule = "odometer_backwards"
    message = _("The odometer shows less than at the last visit. If this is right, please give the reason.")
