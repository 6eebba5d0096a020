"""/invoices/from-job-card: the invoice of a finished visit."""

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.serializers import ApiModelSerializer
from apps.core.api.views import ApiView
from apps.engines.billing.models import Invoice
from apps.verticals.workshop import selectors, services


class CardInvoiceShape(ApiModelSerializer):
    """The invoice in brief; `/invoices/{id}` shows the whole."""

    balance = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)

    class Meta:
        model = Invoice
        fields = ["id", "number", "state", "source_label", "currency", "total", "balance", "created_at"]


class InvoiceFromCardView(ApiView):
    """Drafts the invoice of a completed job card; asked again it answers with the same one."""

    rights = {"post": "invoice.draft"}
    http_method_names = ["post"]
    output_classes = {"post": CardInvoiceShape}
    idempotent, creates = {"post"}, {"post"}

    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - the name in the address
        card = selectors.access_job_card(self.actor, id)
        return Response(CardInvoiceShape(services.invoice_card(self.actor, card)).data, status=201)


URLS = [path("invoices/from-job-card/<str:id>", InvoiceFromCardView.as_view(), name="invoice-from-job-card")]
