"""The garage's invoices: list, document, draft editor, receiving and paying back money."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.money import format_money, quantize
from apps.core.phones import format_phone
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.fields import ReasonForm
from apps.core.portal.filters import ChoiceFilter, DateRangeFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.core.portal.views import PortalView
from apps.engines.billing import selectors, services
from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.pdf import render_receipt
from apps.engines.billing.portal import parts
from apps.engines.billing.portal.forms import DraftForm, LineForm, ReceiveForm, RefundForm
from apps.engines.billing.portal.link_page import pdf_answer
from apps.engines.billing.services.inputs import build_lines, sum_up
from apps.engines.billing.states import INVOICE, UNPAID
from apps.engines.payments.models import Payment
from apps.engines.payments.selectors import list_payments
from apps.engines.payments.services import receive_cash, refund_payment
from apps.engines.payments.vietqr import qr_svg
from apps.platform.organizations.models import Organization


def invoice_url(invoice_id: UUID) -> str:
    """The page of an invoice in the garage portal."""
    return reverse("garage:invoice", args=[invoice_id])


def receive_for_invoice(actor: Actor, invoice: Invoice, **data: Any) -> Payment:
    return receive_cash(actor, payable_type="invoice", payable_id=invoice.pk, **data)


class InvoiceList(ListScreen):
    portal, permission = "garage", "invoice.view"
    template_name = "billing/invoice/list.html"
    title = _("Invoices")
    selector = staticmethod(selectors.list_invoices)
    columns = (
        Column("number", _("Number"), sort="number", sub="source_label", template="billing/invoice/number_cell.html"),
        Column("billed_name", _("Customer"), sub=lambda row: format_phone(row.billed_phone)),
        Column("state", _("State"), kind="badge", table=INVOICE, sort="state"),
        Column("payment_status", _("Payment"), kind="choice"),
        Column("total", _("Total"), kind="money", currency="currency", sort="total"),
        Column("balance", _("Still to pay"), kind="money", currency="currency"),
        Column("issued_on", _("Date"), kind="date", sort="issued_on"),
        Column("due_on", _("Pay until"), kind="date", sort="due_on"),
        Column("created_at", _("Created"), kind="datetime", sort="created_at", is_default=False),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=Invoice.State.choices),
        ChoiceFilter("payment", _("Payment"), field="payment_status", choices=Invoice.PaymentStatus.choices),
        DateRangeFilter("issued", _("Date"), field="issued_on", is_moment=False),
    )
    search = staticmethod(selectors.find_invoices)
    search_placeholder = _("Number, job card, customer, phone")
    default_sort = "-created_at"
    empty = Empty(_("No invoices yet"), _("They are drafted when a job is finished."), "receipt-text")

    @staticmethod
    def row_url(row: Invoice) -> str:
        return invoice_url(row.pk)

    @staticmethod
    def live_topics(actor: Actor) -> list[str]:
        return [f"invoices:{actor.organization_id}"]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        company = Organization.objects.get(pk=self.actor.require_organization())
        return super().get_context(sums=selectors.sum_invoices(self.actor), currency=company.currency, **extra)


class InvoiceDetail(DetailScreen):
    portal, permission = "garage", "invoice.view"
    selector = staticmethod(selectors.list_invoices_with_lines)
    place = "invoice"
    table = INVOICE
    topics = ("invoice:{id}",)
    list_url_name = "garage:invoices"
    list_label = _("Invoices")
    fragments = (
        Fragment("lines", "billing/invoice/lines.html", parts.build_lines_part),
        Fragment("payments", "billing/invoice/payments.html", parts.build_payments, permission="payment.view"),
        Fragment("money", "billing/invoice/money.html", parts.build_money, is_side=True),
        Fragment("customer", "billing/invoice/customer.html", parts.build_customer, is_side=True),
    )
    actions = {
        "receive": ActionHandler(
            receive_for_invoice,
            form=ReceiveForm,
            label=_("Receive payment"),
            permission="payment.receive",
            icon="banknote",
            variant="primary",
            done=_("The payment is received."),
            when=lambda invoice, actor: invoice.state in UNPAID and invoice.balance > 0,
            initial=lambda invoice: {"amount": quantize(invoice.balance, invoice.currency)},
        ),
        "finalise": ActionHandler(
            services.finalise_invoice,
            icon="file-check",
            confirm=_("Finalise this invoice? It gets its number and cannot be changed afterwards."),
            done=_("The invoice has its number."),
        ),
        "send": ActionHandler(
            services.send_invoice,
            icon="send",
            done=_("The invoice is on its way to the customer."),
            variant="secondary",
        ),
        "cancel": ActionHandler(services.cancel_invoice, form=ReasonForm, icon="circle-x", done=_("Cancelled.")),
    }

    def get_title(self) -> Any:
        return self.instance.number or _("Draft invoice")

    def get_subtitle(self) -> Any:
        return self.instance.billed_name


class InvoiceChangeView(PortalView):
    """What goes back to the payer, said while the cashier types."""

    portal, permission = "garage", "payment.receive"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = get_visible(Invoice.objects.all(), self.actor, kwargs["id"])
        amount, tendered = (_amount(request.POST.get(name, "")) for name in ("amount", "tendered"))
        if amount is None or tendered is None:
            return HttpResponse("")
        change = tendered - amount
        words = gettext("Change: %(amount)s") if change >= 0 else gettext("Missing: %(amount)s")
        shown = format_money(abs(change), invoice.currency)
        return HttpResponse(format_html("<strong>{}</strong>", words % {"amount": shown}))


class InvoicePaper(PortalView):
    portal, permission = "garage", "invoice.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = get_visible(selectors.list_invoices_with_lines(self.actor), self.actor, kwargs["id"])
        return pdf_answer(invoice, request.LANGUAGE_CODE)


class ReceiptPaper(PortalView):
    """The receipt of one payment of an invoice."""

    portal, permission = "garage", "payment.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        payments = list_payments(self.actor).filter(state=Payment.State.COMPLETED, payable_type="invoice")
        payment = get_visible(payments, self.actor, kwargs["id"])
        invoice = get_visible(selectors.list_invoices(self.actor), self.actor, payment.payable_id)
        content = render_receipt(payment, invoice, request.LANGUAGE_CODE)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{payment.number}.pdf"'
        return response


class InvoiceLinkPart(PortalView):
    """Makes the address that a customer can open without a log-in, to copy or to scan."""

    portal, permission = "garage", "invoice.send"
    http_method_names = ["post"]
    template_name = "billing/invoice/link.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = get_visible(selectors.list_invoices(self.actor).exclude(number=""), self.actor, kwargs["id"])
        link = make_invoice_link(invoice)
        return self.draw(self.get_context(link=link, qr=mark_safe(qr_svg(link))))  # noqa: S308 - drawn by us


class DraftEditor(FormScreen):
    portal, permission = "garage", "invoice.edit"
    title, form_class, lines_form = _("Change draft"), DraftForm, LineForm
    min_lines = 1

    @cached_property
    def invoice(self) -> Invoice:
        found: Invoice = get_visible(selectors.list_invoices_with_lines(self.actor), self.actor, self.kwargs["id"])
        return found

    def get_initial(self) -> Mapping[str, Any]:
        return {name: getattr(self.invoice, name) for name in DraftForm.base_fields}

    def get_version(self) -> int:
        return self.invoice.version

    def initial_lines(self) -> Sequence[Mapping[str, Any]]:
        return [_typed(row, self.invoice.currency) for row in self.invoice.lines.all()]

    def calculate(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        if not lines:
            return {}
        sums = sum_up(build_lines([services.InvoiceLineInput(**line) for line in lines], self.invoice.currency))
        labels = {
            "subtotal": _("Subtotal"),
            "discount_total": _("Discount"),
            "tax_total": _("VAT"),
            "total": _("Total"),
        }
        return {label: format_money(sums[name], self.invoice.currency) for name, label in labels.items()}

    def save(self, data: Mapping[str, Any]) -> Invoice:
        values = dict(data)
        lines = [services.InvoiceLineInput(**line) for line in values.pop("lines")]
        return services.update_draft(self.actor, self.invoice, lines=lines, version=self.version, **values)

    def get_success_url(self, result: Invoice) -> str:
        return invoice_url(result.pk)


class RefundScreen(FormScreen):
    portal, permission = "garage", "payment.refund"
    title, form_class = _("Pay back"), RefundForm
    submit_label, done = _("Pay back"), _("The money is paid back.")

    @cached_property
    def payment(self) -> Payment:
        found: Payment = get_visible(list_payments(self.actor), self.actor, self.kwargs["id"])
        return found

    def get_initial(self) -> Mapping[str, Any]:
        return {"amount": quantize(self.payment.amount - self.payment.refunded_amount, self.payment.currency)}

    def get_version(self) -> int:
        return self.payment.version

    def save(self, data: Mapping[str, Any]) -> Payment:
        refund_payment(self.actor, self.payment, version=self.version, **data)
        return self.payment

    def get_success_url(self, result: Payment) -> str:
        return invoice_url(result.payable_id)


def _typed(row: InvoiceLine, currency: str) -> dict[str, Any]:
    """A line as people would type it."""
    values = {name: getattr(row, name) for name in LineForm.base_fields}
    amounts = {name: quantize(values[name], currency) for name in ("unit_price", "discount")}
    return values | amounts | {name: Decimal(f"{values[name].normalize():f}") for name in ("quantity", "tax_rate")}


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(".", "").replace(" ", ""))
    except InvalidOperation:
        return None


urlpatterns_garage = [
    InvoiceList.path("invoices/", "invoices"),
    *InvoiceDetail.urls("invoices/<uuid:id>/", "invoice"),
    DraftEditor.path("invoices/<uuid:id>/edit/", "invoice-edit"),
    InvoiceChangeView.path("invoices/<uuid:id>/change/", "invoice-change"),
    InvoicePaper.path("invoices/<uuid:id>/pdf/", "invoice-pdf"),
    InvoiceLinkPart.path("invoices/<uuid:id>/link/", "invoice-link"),
    ReceiptPaper.path("payments/<uuid:id>/receipt/", "payment-receipt"),
    RefundScreen.path("payments/<uuid:id>/refund/", "payment-refund"),
]
