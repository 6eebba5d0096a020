"""/payments: money received and given back, and what payment companies tell."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, JsonResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.permissions import PUBLIC
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, MoneyField
from apps.core.api.steps import step
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotFound
from apps.core.ids import parse_id
from apps.engines.payments import selectors, services
from apps.engines.payments.models import Payment, Refund
from apps.engines.payments.registry import get_adapter

LONGEST_CALLBACK = 64 * 1024


class RefundShape(ApiModelSerializer):
    made_by = serializers.CharField(source="made_by.full_name", read_only=True, default="")

    class Meta:
        model = Refund
        fields = ["id", "amount", "reason", "method", "state", "made_by", "created_at"]


class PaymentShape(ApiModelSerializer):
    """`checkoutUrl` and `qrText` are where a pending online payment is paid."""

    received_by = serializers.CharField(source="received_by.full_name", read_only=True, default="")
    refunds = RefundShape(many=True, read_only=True)
    optional_fields = ("refunds",)

    class Meta:
        model = Payment
        fields = [
            "id",
            "number",
            "payable_type",
            "payable_id",
            "payable_label",
            "payer_name",
            "amount",
            "refunded_amount",
            "currency",
            "method",
            "provider",
            "transaction_reference",
            "checkout_url",
            "qr_text",
            "state",
            "expires_at",
            "completed_at",
            "received_by",
            "note",
            "version",
            "created_at",
            "refunds",
        ]
        read_only_fields = fields


class CounterInput(ApiSerializer):
    """`tendered` is what the payer gave in cash; the rest is change."""

    amount = MoneyField()
    method = serializers.ChoiceField(choices=services.COUNTER_METHODS, default=Payment.Method.CASH)
    tendered = MoneyField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    transaction_reference = serializers.CharField(required=False, allow_blank=True, max_length=64)


class PaymentInput(ApiSerializer):
    """Records money received (with `amount`), or with `method: online` starts a payment over what is due."""

    payable_type = serializers.CharField(max_length=40, default="invoice")
    payable_id = serializers.UUIDField()
    method = serializers.ChoiceField(choices=Payment.Method.choices, default=Payment.Method.CASH)
    amount = MoneyField(required=False)
    tendered = MoneyField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    transaction_reference = serializers.CharField(required=False, allow_blank=True, max_length=64)
    provider = serializers.CharField(max_length=16, required=False)
    return_url = serializers.URLField(required=False)
    cancel_url = serializers.URLField(required=False)


class RefundInput(ApiSerializer):
    amount = MoneyField()
    reason = serializers.CharField(max_length=200)


class PaymentViewSet(ResourceViewSet):
    queryset_for = staticmethod(selectors.list_payments)
    serializer_class = PaymentShape
    input_classes = {"create": PaymentInput}
    filters = {
        "state": ("eq", "in"),
        "method": ("eq", "in"),
        "provider": ("eq",),
        "payableId": ("eq",),
        "createdAt": ("gte", "lte"),
        "completedAt": ("gte", "lte"),
    }
    sorts = ("createdAt", "number", "amount", "completedAt")
    includes = {"refunds": ("refunds__made_by",)}
    rights = {
        "list": "payment.view",
        "retrieve": "payment.view",
        "create": "payment.receive",
        "refund": "payment.refund",
    }
    idempotent = {"create", "refund"}
    own_transactions = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Payment:
        if data["method"] == Payment.Method.ONLINE:
            return self.start(data)
        if "amount" not in data:
            raise BadInput(field="amount")
        chosen = ("payable_type", "payable_id", "amount", "method", "tendered", "note", "transaction_reference")
        return services.receive_cash(self.actor, **{key: data[key] for key in chosen if key in data})

    def start(self, data: dict[str, Any]) -> Payment:
        home = self.request.build_absolute_uri("/")
        return services.start_online_payment(
            self.actor,
            payable_type=data["payable_type"],
            payable_id=data["payable_id"],
            provider=data.get("provider", "payos"),
            return_url=data.get("return_url", home),
            cancel_url=data.get("cancel_url", home),
        )

    @step("refund", input=RefundInput)
    def refund(self, instance: Payment, data: dict[str, Any]) -> Payment:
        """Pays back a part or all."""
        services.refund_payment(self.actor, instance, **data)
        return instance


class PayablePaymentsView(ApiView):
    """The payments of one document, newest first; POST records money received over the counter."""

    payable_type = ""
    rights = {"get": "payment.view", "post": "payment.receive"}
    serializer_class = PaymentShape
    input_classes = {"post": CounterInput}
    idempotent, creates = {"post"}, {"post"}

    def get(self, request: Request, document_id: str) -> Response:
        key = self.find(document_id)
        rows = selectors.list_payments(self.actor).filter(payable_type=self.payable_type, payable_id=key)
        return Response(PaymentShape(rows, many=True, context=self.shape_context()).data)

    def post(self, request: Request, document_id: str) -> Response:
        key = self.find(document_id)
        payment = services.receive_cash(self.actor, payable_type=self.payable_type, payable_id=key, **self.read_body())
        fresh = get_visible(selectors.list_payments(self.actor), self.actor, payment.pk)
        return Response(PaymentShape(fresh, context=self.shape_context()).data, status=201)

    def find(self, document_id: str) -> UUID:
        key = parse_id(document_id)
        if key is None or not get_adapter(self.payable_type).is_visible_to(self.actor, key):
            raise NotFound
        return key

    def shape_context(self) -> dict[str, Any]:
        return {"actor": self.actor, "request": self.request}


class WebhookView(ApiView):
    """A payment company's callback. The signature over the raw body is the log-in; the answer is what the company wants."""

    rights = {"post": PUBLIC}
    authentication_classes = ()
    throttle_classes = ()
    parser_classes = ()
    output_classes = {"post": "application/json"}

    def post(self, request: Request, provider: str) -> HttpResponseBase:
        body = request._request.body
        if len(body) > LONGEST_CALLBACK:
            raise BadInput
        answer = services.receive_webhook(provider, body)
        return JsonResponse(answer.body, status=answer.status)


URLS = [
    path("payments/webhooks/<str:provider>", WebhookView.as_view(), name="payment-webhook"),
    path(
        "invoices/<str:document_id>/payments",
        PayablePaymentsView.as_view(payable_type="invoice"),
        name="invoice-payments",
    ),
]
ROUTES = [route("payments", PaymentViewSet, "payment")]
