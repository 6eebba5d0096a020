"""The roles every company starts with, as data: a code, a name, what the role is for, and its rights.

Rights are `area.action`; `area.*` stands for the whole area and `*` for everything. The rows are loaded by a migration
and again by `load_system_roles`; companies add roles of their own beside them.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class SystemRole:
    name: Any
    description: Any
    permissions: tuple[str, ...]


_JOB_CARD_DESK = tuple(
    f"job_card.{action}"
    for action in (
        "view",
        "open",
        "inspect",
        "estimate",
        "assign",
        "work",
        "issue_parts",
        "order_parts",
        "check",
        "complete",
        "deliver",
        "cancel",
        "see_money",
    )
)

SYSTEM_ROLES: dict[str, SystemRole] = {
    "owner": SystemRole(_("Owner"), _("Everything in the company"), ("*",)),
    "manager": SystemRole(
        _("Manager"),
        _("Runs the daily business, without the company's settings"),
        (
            "customer.*",
            "vehicle.*",
            "appointment.*",
            "job_card.*",
            "task.*",
            "catalog.*",
            "price.*",
            "inventory.*",
            "order.*",
            "invoice.*",
            "payment.*",
            "feedback.*",
            "report.view",
            "staff.*",
            "audit.view",
            "notification.send",
        ),
    ),
    "advisor": SystemRole(
        _("Service advisor"),
        _("Receives customers, writes estimates, hands vehicles over"),
        (
            "customer.*",
            "vehicle.*",
            "appointment.*",
            *_JOB_CARD_DESK,
            "task.view",
            "catalog.view",
            "price.view",
            "inventory.view",
            "order.view",
            "order.place",
            "invoice.view",
            "invoice.draft",
            "invoice.send",
            "payment.view",
            "payment.receive",
            "feedback.view",
        ),
    ),
    "technician": SystemRole(
        _("Technician"),
        _("Works on job cards"),
        ("job_card.view", "job_card.work", "job_card.issue_parts", "task.*", "vehicle.view", "inventory.view"),
    ),
    "store_keeper": SystemRole(
        _("Store keeper"),
        _("Keeps stock and the parts catalogue"),
        (
            "inventory.*",
            "catalog.*",
            "order.view",
            "order.place",
            "order.receive",
            "job_card.view",
            "job_card.issue_parts",
            "job_card.order_parts",
        ),
    ),
    "cashier": SystemRole(
        _("Cashier"),
        _("Finalises invoices and takes payments"),
        (
            "invoice.view",
            "invoice.finalise",
            "invoice.send",
            "payment.*",
            "job_card.view",
            "job_card.see_money",
            "customer.view",
        ),
    ),
    "accountant": SystemRole(
        _("Accountant"),
        _("Invoices, payments and reports"),
        ("invoice.*", "payment.*", "report.view", "customer.view", "order.view"),
    ),
    "sales": SystemRole(
        _("Sales"),
        _("A distributor's sales desk: orders, prices and customers"),
        ("order.*", "catalog.*", "price.*", "customer.*", "inventory.view", "invoice.*"),
    ),
    "warehouse": SystemRole(
        _("Warehouse"),
        _("A distributor's warehouse: picks, ships and counts"),
        ("order.view", "order.ship", "inventory.*", "catalog.view"),
    ),
    "qc": SystemRole(_("Quality control"), _("Checks goods before they leave"), ("inventory.view", "order.view")),
}


def load_system_roles(role_model: Any) -> None:
    """Makes the rows of the system roles, or brings their rights up to date. `role_model` is Role, past or present."""
    for code, role in SYSTEM_ROLES.items():
        role_model.objects.update_or_create(
            organization=None,
            code=code,
            defaults={
                "name": _source_text(role.name),
                "description": _source_text(role.description),
                "permissions": list(role.permissions),
            },
        )


def role_label(role: Any) -> str:
    """The role's name for people: system roles in the reader's language, own roles as the company wrote them."""
    system = SYSTEM_ROLES.get(role.code) if role.organization_id is None else None
    return str(system.name) if system else str(role.name)


def _source_text(text: Any) -> str:
    with translation.override(None):
        return str(text)
