"""The Bot API: sendMessage to chats that exist and did not block the bot."""

import json
import re
from html.parser import HTMLParser

from tests.platform.notifications.simulators.server import Answer, Call, Simulator

TOKEN = "123456:ABC-secret"
_TAGS = {"b", "i", "u", "s", "a", "code", "pre"}


class TelegramSimulator(Simulator):
    def __init__(self) -> None:
        super().__init__()
        self.chats: set[str] = {"42"}
        self.blocked: set[str] = set()
        self.messages: list[dict[str, str]] = []

    def answer(self, call: Call) -> Answer:
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", call.path)
        if found is None or found[1] != TOKEN:
            return _no(401, "Unauthorized")
        if found[2] != "sendMessage":
            return _no(404, "Not Found")
        return self.send(json.loads(call.body))

    def send(self, values: dict[str, str]) -> Answer:
        chat = str(values["chat_id"])
        if chat not in self.chats:
            return _no(400, "Bad Request: chat not found")
        if chat in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        if not 0 < len(values["text"]) <= 4096:
            return _no(400, "Bad Request: message is too long")
        if values.get("parse_mode") == "HTML" and not _is_clean(values["text"]):
            return _no(400, "Bad Request: can't parse entities")
        self.messages.append(values)
        return Answer(body={"ok": True, "result": {"message_id": len(self.messages)}})


def too_many(seconds: int) -> Answer:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    return Answer(429, body)


def _no(code: int, description: str) -> Answer:
    return Answer(code, {"ok": False, "error_code": code, "description": description})


def _is_clean(text: str) -> bool:
    """Only the tags that Telegram knows; any other `<` is a mistake."""
    strange: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag not in _TAGS:
                strange.append(tag)

    Reader().feed(text)
    return not strange
