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
    """`is_giveable` roles can be given to members of a company; the others name people who are none."""

    name: Any
    description: Any
    permissions: tuple[str, ...]
    is_giveable: bool = True


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
            "notification.*",
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
    "expert": SystemRole(
        _("Expert"),
        _("Advises customers by appointment"),
        ("appointment.*", "customer.*", "feedback.*", "invoice.view", "invoice.draft", "invoice.send", "payment.view"),
    ),
    "platform_admin": SystemRole(
        _("Platform administrator"), _("Runs the platform; is a member of no company"), ("*",), is_giveable=False
    ),
    "customer": SystemRole(
        _("Customer"),
        _("Sees their own vehicles, visits, orders and invoices only"),
        (),
        is_giveable=False,
    ),
    "cart_device": SystemRole(
        _("Smart cart"),
        _("A trolley: reads products and prices"),
        ("catalog.view", "price.view"),
        is_giveable=False,
    ),
}

# What dealer groups with several service centres expect: these are copied into a new garage as roles of its own, to be
# changed there. An administrator of such a group is the owner.
DEALER_ROLES: dict[str, SystemRole] = {
    "service_centre_manager": SystemRole(
        _("Service centre manager"),
        _("Runs one service centre: approves requests, sees its reports, manages its stock and people"),
        (
            "customer.*",
            "vehicle.*",
            "appointment.*",
            "job_card.*",
            "task.*",
            "catalog.view",
            "price.view",
            "inventory.*",
            "order.*",
            "invoice.view",
            "payment.view",
            "feedback.*",
            "report.view",
            "staff.*",
        ),
    ),
    "engineer": SystemRole(
        _("Engineer"),
        _("Works on assigned job cards, keeps the vehicle's map, asks for parts, drafts invoices"),
        (
            "vehicle.*",
            "job_card.view",
            "job_card.inspect",
            "job_card.work",
            "job_card.issue_parts",
            "job_card.complete",
            "task.*",
            "inventory.view",
            "invoice.draft",
        ),
    ),
    "customer_advisor": SystemRole(
        _("Customer advisor"),
        _("Takes requests, writes quotations, makes appointments and talks to customers"),
        (
            "customer.*",
            "vehicle.*",
            "appointment.*",
            "job_card.view",
            "job_card.open",
            "job_card.estimate",
            "job_card.see_money",
            "catalog.view",
            "price.view",
            "feedback.*",
        ),
    ),
}
NOT_GIVEABLE = frozenset(code for code, role in SYSTEM_ROLES.items() if not role.is_giveable)


def is_giveable(role: Any) -> bool:
    """Whether members of a company can have this role at all."""
    return role.organization_id is not None or role.code not in NOT_GIVEABLE


def source_text(text: Any) -> str:
    """The text as it is written in the code, whatever language is active."""
    with translation.override(None):
        return str(text)


def load_system_roles(role_model: Any) -> None:
    """Makes the rows of the system roles, or brings their rights up to date. `role_model` is Role, past or present."""
    for code, role in SYSTEM_ROLES.items():
        role_model.objects.update_or_create(
            organization=None,
            code=code,
            defaults={
                "name": source_text(role.name),
                "description": source_text(role.description),
                "permissions": list(role.permissions),
            },
        )


def role_label(role: Any) -> str:
    """The role's name for people: system roles in the reader's language, own roles as the company wrote them."""
    system = SYSTEM_ROLES.get(role.code) if role.organization_id is None else None
    return str(system.name) if system else str(role.name)


def role_description(role: Any) -> str:
    """What the role is for, in the reader's language for system roles."""
    system = SYSTEM_ROLES.get(role.code) if role.organization_id is None else None
    return str(system.description) if system else str(role.description)
