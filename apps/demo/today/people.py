"""Actors of the demo world, built as requests build them."""

from apps.core.actor import Actor, ActorKind, visitor_actor
from apps.demo.masters.companies import Company
from apps.demo.masters.customers import Car
from apps.platform.accounts.models import User
from apps.platform.organizations.services import build_actor
from apps.verticals.workshop.types import VisitorInput


def staff(company: Company, user: User) -> Actor:
    return build_actor(user, organization_id=company.organization.pk)


def visitor(company: Company, *permissions: str) -> Actor:
    """Somebody at the company's public pages."""
    return visitor_actor(company.organization.pk, frozenset(permissions), ip="113.161.70.12")


def customer(company: Company, car: Car, *permissions: str) -> Actor:
    """The owner of the car behind a link."""
    return visitor_actor(
        company.organization.pk,
        frozenset(permissions),
        kind=ActorKind.LINK,
        name=car.vehicle.customer.name,
        ip="113.161.70.12",
        user_agent="Mozilla/5.0 (Linux; Android 14) Mobile Safari",
    )


def words_of(car: Car) -> VisitorInput:
    """What the owner types when booking."""
    owner = car.vehicle.customer
    return VisitorInput(
        name=owner.name,
        phone=owner.phone,
        email=owner.email,
        plate=car.vehicle.plate,
        make=car.make,
        model=car.model,
        year=car.year,
    )
