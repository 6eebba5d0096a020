"""Every change of customers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.actor import Actor, system_actor
from apps.core.db import lock_row
from apps.core.text import clean_text, compact_key, search_key
from apps.engines.customers.errors import CustomerNameMissing
from apps.engines.customers.events import CustomerChanged
from apps.engines.customers.models import Customer
from apps.platform.accounts.models import User
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.scrubbing import history_of
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.system.numbers import next_yearly_number

EDITABLE = (
    "kind", "name", "phone", "email", "address", "tax_code", "birth_date", "language", "has_marketing_consent", "tags",
    "notes", "credit_limit", "is_active",
)  # fmt: skip


@transaction.atomic
def create_customer(actor: Actor, *, name: str, phone: str = "", email: str = "", **fields: Any) -> Customer:
    """A new customer of the actor's organization. Raises CustomerNameMissing, BadInput for a phone that cannot exist."""
    actor.require("customer.edit")
    return _create(actor, name=name, phone=phone, email=email, **fields)


@transaction.atomic
def find_or_create_customer(actor: Actor, *, name: str, phone: str, email: str = "") -> Customer:
    """The customer with this phone whose name agrees, else a new one: families share a phone, so both must fit.

    Needs no right of its own: it is a step of booking and check-in, which ask for theirs.
    """
    number = normalize_phone(phone) if phone else ""
    if number:
        candidates = Customer.objects.visible_to(actor).filter(phone=number, is_active=True)
        wanted = search_key(name)
        for customer in candidates.order_by("created_at"):
            if search_key(customer.name) == wanted:
                return customer
    return _create(actor, name=name, phone=number, email=email)


@transaction.atomic
def update_customer(actor: Actor, customer: Customer, *, version: int | None = None, **changes: Any) -> Customer:
    """Changes the given fields. Raises StaleWrite when `version` is not the present one."""
    actor.require("customer.edit")
    customer = lock_row(customer)
    customer.check_version(version)
    if "phone" in changes:
        changes["phone"] = normalize_phone(changes["phone"]) if changes["phone"] else ""
    if "name" in changes:
        changes["name"] = _checked_name(changes["name"])
    old = {field: str(getattr(customer, field)) for field in changes if field in EDITABLE}
    for field in old:
        setattr(customer, field, changes[field])
    customer.search_text = search_text(customer)
    customer.save_changes(*old, "search_text")
    record(actor, "customer.updated", customer, old=old, new={field: str(changes[field]) for field in old})
    publish(actor, CustomerChanged(subject_id=customer.pk, organization_id=customer.organization_id))
    return customer


def search_text(customer: Customer) -> str:
    """What the search looks into: name without accents, phone in both spellings, code, email, tax code."""
    local = "0" + customer.phone.removeprefix("+84") if customer.phone.startswith("+84") else customer.phone
    parts = [
        search_key(customer.name),
        compact_key(customer.phone),
        local,
        customer.code.lower(),
        customer.email,
        customer.tax_code,
    ]
    return " ".join(part for part in parts if part)


def _checked_name(name: str) -> str:
    name = clean_text(name)
    if not name:
        raise CustomerNameMissing(field="name")
    return name


def _create(actor: Actor, *, name: str, phone: str, email: str, **fields: Any) -> Customer:
    organization_id = actor.require_organization()
    customer = Customer(
        organization_id=organization_id,
        code=next_yearly_number(organization_id, "KH", digits=5),
        name=_checked_name(name),
        phone=normalize_phone(phone) if phone else "",
        email=email.strip().lower(),
        **{key: value for key, value in fields.items() if key in EDITABLE},
    )
    customer.search_text = search_text(customer)
    customer.save()
    record(actor, "customer.created", customer)
    publish(actor, CustomerChanged(subject_id=customer.pk, organization_id=customer.organization_id))
    return customer


@transaction.atomic
def forget_customer(customer: Customer) -> Customer:
    """Empties the record of a person who is forgotten, and its history. Documents still point to it."""
    customer = lock_row(customer)
    with translation.override(customer.organization.language):
        blank: dict[str, Any] = {
            "name": _("Erased customer"),
            **dict.fromkeys(("phone", "email", "address", "tax_code", "notes"), ""),
        }
    changes: dict[str, Any] = {
        **blank,
        "birth_date": None,
        "tags": [],
        "has_marketing_consent": False,
        "is_active": False,
    }
    for field, value in changes.items():
        setattr(customer, field, value)
    customer.search_text = search_text(customer)
    customer.save_changes(*changes, "search_text")
    history_of(Customer).filter(id=customer.pk).update(**changes)
    publish(
        system_actor(customer.organization_id),
        CustomerChanged(subject_id=customer.pk, organization_id=customer.organization_id),
    )
    return customer


@transaction.atomic
def set_marketing_consent(user_id: UUID, *, is_granted: bool) -> int:
    """A person has said whether companies may write to them about offers; returns how many records follow."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(user_id=user_id).order_by("pk")
    changed = [row for row in rows if row.has_marketing_consent != is_granted]
    for row in changed:
        row.has_marketing_consent = is_granted
        row.save_changes("has_marketing_consent")
    return len(changed)


@transaction.atomic
def withdraw_marketing(organization_id: UUID, *, email: str = "", phone: str = "") -> int:
    """Whoever reads this address of a company's customers wants no more offers; returns how many records follow."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(organization_id=organization_id)
    rows = rows.filter(has_marketing_consent=True).order_by("pk")
    found = list(rows.filter(email__iexact=email)) if email else list(rows.filter(phone=phone)) if phone else []
    actor = system_actor(organization_id)
    for row in found:
        row.has_marketing_consent = False
        row.save_changes("has_marketing_consent")
        record(actor, "customer.unsubscribed", row)
    return len(found)


@transaction.atomic
def link_customers(user: User) -> int:
    """Ties the records of all companies that are plainly the person's own to their account; returns how many.

    Plainly: the same name, and the email or phone that the person has proven. A shared phone alone is not enough.
    """
    proven = Q(pk__isnull=True)
    if user.phone and user.phone_verified_at:
        proven |= Q(phone=user.phone)
    if user.email and user.email_verified_at:
        proven |= Q(email__iexact=user.email)
    names = {search_key(f"{user.last_name} {user.first_name}"), search_key(f"{user.first_name} {user.last_name}")}
    rows = Customer.objects.select_for_update(of=("self",)).filter(proven, user__isnull=True).order_by("pk")
    own = [row for row in rows if search_key(row.name) in names]
    for row in own:
        row.user = user
        row.save_changes("user")
    return len(own)
