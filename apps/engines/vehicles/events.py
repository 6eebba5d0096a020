"""What vehicles tell the world."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class VehicleChanged(Event):
    name = "vehicle.changed"

    def topics(self) -> list[str]:
        return [f"vehicle:{self.subject_id}"]


texts.register("vehicle.registered", _("Vehicle registered"), icon="car")
texts.register("vehicle.updated", _("Vehicle changed"), icon="car")
texts.register("vehicle.plate_assigned", _("Plate %(plate)s assigned"), icon="car")
texts.register("vehicle.changed_branch", _("Looked after by another branch from now on"), icon="building-2")
texts.register("vehicle.odometer_read", _("Odometer: %(km)s km"), icon="gauge")
texts.register("vehicle.owner_changed", _("New owner: %(name)s"), icon="user")
