"""The invoices of all branches whose sales one may look into, to read only."""

from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from apps.core.portal.columns import Column
from apps.core.portal.parts import Button
from apps.engines.billing import selectors
from apps.engines.billing.portal.screens import InvoiceList, invoice_url


class SharedInvoices(InvoiceList):
    """Only rows of one's own branches lead further."""

    template_name = "portal/list/page.html"
    title = _("Invoices of all branches")
    selector = staticmethod(selectors.list_shared_invoices)
    columns = (*InvoiceList.columns, Column("branch", _("Branch"), value="branch.name", sort="branch__name"))
    buttons = (Button(_("Own invoices"), "garage:invoices", icon="receipt-text", variant="secondary"),)
    primary = None

    def link(self, row: Any) -> str:
        return invoice_url(row.pk) if self.actor.reaches_branch(row.branch_id) else ""


urlpatterns: list[URLPattern] = [SharedInvoices.path("invoices/branches/", "invoices-branches")]
