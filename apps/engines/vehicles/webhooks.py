"""What other systems may be told of vehicles."""

from django.utils.translation import gettext_lazy as _

from apps.engines.vehicles.events import VehicleChanged
from apps.platform.webhooks.registry import offer

offer(
    VehicleChanged,
    label=_("Vehicle added or changed"),
    permission="vehicle.view",
    fields=[("vehicleId", "subject_id", "the vehicle")],
)
