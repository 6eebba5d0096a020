"""Twilio's Messages resource with signed status callbacks, and eSMS with its GET receipts."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode

from tests.platform.notifications.simulators.server import Answer, Call, Simulator

SID, TOKEN = "AC1", "auth-token"


class TwilioSimulator(Simulator):
    """`report(sid, status)` is the callback as Twilio would make it: address, form, signature."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, str]] = {}

    def answer(self, call: Call) -> Answer:
        wanted = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if call.headers.get("authorization") != wanted:
            return Answer(401, {"code": 20003, "message": "Authenticate"})
        if call.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return Answer(404, {"code": 20404, "message": "not found"})
        form = dict(parse_qsl(call.body.decode()))
        if not form.get("To", "").startswith("+"):
            return Answer(400, {"code": 21211, "message": "Invalid 'To' Phone Number"})
        if len(form.get("Body", "")) > 1600:
            return Answer(400, {"code": 21617, "message": "The concatenated message body exceeds the 1600 limit"})
        sid = f"SM{len(self.messages):032d}"
        self.messages[sid] = form
        return Answer(201, {"sid": sid, "status": "queued", "num_segments": "1", "error_code": None})

    def report(self, sid: str, status: str, error: str = "") -> tuple[str, dict[str, str], str]:
        message = self.messages[sid]
        form = {"MessageSid": sid, "MessageStatus": status, "To": message["To"], "From": message["From"]}
        if error:
            form["ErrorCode"] = error
        url = message["StatusCallback"]
        return url, form, sign(url, form)


def sign(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    text = url + "".join(f"{key}{form[key]}" for key in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class EsmsSimulator(Simulator):
    """SendMultipleMessage_V4; a RequestId that it knows is answered with 124."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, str]] = {}

    def answer(self, call: Call) -> Answer:
        body = json.loads(call.body)
        if not all(isinstance(value, str) for value in body.values()):
            return _said("110", "strings only")
        if (body["ApiKey"], body["SecretKey"]) != ("key", "secret"):
            return _said("101", "Authorize Failed")
        if not body["Phone"].startswith("0"):
            return _said("108", "phone format")
        if body["IsUnicode"] == "0" and not body["Content"].isascii():
            return _said("110", "accents need IsUnicode")
        if body["RequestId"] in self.messages:
            return _said("124", "duplicate RequestId")
        self.messages[body["RequestId"]] = body
        return Answer(body={"CodeResult": "100", "CountRegenerate": 0, "SMSID": f"sms-{len(self.messages)}"})

    def report(self, request_id: str, *, status: str = "5", success: int = 1) -> str:
        message = self.messages[request_id]
        values = {
            "SMSID": "sms-1",
            "RequestId": request_id,
            "SendStatus": status,
            "SendSuccess": success,
            "SendFailed": 1 - success,
            "TotalPrice": 250,
            "phonenumber": message["Phone"],
        }
        return f"{message['CallbackUrl']}?{urlencode(values)}"


def _said(code: str, text: str) -> Answer:
    return Answer(body={"CodeResult": code, "ErrorMessage": text})
