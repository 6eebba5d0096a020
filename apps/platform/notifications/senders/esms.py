"""SMS in Vietnam through eSMS.vn (SendMultipleMessage_V4). Code 100 means queued at eSMS, not yet on the phone."""

from typing import Any, ClassVar

import httpx
from django.conf import settings

from apps.platform.notifications.senders.base import Message, MessageRefused, SendingFailed

_PATH = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
_QUEUED = "100"
_SEEN_BEFORE = "124"
# Blocked number, phone format, content, network not registered.
_FINAL = frozenset({"99", "108", "110", "146", "177"})
_CARE_WITH_BRAND, _FIXED_NUMBER = "2", "8"


class EsmsSender:
    """RequestId makes a repeated message one message."""

    name: ClassVar[str] = "esms"
    is_repeatable: ClassVar[bool] = True

    def send(self, message: Message) -> str:
        answer = self._post(self._body(message))
        code = str(answer.get("CodeResult", ""))
        if code == _QUEUED:
            return str(answer.get("SMSID", ""))
        if code == _SEEN_BEFORE:
            return message.key
        text = f"eSMS {code}: {answer.get('ErrorMessage', '')}"
        raise MessageRefused(text) if code in _FINAL else SendingFailed(text)

    @staticmethod
    def _body(message: Message) -> dict[str, str]:
        brand = settings.ESMS_BRANDNAME
        body = {
            "ApiKey": settings.ESMS_API_KEY,
            "SecretKey": settings.ESMS_SECRET_KEY,
            "Phone": national_number(message.address),
            "Content": message.body,
            "SmsType": _CARE_WITH_BRAND if brand else _FIXED_NUMBER,
            "IsUnicode": "0" if message.body.isascii() else "1",
            "Sandbox": "1" if settings.ESMS_SANDBOX else "0",
            "RequestId": message.key,
        }
        if message.receipt_url:
            body["CallbackUrl"] = message.receipt_url
        return {**body, "Brandname": brand} if brand else body

    @staticmethod
    def _post(body: dict[str, str]) -> dict[str, Any]:
        try:
            response = httpx.post(f"{settings.ESMS_BASE_URL}{_PATH}", json=body, timeout=httpx.Timeout(15, connect=5))
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SendingFailed(f"eSMS: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise SendingFailed("eSMS: unexpected answer")
        return answer


def national_number(phone: str) -> str:
    """`+84901234567` → `0901234567`, as eSMS wants it."""
    return f"0{phone.removeprefix('+84')}" if phone.startswith("+84") else phone.lstrip("+")
