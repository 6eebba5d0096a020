"""What the workshop shows on the pages of customers and vehicles: appointments, visits, bills, declined work."""

from typing import Any

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.portal.actions import Fragment
from apps.core.portal.links import find_url
from apps.core.portal.places import add_part
from apps.engines.billing.selectors import list_invoices
from apps.engines.billing.states import INVOICE
from apps.engines.customers.models import Customer
from apps.engines.vehicles.models import Vehicle
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.selectors.proposals import declined_at
from apps.verticals.workshop.selectors.visits import list_appointments, list_visits
from apps.verticals.workshop.states import APPOINTMENT, JOB_CARD

SHOWN = 20
CUSTOMER, VEHICLE = "customers.customer", "vehicles.vehicle"


def _visits(actor: Actor, **owner: Any) -> dict[str, Any]:
    rows = list(list_visits(actor, **owner)[:SHOWN])
    return {
        "visits": [_describe(card) for card in rows],
        "table": JOB_CARD,
        "sees_money": actor.can("job_card.see_money"),
    }


def _describe(card: JobCard) -> dict[str, Any]:
    lines = [line.description for estimate in card.estimates.all() for line in estimate.approved_lines]
    return {"card": card, "lines": lines, "url": find_url("garage:job-card", card.pk)}


def build_visits_of_customer(actor: Actor, customer: Customer) -> dict[str, Any]:
    return {**_visits(actor, customer_id=customer.pk), "shows_plate": True}


def build_visits_of_vehicle(actor: Actor, vehicle: Vehicle) -> dict[str, Any]:
    return _visits(actor, vehicle_id=vehicle.pk)


def build_declined(actor: Actor, vehicle: Vehicle) -> dict[str, Any]:
    return {"lines": list(declined_at(vehicle.pk)[:SHOWN]), "sees_money": actor.can("job_card.see_money")}


def build_appointments_of_customer(actor: Actor, customer: Customer) -> dict[str, Any]:
    return _appointments(actor, customer=customer)


def build_appointments_of_vehicle(actor: Actor, vehicle: Vehicle) -> dict[str, Any]:
    return {**_appointments(actor, plate=vehicle.plate), "plate": vehicle.plate}


def _appointments(actor: Actor, **which: Any) -> dict[str, Any]:
    rows = list_appointments(actor).filter(**which).order_by("-starts_at")[:8] if all(which.values()) else []
    return {"appointments": list(rows), "table": APPOINTMENT, "now": now()}


def build_invoices(actor: Actor, customer: Customer) -> dict[str, Any]:
    rows = list_invoices(actor).filter(customer=customer)[:SHOWN]
    return {"invoices": [(row, find_url("garage:invoice", row.pk)) for row in rows], "table": INVOICE}


PARTS = {
    CUSTOMER: (
        Fragment("visits", "workshop/visits/visits.html", build_visits_of_customer, permission="job_card.view"),
        Fragment("invoices", "workshop/visits/invoices.html", build_invoices, permission="invoice.view"),
        Fragment(
            "appointments",
            "workshop/visits/appointments.html",
            build_appointments_of_customer,
            permission="appointment.view",
            is_side=True,
        ),
    ),
    VEHICLE: (
        Fragment("visits", "workshop/visits/visits.html", build_visits_of_vehicle, permission="job_card.view"),
        Fragment("declined", "workshop/visits/declined.html", build_declined, permission="job_card.view"),
        Fragment(
            "appointments",
            "workshop/visits/appointments.html",
            build_appointments_of_vehicle,
            permission="appointment.view",
            is_side=True,
        ),
    ),
}


def show() -> None:
    """Puts the parts on their pages."""
    for place, fragments in PARTS.items():
        for order, fragment in enumerate(fragments, start=20):
            add_part(place, fragment, order=order)
