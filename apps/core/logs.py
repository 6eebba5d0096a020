"""Log lines as JSON: who, where and for which request; secrets are taken out before anything is written."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import empty

from apps.core.request_id import request_id_var, request_var

HIDDEN = "***"
# Part of a name is enough: `new_password`, `X-Api-Key`, `refresh_token`.
SECRET_NAMES = (
    "password", "passwd", "secret", "token", "authorization", "cookie", "api_key", "apikey", "checksum_key",
    "private_key", "session_key", "sessionid", "otp", "one_time_code", "recovery_code", "signature", "card_number",
)  # fmt: skip
_NAMES = "|".join(name.replace("_", "[_-]?") for name in SECRET_NAMES)
_PATTERNS = (
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(rf"""(?i)(["']?[\w-]*(?:{_NAMES})[\w-]*["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}}\])]+)"""),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(://[^/\s:@]+:)[^@\s/]+@"), rf"\1{HIDDEN}@"),
)
_SECRET_NAME = re.compile(rf"(?i){_NAMES}")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id", "taskName"}


def scrub_text(text: str) -> str:
    """The text without values that stand behind a secret's name, tokens and passwords in addresses."""
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    return text


def scrub(value: Any) -> Any:
    """The same for nested data: values under secret names go, texts are scrubbed."""
    if isinstance(value, Mapping):
        return {key: HIDDEN if _SECRET_NAME.search(str(key)) else scrub(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [scrub(one) for one in value]
    if isinstance(value, int | float | bool) or value is None:
        return value
    return scrub_text(str(value))


class RequestIdFilter(logging.Filter):
    """Adds what is known of the request in whose course the line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id_var.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub_text(_without_address(record)),
            "request_id": getattr(record, "request_id", ""),
            **describe_request(),
        }
        own = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        line |= {name: value for name, value in scrub(own).items() if name not in {"request", "response"}}
        if record.exc_info:
            line["error"] = scrub_text(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_address(record: logging.LogRecord) -> str:
    """The words of the line; the framework's own lines name addresses, which may hold tokens."""
    text, request = record.getMessage(), getattr(record, "request", None)
    path = getattr(request, "path", "")
    return text.replace(path, route_of(request) or "(no address)") if len(path) > 1 else text


def describe_request() -> dict[str, str]:
    """Person, company and path template of the present request, as far as they are known yet; asks no database."""
    request = request_var.get()
    if request is None:
        return {}
    found = {"path": route_of(request)}
    actor = vars(request).get("actor")
    is_built = actor is not None and vars(actor).get("_wrapped") is not empty
    if is_built:
        found |= {"user_id": str(actor.user_id or ""), "organization_id": str(actor.organization_id or "")}
    return {name: value for name, value in found.items() if value}


def route_of(request: Any) -> str:
    """The address as it stands in the table of addresses: without ids, and so without tokens."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else ""
