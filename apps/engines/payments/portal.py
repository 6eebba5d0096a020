"""Screens of payments: the list of all money, and the simulated payment company of demo installations."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import Column
from apps.core.portal.filters import ChoiceFilter, DateRangeFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.core.portal.registry import register_nav
from apps.engines.payments import selectors
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.registry import payable_url
from apps.engines.payments.simulator.api import CancelView, CreateView, LookUpView
from apps.engines.payments.simulator.page import PayPage
from apps.engines.payments.states import INBOX, PAYMENT


class PaymentList(ListScreen):
    portal, permission = "garage", "payment.view"
    title = _("Payments")
    selector = staticmethod(selectors.list_payments)
    columns = (
        Column("number", _("Number"), sort="number", sub="payer_name"),
        Column("payable_label", _("For")),
        Column("method", _("Method"), kind="choice"),
        Column("state", _("State"), kind="badge", table=PAYMENT, sort="state"),
        Column("amount", _("Amount"), kind="money", currency="currency", sort="amount"),
        Column("refunded_amount", _("Paid back"), kind="money", currency="currency", is_default=False),
        Column("transaction_reference", _("Transaction no."), is_default=False),
        Column("completed_at", _("Received"), kind="datetime", sort="completed_at"),
        Column("received_by", _("Received by"), is_default=False),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=Payment.State.choices),
        ChoiceFilter("method", _("Method"), choices=Payment.Method.choices),
        DateRangeFilter("received", _("Received"), field="completed_at"),
    )
    search = ("number", "payable_label", "payer_name", "transaction_reference", "provider_reference")
    search_placeholder = _("Number, invoice, payer, transaction")
    default_sort = "-number"
    empty = Empty(_("No payments yet"), _("Money received for invoices appears here."), "banknote")

    @staticmethod
    def row_url(row: Payment) -> str:
        return payable_url(row.payable_type, row.payable_id)

    @staticmethod
    def live_topics(actor: Actor) -> list[str]:
        return [f"invoices:{actor.organization_id}"]


class PaymentInbox(ListScreen):
    """What payment companies said; money that needs a person stands out."""

    portal, permission = "garage", "payment.view"
    title = _("Payment inbox")
    selector = staticmethod(selectors.list_provider_events)
    columns = (
        Column("reference", _("Reference"), sort="reference", sub="provider"),
        Column("payment", _("Payment")),
        Column("amount", _("Amount"), kind="money"),
        Column("outcome", _("Outcome"), kind="badge", table=INBOX, sort="outcome"),
        Column("note", _("Note")),
        Column("created_at", _("Came"), kind="datetime", sort="created_at"),
    )
    filters = (ChoiceFilter("outcome", _("Outcome"), choices=ProviderEvent.Outcome.choices),)
    search = ("reference", "payment__number", "note")
    default_sort = "-created_at"
    empty = Empty(_("No messages yet"), _("What payment companies report appears here."), "webhook")


register_nav(
    portal="garage",
    group=_("Money"),
    label=_("Payment inbox"),
    url_name="garage:payment-inbox",
    icon="webhook",
    permission="payment.view",
    order=63,
)
register_nav(
    portal="garage",
    group=_("Money"),
    label=_("Payments"),
    url_name="garage:payments",
    icon="banknote",
    permission="payment.view",
    order=62,
)

urlpatterns_garage = [PaymentList.path("payments/", "payments"), PaymentInbox.path("payment-inbox/", "payment-inbox")]
urlpatterns = [
    path("dev/payos/v2/payment-requests", CreateView.as_view(), name="payos-create"),
    path("dev/payos/v2/payment-requests/<str:key>", LookUpView.as_view(), name="payos-look-up"),
    path("dev/payos/v2/payment-requests/<str:key>/cancel", CancelView.as_view(), name="payos-cancel"),
    PayPage.path("dev/payos/pay/<str:link_id>/", "payos-pay"),
]
