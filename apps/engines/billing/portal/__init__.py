"""Screens of invoices. The lists of addresses are collected by `config.portals`."""

from django.utils.translation import gettext_lazy as _

from apps.core.portal.registry import register_nav
from apps.engines.billing.portal import link_page, screens, shared
from apps.engines.payments.registry import register_payable_page

register_nav(
    portal="garage",
    group=_("Money"),
    label=_("Invoices"),
    url_name="garage:invoices",
    icon="receipt-text",
    permission="invoice.view",
    order=60,
)
register_payable_page("invoice", screens.invoice_url)

urlpatterns_garage = [*shared.urlpatterns, *screens.urlpatterns_garage]
urlpatterns_public = link_page.urlpatterns
