"""Small screens over branches and companies: what the portal base does is shown on them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.urls import include, path

from apps.core.actor import Actor
from apps.core.errors import BusinessError, Duplicate
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.board import BoardScreen
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.fields import MoneyField, QuantityField, ReasonForm
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.pages import PortalHomeView
from apps.core.portal.parts import BulkAction, Button
from apps.core.states import StateTable, Step
from apps.engines.customers.models import Customer
from apps.platform.organizations.models import Branch
from config import portals

handler404 = "apps.core.api.fallbacks.not_found"
KIND = Customer.Kind
TABLE = StateTable(
    "kind",
    KIND,
    {
        "promote": Step({KIND.PERSON}, KIND.COMPANY, "Promote", permission="customer.edit", tone="danger"),
        "demote": Step({KIND.COMPANY}, KIND.PERSON, "Demote", permission="customer.edit"),
    },
    tones={KIND.PERSON: "info", KIND.COMPANY: "done"},
)


class NameTaken(Duplicate):
    rule = "name_taken"
    message = "This name is taken."


@transaction.atomic
def rename_branch(actor: Actor, *, name: str, code: str) -> Branch:
    """Makes a branch; refuses a name that is taken, beside its field."""
    if Branch.objects.filter(organization_id=actor.organization_id, name=name).exists():
        raise NameTaken(field="name")
    return Branch.objects.create(organization_id=actor.organization_id, name=name, code=code)


def promote(actor: Actor, customer: Customer, *, reason: str, version: int | None = None) -> Customer:
    """Makes a company of a person; refuses short reasons beside the field."""
    if len(reason) < 5:
        raise BusinessError("Say more.", field="reason")
    customer.check_version(version)
    TABLE.move(customer, "promote")
    customer.save_changes("kind")
    return customer


def demote(actor: Actor, customer: Customer) -> Customer:
    TABLE.move(customer, "demote")
    customer.save_changes("kind")
    return customer


def close(actor: Actor, rows: Any) -> str:
    """Closes branches, all or none."""
    if any(row.name == "Không đóng" for row in rows):
        raise BusinessError("One of them must stay open.")
    Branch.objects.filter(pk__in=[row.pk for row in rows]).update(is_active=False)
    return f"{len(rows)} closed"


def customer_of(actor: Actor, **values: Any) -> Customer:
    """A customer of the actor's company."""
    number = Customer.objects.count() + 1
    return Customer.objects.create(
        organization_id=actor.organization_id,
        code=f"KH{number}",
        name=f"Khách {number}",
        search_text=f"khach {number}",
        **values,
    )


class BranchList(ListScreen):
    portal, permission = "garage", "staff.view"
    title = "Branches"
    columns = (
        Column("name", "Name", sort="name"),
        Column("code", "Code", sort="code"),
        Column("company", "Company", value="organization.name"),
        Column("created", "Created", value="created_at", kind="datetime", sort="created_at"),
        Column("secret", "Secret", value="phone", permission="settings.edit"),
        Column("address", "Address", is_default=False),
    )
    filters = (
        BoolFilter("active", "Active", field="is_active"),
        ChoiceFilter("province", "Province", choices=[("Hà Nội", "Hà Nội"), ("Huế", "Huế")]),
        DateRangeFilter("created", "Created", field="created_at"),
        ForeignFilter("company", "Company", field="organization_id", choose=lambda actor: []),
    )
    search = ("name", "code")
    default_sort = "name"
    primary = Button("New branch", "garage:branch-new", permission="staff.edit")
    bulk_actions = (BulkAction("close", "Close", close, permission="staff.edit", confirm="Really?"),)

    def selector(self: Actor) -> Any:
        return Branch.objects.visible_to(self).select_related("organization")

    def row_url(self: Branch) -> str:
        return f"/garage/branches/{self.pk}/"


class LineForm(forms.Form):
    name = forms.CharField(max_length=20)
    quantity = QuantityField()
    price = MoneyField()


class BranchForm(forms.Form):
    name = forms.CharField(max_length=40)
    code = forms.CharField(max_length=8)


class NewBranch(FormScreen):
    portal, permission = "garage", "staff.edit"
    title = "New branch"
    form_class = BranchForm

    def save(self, data: Any) -> Branch:
        return rename_branch(self.actor, **data)

    def get_success_url(self, result: Branch) -> str:
        return f"/garage/branches/?q={result.code}"


class BranchWithLines(NewBranch):
    lines_form = LineForm
    saved: list[Any] = []

    def save(self, data: Any) -> Branch:
        self.saved.append(data.pop("lines"))
        return super().save(data)

    def calculate(self, lines: Any) -> dict[str, str]:
        return {"Total": str(sum(line["quantity"] * line["price"] for line in lines))}


class CustomerDetail(DetailScreen):
    portal, permission = "garage", "customer.view"
    table = TABLE
    fragments = (
        Fragment(
            "facts", "portal/detail/facts.html", lambda actor, row: {"facts": [("Code", row.code)]}, ["customer:{id}"]
        ),
        Fragment("costs", "portal/detail/facts.html", permission="inventory.see_cost"),
    )
    actions = {
        "promote": ActionHandler(promote, form=ReasonForm, done="Promoted."),
        "demote": ActionHandler(demote, confirm="Really?"),
        "audit": ActionHandler(lambda actor, row: row, label="Audit", permission="audit.view"),
    }

    def selector(self: Actor) -> Any:
        return Customer.objects.visible_to(self)


class CustomerBoard(BoardScreen):
    portal, permission = "garage", "customer.view"
    title = "Customers"
    table = TABLE
    states = (KIND.PERSON, KIND.COMPANY)
    money_field = "credit_limit"
    search = "search_text"
    actions = {"demote": ActionHandler(demote), "promote": ActionHandler(promote, form=ReasonForm)}

    def selector(self: Actor) -> Any:
        return Customer.objects.visible_to(self)

    def row_url(self: Customer) -> str:
        return f"/garage/customers/{self.pk}/"


garage = [
    BranchList.path("branches/", "branches"),
    NewBranch.path("branches/new/", "branch-new"),
    BranchWithLines.path("branches/lines/", "branch-lines"),
    *CustomerDetail.urls("customers/<uuid:id>/", "customer"),
    *CustomerBoard.urls("customers/", "customers"),
    PortalHomeView.path("", "home"),
]
urlpatterns = [
    path("garage/", include((garage, "garage"))),
    path("admin/", admin.site.urls),
    *(one for one in portals.urlpatterns if getattr(one, "namespace", "") != "garage"),
]
