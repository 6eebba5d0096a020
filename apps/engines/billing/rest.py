"""/invoices: drafts, issued invoices, their papers; and the page behind a payment link."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions, MoneyField, QuantityField
from apps.core.api.steps import step
from apps.core.api.views import PublicView
from apps.core.api.viewsets import ResourceViewSet, action
from apps.core.db import get_visible
from apps.engines.billing import selectors, services
from apps.engines.billing.bank import transfer_slip
from apps.engines.billing.links import open_invoice_link
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.papers import invoice_pdf, pdf_name
from apps.engines.billing.states import INVOICE
from apps.engines.customers.models import Customer
from apps.engines.payments.models import Payment
from apps.engines.payments.services import COUNTER_METHODS, receive_cash

SUMS = ["subtotal", "discount_total", "tax_total", "total", "paid_amount"]
BILLED = ["billed_name", "billed_phone", "billed_email", "billed_address", "billed_tax_code"]
DATES = ["issued_on", "due_on", "sent_at", "paid_at", "created_at"]


class InvoiceLineShape(ApiModelSerializer):
    class Meta:
        model = InvoiceLine
        fields = [
            "id",
            "position",
            "kind",
            "description",
            "variant_id",
            "unit",
            "quantity",
            "unit_price",
            "discount",
            "net",
            "tax_rate",
            "tax",
            "gross",
        ]


class InvoiceBrief(ApiModelSerializer):
    """An invoice as lists show it."""

    balance = MoneyField(read_only=True)
    available_actions = AvailableActions(INVOICE)

    class Meta:
        model = Invoice
        fields = [
            "id",
            "number",
            "state",
            "payment_status",
            "customer_id",
            "branch_id",
            "source_type",
            "source_id",
            "source_label",
            *BILLED,
            "currency",
            *SUMS,
            "balance",
            *DATES,
            "available_actions",
            "version",
        ]
        read_only_fields = fields


class SharedInvoice(InvoiceBrief):
    """An invoice of one of the branches that the caller may look into; to read only."""

    class Meta(InvoiceBrief.Meta):
        fields = [name for name in InvoiceBrief.Meta.fields if name != "available_actions"]
        read_only_fields = fields


class InvoiceShape(InvoiceBrief):
    """`state` is the document's life, `paymentStatus` follows from payments."""

    lines = InvoiceLineShape(many=True, read_only=True)

    class Meta(InvoiceBrief.Meta):
        fields = [*InvoiceBrief.Meta.fields, "notes", "lines"]
        read_only_fields = fields


class LineInput(ApiSerializer):
    kind = serializers.ChoiceField(choices=InvoiceLine.Kind.choices)
    description = serializers.CharField(max_length=200)
    unit_price = MoneyField()
    quantity = QuantityField(default=1)
    discount = MoneyField(default=0)
    tax_rate = serializers.DecimalField(max_digits=5, decimal_places=2, default=0)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)


class DraftInput(ApiSerializer):
    customer = serializers.UUIDField()
    branch = serializers.UUIDField(required=False, allow_null=True)
    lines = LineInput(many=True)


class ChangeInput(ApiSerializer):
    """What is left out stays; `lines` replaces all lines."""

    billed_name = serializers.CharField(max_length=200, required=False)
    billed_phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    billed_email = serializers.EmailField(required=False, allow_blank=True)
    billed_address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    billed_tax_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    lines = LineInput(many=True, required=False)


class CancelInput(ApiSerializer):
    reason = serializers.CharField(max_length=200)


