"""What providers tell: receipts of SMS and emails, and what people write to the Telegram bot.

Their signature (or a secret that only they were told) is the log-in; each answer is what the provider wants to hear.
"""

import base64
import hashlib
import hmac
import json
import re
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path
from rest_framework.request import Request

from apps.core.api.permissions import PUBLIC
from apps.core.api.query import ListQuery
from apps.core.api.views import ApiView
from apps.core.errors import BadInput, NotFound
from apps.platform.notifications.errors import ReceiptForged
from apps.platform.notifications.links import is_receipt_token
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.services import read_update, record_receipt

LONGEST = 64 * 1024
_TWILIO = {
    "delivered": Delivery.State.DELIVERED,
    "read": Delivery.State.DELIVERED,
    "undelivered": Delivery.State.FAILED,
    "failed": Delivery.State.FAILED,
}


class CallbackView(ApiView):
    """A provider's call."""

    rights = {"post": PUBLIC, "get": PUBLIC}
    authentication_classes = ()
    throttle_classes = ()
    parser_classes = ()
    output_classes = {"post": "application/json", "get": "application/json"}

    @property
    def plain(self) -> HttpRequest:
        return self.request._request

    def read_query(self, request: Request) -> ListQuery:
        """Providers add what they like to our address."""
        return ListQuery()

    def read_raw(self) -> bytes:
        """The body, if it is not longer than any provider's."""
        if len(self.plain.body) > LONGEST:
            raise BadInput
        return self.plain.body


class TwilioView(CallbackView):
    """Twilio's status callback, signed over the whole address and all fields (HMAC-SHA1 with the account's token)."""

    http_method_names = ["post"]

    def post(self, request: Request, delivery_id: UUID) -> HttpResponseBase:
        self.read_raw()
        fields = self.plain.POST
        url = f"{settings.SITE_URL.rstrip('/')}{self.plain.get_full_path()}"
        given = self.plain.headers.get("X-Twilio-Signature", "")
        # Without a token nothing can be signed, so nothing is believed.
        if not settings.TWILIO_AUTH_TOKEN or not hmac.compare_digest(
            sign_twilio(url, fields.dict()).encode(), given.encode()
        ):
            raise ReceiptForged
        state = _TWILIO.get(fields.get("MessageStatus", ""))
        if state is not None:
            code = fields.get("ErrorCode", "")
            record_receipt(
                delivery_id,
                provider="twilio",
                state=state,
                error=f"Twilio {code}" if code else "",
                round_=_read_round(self.plain.GET.get("round", "")),
            )
        return HttpResponse(status=204)


class EsmsView(CallbackView):
    """eSMS calls by GET, unsigned: the address holds a secret of its own for each message."""

    http_method_names = ["get"]

    def get(self, request: Request, delivery_id: UUID, token: str) -> HttpResponseBase:
        row = Delivery.objects.filter(pk=delivery_id).only("round").first()
        sent = row.round if row is not None else 0
        if not is_receipt_token(delivery_id, token, sent):
            raise ReceiptForged
        values = self.plain.GET
        if values.get("SendStatus") == "5":
            is_delivered = values.get("SendSuccess", "0") not in ("", "0")
            state = Delivery.State.DELIVERED if is_delivered else Delivery.State.FAILED
            error = "" if is_delivered else "eSMS: not delivered"
            record_receipt(delivery_id, provider="esms", state=state, error=error, round_=sent)
        elif values.get("SendStatus") == "4":
            record_receipt(
                delivery_id, provider="esms", state=Delivery.State.FAILED, error="eSMS: rejected", round_=sent
            )
        return JsonResponse({"ok": True})


class MailgunView(CallbackView):
    """Mailgun's tracking; its signature is checked by django-anymail, which then sends the signal `tracking`."""

    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponseBase:
        if not settings.ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"]:
            raise NotFound
        self.read_raw()
        try:
            return MailgunTrackingWebhookView().dispatch(self.plain)
        except AnymailWebhookValidationFailure as error:
            raise ReceiptForged from error


class TelegramHookView(CallbackView):
    """The bot's updates; the header holds the secret that setWebhook told Telegram. The answer is a message to the chat."""

    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponseBase:
        secret = settings.TELEGRAM_WEBHOOK_SECRET
        given = self.plain.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not secret or not hmac.compare_digest(secret.encode(), given.encode()):
            raise ReceiptForged
        reply = read_update(_read_json(self.read_raw()))
        if reply is None:
            return JsonResponse({})
        return JsonResponse({"method": "sendMessage", "chat_id": reply.chat_id, "text": reply.text})


def sign_twilio(url: str, fields: dict[str, Any]) -> str:
    """Base64 of HMAC-SHA1 over the address and every field's name and value, by name."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = hmac.new(settings.TWILIO_AUTH_TOKEN.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _read_round(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput from error
    if not isinstance(value, dict):
        raise BadInput
    return value


URLS = [
    path("notifications/receipts/twilio/<uuid:delivery_id>", TwilioView.as_view(), name="twilio-receipt"),
    path("notifications/receipts/esms/<uuid:delivery_id>/<str:token>", EsmsView.as_view(), name="esms-receipt"),
    path("notifications/receipts/mailgun", MailgunView.as_view(), name="mailgun-receipt"),
    path("notifications/telegram/updates", TelegramHookView.as_view(), name="telegram-updates"),
]
