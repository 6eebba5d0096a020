"""Screens of customers in the garage portal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.phones import format_phone
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import MAX_ITEMS, PaletteItem, register_palette
from apps.core.portal.parts import Button, Empty
from apps.core.portal.registry import register_nav
from apps.engines.customers import selectors, services
from apps.engines.customers.forms import CustomerForm
from apps.engines.customers.models import Customer


def link_to(customer: Customer) -> str:
    return reverse("garage:customer", args=[customer.pk])


class CustomerList(ListScreen):
    """Everybody the garage serves."""

    portal, permission = "garage", "customer.view"
    title = _("Customers")
    selector = staticmethod(selectors.list_customers)
    columns = (
        Column("name", _("Name"), sort="name", sub="code"),
        Column("phone", _("Phone"), value=lambda row: format_phone(row.phone), css="whitespace-nowrap"),
        Column("email", _("Email")),
        Column("kind", _("Kind"), kind="choice", sort="kind"),
        Column("address", _("Address"), is_default=False),
        Column("tax_code", _("Tax code"), is_default=False),
        Column("tags", _("Tags"), value=lambda row: ", ".join(row.tags), is_default=False),
        Column("created", _("Customer since"), value="created_at", kind="date", sort="created_at"),
    )
    filters = (
        ChoiceFilter("kind", _("Kind"), choices=Customer.Kind.choices),
        DateRangeFilter("since", _("Customer since"), field="created_at"),
        BoolFilter("consent", _("Agrees to offers"), field="has_marketing_consent"),
    )
    search = staticmethod(selectors.search_customers)
    search_placeholder = _("Name, phone, code, email")
    default_sort = "-created"
    primary = Button(_("New customer"), "garage:customer-new", "user-plus", "customer.edit", opens="drawer")
    row_url = staticmethod(link_to)
    live_topics = staticmethod(lambda actor: [f"customers:{actor.organization_id}"])
    empty = Empty(
        _("No customers yet"), _("They appear by themselves with the first appointment or check-in."), "users"
    )


class CustomerDetail(DetailScreen):
    """One customer: how to reach them, and what other apps know of them."""

    logs_view = True
    portal, permission = "garage", "customer.view"
    place = "customers.customer"
    selector = staticmethod(selectors.list_customers)
    topics = ("customers:{organization}",)
    fragments = (Fragment("facts", "customers/facts.html"),)
    actions = {
        "change": ActionHandler(
            services.update_customer,
            form=CustomerForm,
            label=_("Edit"),
            icon="pencil",
            permission="customer.edit",
            variant="secondary",
            initial=CustomerForm.initial_of,
            done=_("Saved."),
        ),
    }
    list_url_name = "garage:customers"
    list_label = _("Customers")

    def get_subtitle(self) -> str:
        return str(self.instance.code)


class NewCustomer(FormScreen):
    portal, permission = "garage", "customer.edit"
    title = _("New customer")
    form_class = CustomerForm
    cancel_url_name = "garage:customers"
    done = _("Customer created.")

    def save(self, data: Mapping[str, Any]) -> Customer:
        return services.create_customer(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return link_to(result)


def find_customers(actor: Actor, text: str) -> Iterable[PaletteItem]:
    """Customers for the palette: by name without accents, or any part of the phone."""
    rows = selectors.search_customers(selectors.list_customers(actor), text).order_by("name")[:MAX_ITEMS]
    return [PaletteItem(row.name, link_to(row), "user", format_phone(row.phone) or row.code) for row in rows]


register_palette(
    "customers", find_customers, label=_("Customers"), portal="garage", permission="customer.view", order=40
)
register_nav(
    portal="garage",
    group=_("Customers"),
    label=_("Customers"),
    url_name="garage:customers",
    icon="users-round",
    permission="customer.view",
    order=30,
)
urlpatterns_garage = [
    CustomerList.path("customers/", "customers"),
    NewCustomer.path("customers/new/", "customer-new"),
    *CustomerDetail.urls("customers/<uuid:id>/", "customer"),
]
