"""Vehicles can be opened to people of other branches: a driver, somebody who follows one repair."""

from django.utils.translation import gettext_lazy as _

from apps.engines.vehicles.models import Vehicle
from apps.platform.organizations.grants import register_grantable

register_grantable(Vehicle, "vehicle.view", label=_("Vehicle"))
