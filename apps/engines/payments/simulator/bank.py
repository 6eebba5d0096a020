"""What a payer does, and what the company then tells the shop: callbacks over HTTP, from a thread of their own."""

import json
import logging
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from apps.core.clock import DEFAULT_ZONE, local_time, now
from apps.engines.payments.providers.payos import data_text, sign
from apps.engines.payments.providers.payos_account import payos_account
from apps.engines.payments.simulator import store

logger = logging.getLogger(__name__)
WEBHOOK_PATH = "/api/v1/payments/webhooks/payos"
LATE_SECONDS = 15.0
SOON_SECONDS = 0.4
TRIES = 3
BANK_BIN, ACCOUNT, HOLDER = "970422", "VQRQ0001BAYLINK", "BAYLINK DEMO"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback: its body, and how long after the payer's click it is sent."""

    body: bytes
    after: float


def transfer(link: store.Link, amount: int, *, at_once: bool = True) -> list[Delivery]:
    """The payer transfers `amount`: the link changes, and the same callback is due twice, as companies do."""
    moment = local_time(now(), DEFAULT_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    reference = f"FT{secrets.token_hex(6).upper()}"
    link["transactions"].append(
        {
            "reference": reference,
            "amount": amount,
            "accountNumber": link["accountNumber"],
            "description": link["description"],
            "transactionDateTime": moment,
        }
    )
    link["amountPaid"] += amount
    link["status"] = "PAID" if link["amountPaid"] >= link["amount"] else "UNDERPAID"
    store.save(link)
    body = callback_body(link, amount, reference, moment, key=payos_account().checksum_key)
    return [Delivery(body, SOON_SECONDS if at_once else LATE_SECONDS)] * 2


def forge(link: store.Link) -> list[Delivery]:
    """Somebody without the key claims that the link was paid."""
    moment = local_time(now(), DEFAULT_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    return [Delivery(callback_body(link, link["amount"], "FTFORGED", moment, key="not the key"), SOON_SECONDS)]


def callback_body(link: store.Link, amount: int, reference: str, moment: str, *, key: str) -> bytes:
    """One bank transfer as PayOS tells of it, signed with `key`."""
    data: dict[str, Any] = {
        "orderCode": link["orderCode"],
        "amount": amount,
        "description": link["description"],
        "accountNumber": link["accountNumber"],
        "reference": reference,
        "transactionDateTime": moment,
        "currency": "VND",
        "paymentLinkId": link["id"],
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
        "counterAccountName": "NGUOI MUA",
        "counterAccountNumber": "0123456789",
        "virtualAccountName": "",
        "virtualAccountNumber": "",
    }
    message = {"code": "00", "desc": "success", "success": True, "data": data, "signature": sign(data_text(data), key)}
    return json.dumps(message, ensure_ascii=False).encode()


def send(deliveries: Sequence[Delivery]) -> threading.Thread:
    """Delivers in the background, so that the page that was clicked is free to take the callback."""
    thread = threading.Thread(target=_deliver, args=(list(deliveries),), name="payos-simulator", daemon=True)
    thread.start()
    return thread


def _deliver(deliveries: list[Delivery]) -> None:
    passed = 0.0
    for delivery in sorted(deliveries, key=lambda one: one.after):
        time.sleep(delivery.after - passed)
        passed = delivery.after
        _post(delivery.body)


def _post(body: bytes) -> None:
    """Like the company: tried again while the shop does not answer with success."""
    url = f"{settings.SITE_URL.rstrip('/')}{WEBHOOK_PATH}"
    for attempt in range(TRIES):
        try:
            answer = httpx.post(url, content=body, headers={"Content-Type": "application/json"}, timeout=10)
        except httpx.HTTPError as error:
            logger.warning("simulated callback not delivered: %s", error)
        else:
            if answer.status_code < 500:
                return
        time.sleep(0.5 * (attempt + 1))
