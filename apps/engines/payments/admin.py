"""Payments, refunds and the money ledger in the staff CMS."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.admin.document import DocumentAdmin
from apps.core.admin.groups import MONEY
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import ReadOnlyInline
from apps.core.portal.actions import ActionHandler
from apps.core.portal.fields import MoneyField
from apps.engines.payments import services
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent, Refund


class RefundForm(forms.Form):
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("amount", "reason", "method", "state", "made_by", "created_at")


def may_refund(payment: Payment, _actor: Actor) -> bool:
    return payment.state == Payment.State.COMPLETED and payment.refunded_amount < payment.amount


def rest_of(payment: Payment) -> dict[str, Any]:
    return {"amount": payment.amount - payment.refunded_amount}


@admin.register(Payment)
class PaymentAdmin(DocumentAdmin):
    nav_group, nav_order, nav_icon = MONEY, 701, "payments"
    steps = {
        "refund": ActionHandler(
            services.refund_payment,
            form=RefundForm,
            label=_("Refund"),
            permission="payment.refund",
            variant="danger",
            when=may_refund,
            initial=rest_of,
        )
    }
    list_display = ("number", "payable_label", "payer_name", "amount", "method", "state", "organization", "created_at")
    list_select_related = ("organization",)
    list_filter = ("state", "method", "provider")
    search_fields = ("number", "payable_label", "payer_name", "provider_reference", "transaction_reference")
    inlines = (RefundInline,)


@admin.register(Refund)
class RefundAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MONEY, 702, "undo"
    list_display = ("payment", "amount", "reason", "method", "state", "made_by", "created_at")
    list_select_related = ("payment", "made_by")
    list_filter = ("state", "method")
    search_fields = ("payment__number", "reason")


@admin.register(MoneyMovement)
class MoneyMovementAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MONEY, 703, "account_balance"
    list_display = ("occurred_at", "kind", "amount", "method", "payment", "branch", "organization")
    list_select_related = ("payment", "branch", "organization")
    list_filter = ("kind", "method")
    search_fields = ("payment__number",)


@admin.register(ProviderEvent)
class ProviderEventAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = MONEY, 704, "webhook"
    secret_fields = ("raw_body",)
    list_display = ("created_at", "provider", "reference", "amount", "outcome", "note", "payment")
    list_select_related = ("payment",)
    list_filter = ("provider", "outcome")
    search_fields = ("reference", "payment__number")
