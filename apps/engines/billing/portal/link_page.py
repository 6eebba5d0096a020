"""`/i/<token>/`: the customer sees the invoice, pays it online or by transfer, and keeps the PDF. No log-in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, ActorKind, visitor_actor
from apps.core.errors import BusinessError
from apps.core.portal.responses import is_htmx, redirect_to
from apps.core.portal.views import PortalView
from apps.engines.billing.bank import transfer_slip
from apps.engines.billing.links import open_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.billing.papers import invoice_pdf, pdf_name
from apps.engines.billing.registry import describe_source
from apps.engines.billing.states import INVOICE, UNPAID
from apps.engines.payments.selectors import payments_of
from apps.engines.payments.services import start_online_payment
from apps.engines.payments.services.start_online import START_RIGHT
from apps.engines.payments.vietqr import qr_svg
from apps.platform.organizations.selectors import logo_url


class InvoiceLinkView(PortalView):
    """Coming back from the payment company marks nothing paid: the page shows what is known and waits live."""

    is_public = True
    template_name = "billing/public/invoice.html"
    fragment_template_name = "billing/public/invoice_body.html"

    @cached_property
    def invoice(self) -> Invoice:
        return open_invoice_link(self.kwargs["token"])

    def get_title(self) -> Any:
        return _("Invoice %(number)s") % {"number": self.invoice.number}

    def get_context(self, **extra: Any) -> dict[str, Any]:
        invoice, token = self.invoice, self.kwargs["token"]
        slip = transfer_slip(invoice)
        return super().get_context(
            invoice=invoice,
            table=INVOICE,
            facts=describe_source(invoice),
            payments=payments_of("invoice", invoice.pk).filter(state="completed"),
            is_unpaid=invoice.state in UNPAID and invoice.balance > 0,
            is_waiting=self.request.GET.get("status") == "PAID",
            slip=slip,
            qr=mark_safe(qr_svg(slip.text)) if slip else "",  # noqa: S308 - drawn by us from checked text
            token=token,
            page_url=self.request.get_full_path(),
            pay_url=reverse("public:invoice-pay", args=[token]),
            pdf_url=reverse("public:invoice-pdf", args=[token]),
            company=company_of(invoice),
            **extra,
        )


class InvoicePayView(InvoiceLinkView):
    """Starts the payment at the company and sends the payer there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = self.invoice
        page = f"{settings.SITE_URL.rstrip('/')}{reverse('public:invoice', args=[kwargs['token']])}"
        try:
            payment = start_online_payment(
                _visitor(request, invoice),
                payable_type="invoice",
                payable_id=invoice.pk,
                provider="payos",
                return_url=page,
                cancel_url=page,
            )
        except BusinessError as error:
            del self.invoice
            context = self.get_context(refusal=error)
            context["page_url"] = reverse("public:invoice", args=[kwargs["token"]])
            return self.draw(context, status=error.status)
        if is_htmx(request):
            return redirect_to(request, payment.checkout_url)
        # The content policy lets forms lead to this site only, so the last step is a link.
        return self.draw(self.get_context(payment=payment), template="billing/public/go_on.html")


class InvoicePdfView(InvoiceLinkView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return pdf_answer(self.invoice, request.LANGUAGE_CODE)


def pdf_answer(invoice: Invoice, language: str) -> HttpResponse:
    """The PDF, shown in the browser under its number."""
    response = HttpResponse(invoice_pdf(invoice, language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pdf_name(invoice)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def company_of(invoice: Invoice) -> dict[str, Any]:
    """The seller as the page shows it."""
    company, branch = invoice.organization, invoice.branch
    return {
        "name": company.name,
        "logo_url": logo_url(company),
        "color": company.brand_color,
        "phone": (branch.phone if branch else "") or company.phone,
        "address": (branch.address if branch else "") or company.address,
    }


def _visitor(request: HttpRequest, invoice: Invoice) -> Actor:
    asking: Actor = request.actor
    return visitor_actor(
        invoice.organization_id,
        frozenset({START_RIGHT}),
        kind=ActorKind.LINK,
        name=invoice.billed_name,
        language=asking.language,
        ip=asking.ip,
        user_agent=asking.user_agent,
        request_id=asking.request_id,
    )


urlpatterns = [
    InvoiceLinkView.path("i/<str:token>/", "invoice"),
    InvoicePayView.path("i/<str:token>/pay/", "invoice-pay"),
    InvoicePdfView.path("i/<str:token>/pdf/", "invoice-pdf"),
]
