"""What vehicles do in the same transaction when customers change."""

from apps.core.actor import Actor
from apps.engines.customers.events import CustomerChanged
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.services import search_text
from apps.platform.events.registry import listens


@listens(CustomerChanged)
def find_vehicles_by_new_name(event: CustomerChanged, _actor: Actor) -> None:
    """Vehicles are found by their owner's name and phone: those words follow the owner."""
    vehicles = list(Vehicle.objects.filter(customer_id=event.subject_id).select_related("customer", "model__make"))
    for vehicle in vehicles:
        vehicle.search_text = search_text(vehicle)
    Vehicle.objects.bulk_update(vehicles, ["search_text"])
