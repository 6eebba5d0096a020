"""Payments for tests, made by the services; messages of the payment company, signed as it signs them."""

import json
from decimal import Decimal
from typing import Any

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import Payment
from apps.engines.payments.providers.payos import data_text, sign
from apps.engines.payments.services import receive_cash

KEY = "test_checksum_key"


def pay(invoice: Invoice, amount: int | Decimal, **values: Any) -> Payment:
    """Money over the counter for the invoice."""
    actor = system_actor(invoice.organization_id)
    return receive_cash(actor, payable_type="invoice", payable_id=invoice.pk, amount=Decimal(amount), **values)


def pending_payment(invoice: Invoice, amount: int | None = None, *, reference: str = "9001", **values: Any) -> Payment:
    """An online payment that was started and waits for money."""
    fields: dict[str, Any] = {
        "number": f"PT-{reference}",
        "method": Payment.Method.ONLINE,
        "provider": "payos",
        "expires_at": now(),
    }
    return Payment.objects.create(
        organization_id=invoice.organization_id,
        branch_id=invoice.branch_id,
        payable_type="invoice",
        payable_id=invoice.pk,
        payable_label=invoice.number,
        amount=amount or invoice.balance,
        provider_reference=reference,
        **(fields | values),
    )


def webhook_body(order_code: int, amount: int, *, reference: str = "FT1", key: str = KEY, **data: Any) -> bytes:
    """One bank transfer as PayOS tells of it."""
    values = {
        "orderCode": order_code,
        "amount": amount,
        "description": "Thanh toán hóa đơn",
        "accountNumber": "12345678",
        "reference": reference,
        "transactionDateTime": "2026-11-20 09:30:00",
        "currency": "VND",
        "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountName": None,
        **data,
    }
    message = {
        "code": "00",
        "desc": "success",
        "success": True,
        "data": values,
        "signature": sign(data_text(values), key),
    }
    return json.dumps(message, ensure_ascii=False).encode()
