"""PayOS (payos.vn): payment links by bank transfer with QR, API of 2025.

Requests are signed over five fields, answers and webhooks over all keys of `data`, both HMAC-SHA256 with the checksum
key. One webhook is one bank transfer.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from apps.engines.payments.errors import ProviderUnavailable, SignatureWrong
from apps.engines.payments.models import Payment
from apps.engines.payments.providers.base import Checkout, ProviderMessage, ProviderState
from apps.engines.payments.providers.payos_account import payos_account
from apps.engines.payments.vietqr import plain_text

TIMEOUT_SECONDS = 8.0
PROBE_ORDER_CODE = 123
STATES = {
    "PENDING": Payment.State.PENDING,
    "PROCESSING": Payment.State.PENDING,
    "UNDERPAID": Payment.State.PENDING,
    "PAID": Payment.State.COMPLETED,
    "CANCELLED": Payment.State.CANCELLED,
    "EXPIRED": Payment.State.EXPIRED,
    "FAILED": Payment.State.FAILED,
}


def sign(text: str, key: str) -> str:
    """Lower-case hex HMAC-SHA256."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def request_text(values: Mapping[str, Any]) -> str:
    """What a create request is signed over: these five fields, in this order, unencoded."""
    return "&".join(
        f"{name}={values[name]}" for name in ("amount", "cancelUrl", "description", "orderCode", "returnUrl")
    )


def data_text(data: Mapping[str, Any]) -> str:
    """What answers and webhooks are signed over: all keys sorted, nothing for null, lists as compact JSON."""
    return "&".join(f"{key}={_value_text(data[key])}" for key in sorted(data))


def _value_text(value: Any) -> str:
    if value in (None, "null", "undefined"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        rows = [dict(sorted(row.items())) if isinstance(row, dict) else row for row in value]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return str(value)


class PayosGateway:
    """A thin client; address and credentials come from settings, so that the simulator is only another address."""

    name = "payos"

    def __init__(self, *, base_url: str = "", client_id: str = "", api_key: str = "", checksum_key: str = "") -> None:
        account = payos_account()
        self.base_url = base_url or account.base_url
        self.client_id = client_id or account.client_id
        self.api_key = api_key or account.api_key
        self.checksum_key = checksum_key or account.checksum_key

    def create(self, payment: Payment, *, description: str, return_url: str, cancel_url: str) -> Checkout:
        body: dict[str, Any] = {
            "orderCode": int(payment.provider_reference),
            "amount": int(payment.amount),
            "description": plain_text(description),
            "cancelUrl": cancel_url,
            "returnUrl": return_url,
            "buyerName": payment.payer_name,
        }
        if payment.expires_at is not None:
            body["expiredAt"] = int(payment.expires_at.timestamp())
        body["signature"] = sign(request_text(body), self.checksum_key)
        data = self._call("POST", "/v2/payment-requests", body)
        try:
            return Checkout(checkout_url=data["checkoutUrl"], qr_text=data["qrCode"], link_id=data["paymentLinkId"])
        except KeyError as error:
            raise ProviderUnavailable(details={"provider_code": "incomplete"}) from error

    def read_callback(self, raw_body: bytes) -> ProviderMessage:
        try:
            message = json.loads(raw_body)
            data, given = message["data"], str(message["signature"])
            expected = sign(data_text(data), self.checksum_key)
            if not self.checksum_key or not hmac.compare_digest(expected.encode(), given.lower().encode()):
                raise SignatureWrong
            return ProviderMessage(
                reference=str(data["reference"]),
                order_reference=str(data["orderCode"]),
                amount=Decimal(str(data["amount"])),
                currency=str(data.get("currency") or "VND"),
                is_success=str(data.get("code")) == "00",
                is_probe=data["orderCode"] == PROBE_ORDER_CODE,
            )
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise SignatureWrong from error

    def query(self, payment: Payment) -> ProviderState:
        return self._read_state(self._call("GET", f"/v2/payment-requests/{payment.provider_reference}"))

    def cancel(self, payment: Payment) -> ProviderState:
        path = f"/v2/payment-requests/{payment.provider_reference}/cancel"
        return self._read_state(self._call("POST", path, {"cancellationReason": "Paid otherwise"}))

    def _read_state(self, data: Mapping[str, Any]) -> ProviderState:
        transactions = data.get("transactions") or []
        return ProviderState(
            state=STATES.get(str(data.get("status")), Payment.State.PENDING),
            amount_paid=Decimal(str(data.get("amountPaid", 0))),
            reference=str(transactions[0]["reference"]) if transactions else "",
        )

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"x-client-id": self.client_id, "x-api-key": self.api_key}
        try:
            with httpx.Client(base_url=self.base_url, timeout=TIMEOUT_SECONDS, headers=headers) as client:
                response = client.request(method, path, json=body)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailable from error
        if not isinstance(answer, dict) or response.status_code >= 400 or answer.get("code") != "00":
            code = answer.get("code") if isinstance(answer, dict) else None
            raise ProviderUnavailable(details={"provider_code": str(code or response.status_code)})
        data: dict[str, Any] = answer.get("data") or {}
        if not hmac.compare_digest(
            sign(data_text(data), self.checksum_key).encode(), str(answer.get("signature", "")).lower().encode()
        ):
            raise ProviderUnavailable(details={"provider_code": "signature"})
        return data