class PayInput(ApiSerializer):
    method = serializers.ChoiceField(choices=COUNTER_METHODS, default=Payment.Method.CASH)
    tendered = MoneyField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class InvoiceViewSet(ResourceViewSet):
    queryset_for = staticmethod(selectors.list_invoices)
    detail_queryset_for = staticmethod(selectors.list_invoices_with_lines)
    serializer_class = InvoiceShape
    list_serializer_class = InvoiceBrief
    input_classes = {"create": DraftInput, "update": ChangeInput}
    output_classes = {"pdf": "application/pdf", "branches": SharedInvoice(many=True)}
    filters = {
        "state": ("eq", "in"),
        "paymentStatus": ("eq", "in"),
        "customer": ("eq",),
        "branch": ("eq", "in"),
        "sourceId": ("eq",),
        "issuedOn": ("gte", "lte"),
        "dueOn": ("gte", "lte"),
        "total": ("gte", "lte"),
        "createdAt": ("gte", "lte"),
    }
    sorts = ("createdAt", "number", "issuedOn", "dueOn", "total")
    search = staticmethod(selectors.find_invoices)
    rights = {
        "list": "invoice.view",
        "retrieve": "invoice.view",
        "create": "invoice.draft",
        "update": "invoice.edit",
        "finalize": "invoice.finalise",
        "send": "invoice.send",
        "cancel": "invoice.cancel",
        "pay": "payment.receive",
        "pdf": "invoice.view",
        "branches": "invoice.view",
    }
    listings = {"branches"}
    idempotent = {"create", "finalize", "pay"}

    def get_serializer_class(self) -> Any:
        return SharedInvoice if self.action == "branches" else super().get_serializer_class()

    @action(detail=False, methods=["get"], url_path="branches")
    def branches(self, _request: Request) -> Response:
        """The invoices of all branches whose sales the company shares; to read only."""
        return self.list_rows(selectors.list_shared_invoices(self.actor))

    def perform_create(self, data: dict[str, Any]) -> Invoice:
        customer = get_visible(Customer.objects.all(), self.actor, data["customer"])
        branch_id = data.get("branch", self.actor.branch_id)
        lines = [services.InvoiceLineInput(**line) for line in data["lines"]]
        return services.draft_invoice(self.actor, customer=customer, branch_id=branch_id, lines=lines)

    def perform_update(self, instance: Invoice, data: dict[str, Any]) -> Invoice:
        lines = data.pop("lines", None)
        rows = None if lines is None else [services.InvoiceLineInput(**line) for line in lines]
        return services.update_draft(self.actor, instance, lines=rows, **data)

    @step("finalize")
    def finalize(self, instance: Invoice, data: dict[str, Any]) -> Invoice:
        """Gives the number; from now on nothing changes."""
        return services.finalise_invoice(self.actor, instance)

    @step("send")
    def send(self, instance: Invoice, data: dict[str, Any]) -> Invoice:
        """Sends PDF and payment link to the customer."""
        return services.send_invoice(self.actor, instance)

    @step("cancel", input=CancelInput)
    def cancel(self, instance: Invoice, data: dict[str, Any]) -> Invoice:
        """Drops a draft."""
        return services.cancel_invoice(self.actor, instance, **data)

    @step("pay", input=PayInput)
    def pay(self, instance: Invoice, data: dict[str, Any]) -> Invoice:
        """Receives all that is due over the counter."""
        receive_cash(self.actor, payable_type="invoice", payable_id=instance.pk, amount=instance.balance, **data)
        return instance

    @action(detail=True, methods=["get"], url_path="pdf")
    def pdf(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The paper as PDF, in the language of the caller."""
        invoice = self.get_object()
        response = HttpResponse(invoice_pdf(invoice, self.actor.language), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{pdf_name(invoice)}"'
        return response


class SellerShape(ApiSerializer):
    name = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    brand_color = serializers.CharField()


class TransferShape(ApiSerializer):
    """`text` is what the VietQR code holds."""

    bank = serializers.CharField()
    account = serializers.CharField()
    holder = serializers.CharField()
    purpose = serializers.CharField()
    text = serializers.CharField()


class PublicInvoiceShape(ApiModelSerializer):
    """What the customer sees behind a link."""

    seller = SellerShape(source="organization", read_only=True)
    lines = InvoiceLineShape(many=True, read_only=True)
    balance = MoneyField(read_only=True)
    transfer = serializers.SerializerMethodField(method_name="get_transfer")

    class Meta:
        model = Invoice
        fields = [
            "number",
            "state",
            "payment_status",
            "seller",
            "billed_name",
            "source_label",
            "currency",
            *SUMS,
            "balance",
            "issued_on",
            "due_on",
            "lines",
            "transfer",
        ]

    @extend_schema_field(TransferShape(allow_null=True))
    def get_transfer(self, invoice: Invoice) -> dict[str, Any] | None:
        slip = transfer_slip(invoice)
        return TransferShape(slip).data if slip else None


class PublicInvoiceView(PublicView):
    """An invoice for whoever has its link."""

    serializer_class = PublicInvoiceShape
    http_method_names = ["get", "head"]

    def get(self, request: Request, token: str) -> Response:
        return Response(PublicInvoiceShape(open_invoice_link(token)).data)


URLS = [path("public/invoices/<str:token>", PublicInvoiceView.as_view(), name="public-invoice")]
ROUTES = [route("invoices", InvoiceViewSet, "invoice")]
