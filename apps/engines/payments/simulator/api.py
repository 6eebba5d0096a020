"""PayOS' interface for shops, as the simulator speaks it: create, look up, cancel. Answers are signed like theirs."""

import json
import secrets
from decimal import Decimal
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.core.clock import now
from apps.engines.payments.providers.payos import data_text, request_text, sign
from apps.engines.payments.providers.payos_account import is_simulated, payos_account
from apps.engines.payments.simulator import store
from apps.engines.payments.simulator.bank import ACCOUNT, BANK_BIN, HOLDER
from apps.engines.payments.vietqr import build_vietqr

CREATED = (
    "bin",
    "accountNumber",
    "accountName",
    "amount",
    "description",
    "orderCode",
    "currency",
    "status",
    "expiredAt",
)
LOOKED_UP = ("id", "orderCode", "amount", "amountPaid", "status", "createdAt", "transactions", "cancellationReason")


@method_decorator(csrf_exempt, name="dispatch")
class SimulatorApi(View):
    """Serves only while this installation pays by the simulator; the shop must name itself as to the company."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_simulated():
            raise Http404
        account = payos_account()
        given = (request.headers.get("x-client-id", ""), request.headers.get("x-api-key", ""))
        if given != (account.client_id, account.api_key):
            return refuse("401", "Unauthorized", status=401)
        return super().dispatch(request, *args, **kwargs)


class CreateView(SimulatorApi):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            asked = json.loads(request.body)
            expected = sign(request_text(asked), payos_account().checksum_key)
            is_signed = compare_digest(expected, str(asked["signature"]))
            is_valid = asked["amount"] > 0 and asked["orderCode"] < 2**53
        except (ValueError, KeyError, TypeError):
            return refuse("20", "Invalid request")
        if not is_signed:
            return refuse("201", "Invalid signature")
        if not is_valid or len(asked["description"]) > 25:
            return refuse("20", "Invalid request")
        link = _open(asked)
        if not store.add(link):
            return refuse("231", "The order exists already")
        shown = {key: link[key] for key in CREATED} | {
            "paymentLinkId": link["id"],
            "checkoutUrl": f"{settings.SITE_URL.rstrip('/')}/dev/payos/pay/{link['id']}/",
            "qrCode": link["qrCode"],
        }
        return answer(shown)


class LookUpView(SimulatorApi):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        link = store.find(key)
        return answer(_shown(link)) if link else refuse("101", "Not found")


class CancelView(SimulatorApi):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        link = store.find(key)
        if link is None:
            return refuse("101", "Not found")
        if link["status"] == "PENDING":
            link["status"] = "CANCELLED"
            store.save(link)
        return answer(_shown(link))


def answer(data: dict[str, Any]) -> JsonResponse:
    """A signed success."""
    signature = sign(data_text(data), payos_account().checksum_key)
    return JsonResponse({"code": "00", "desc": "success", "data": data, "signature": signature})


def refuse(code: str, text: str, *, status: int = 200) -> JsonResponse:
    return JsonResponse({"code": code, "desc": text, "data": None, "signature": None}, status=status)


def current_state(link: store.Link) -> str:
    """The link's state now: an unpaid one ends with its time."""
    is_over = link["expiredAt"] is not None and link["expiredAt"] < now().timestamp()
    return "EXPIRED" if link["status"] == "PENDING" and is_over else link["status"]


def _shown(link: store.Link) -> dict[str, Any]:
    remaining = max(0, link["amount"] - link["amountPaid"])
    shown = {key: link[key] for key in LOOKED_UP}
    return shown | {"status": current_state(link), "amountRemaining": remaining, "canceledAt": None}


def _open(asked: dict[str, Any]) -> store.Link:
    link_id = secrets.token_hex(16)
    return {
        "id": link_id,
        "bin": BANK_BIN,
        "accountNumber": ACCOUNT,
        "accountName": HOLDER,
        "amount": asked["amount"],
        "amountPaid": 0,
        "description": asked["description"],
        "orderCode": asked["orderCode"],
        "currency": "VND",
        "status": "PENDING",
        "expiredAt": asked.get("expiredAt"),
        "createdAt": now().isoformat(),
        "transactions": [],
        "cancellationReason": None,
        "buyerName": asked.get("buyerName", ""),
        "returnUrl": asked["returnUrl"],
        "cancelUrl": asked["cancelUrl"],
        "qrCode": build_vietqr(
            bank_bin=BANK_BIN, account=ACCOUNT, amount=Decimal(asked["amount"]), purpose=asked["description"]
        ),
    }
