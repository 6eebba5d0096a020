"""What partners may ask for, in words that people understand, and the rights behind each word.

A token never gives more than its person has: the rights of its scopes, cut down to theirs.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

IDENTITY_SCOPES = {
    "openid": _("Know who you are"),
    "email": _("See your email address"),
    "profile": _("See your name and language"),
}
# For tools of administrators: the token acts with all rights of its person.
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Scope:
    label: Any
    rights: frozenset[str]


def _scope(label: Any, *rights: str) -> Scope:
    return Scope(label, frozenset(rights))


SCOPES: dict[str, Scope] = {
    "customers.read": _scope(_("See customers and their vehicles"), "customer.view", "vehicle.view"),
    "customers.write": _scope(_("Add and change customers and vehicles"), "customer.edit", "vehicle.edit"),
    "workshop.read": _scope(
        _("See appointments and job cards"), "appointment.view", "job_card.view", "task.view", "feedback.view"
    ),
    "workshop.write": _scope(
        _("Book appointments and work on job cards"),
        *("appointment.book", "appointment.move", "appointment.cancel", "job_card.open", "job_card.inspect"),
        *("job_card.estimate", "job_card.assign", "job_card.work", "job_card.issue_parts", "job_card.order_parts"),
        *("job_card.check", "job_card.complete", "job_card.deliver", "job_card.cancel", "task.work"),
    ),
    "catalog.read": _scope(_("See articles and prices"), "catalog.view", "price.view"),
    "catalog.write": _scope(_("Change articles and prices"), "catalog.edit", "price.edit"),
    "inventory.read": _scope(_("See stock"), "inventory.view"),
    "inventory.write": _scope(_("Receive and correct stock"), "inventory.receive", "inventory.adjust"),
    "orders.read": _scope(_("See orders and deliveries"), "order.view"),
    "orders.write": _scope(
        _("Place and work on orders"),
        *("order.place", "order.confirm", "order.ship", "order.receive", "order.cancel"),
    ),
    "billing.read": _scope(_("See invoices, payments and reports"), "invoice.view", "payment.view", "report.view"),
    "billing.write": _scope(
        _("Draft and send invoices, take payments"),
        *("invoice.draft", "invoice.edit", "invoice.finalise", "invoice.send", "payment.receive"),
    ),
}
LABELS: dict[str, Any] = {
    **IDENTITY_SCOPES,
    **{code: scope.label for code, scope in SCOPES.items()},
    EVERYTHING: _("Do everything that you may do yourself"),
}


def rights_of(scopes: frozenset[str]) -> frozenset[str]:
    """The rights behind these scopes, without looking at anybody's own; EVERYTHING has none of its own."""
    return frozenset().union(*(SCOPES[code].rights for code in scopes if code in SCOPES))
