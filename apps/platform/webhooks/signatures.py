"""Signing as standardwebhooks.com describes it: HMAC-SHA-256 over `id.timestamp.body`, base64, `v1,` before it."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes as receivers write it down."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(message_id: str, timestamp: int, body: bytes, keys: Iterable[str]) -> str:
    """The header `webhook-signature`: one signature per secret, so that receivers may change theirs in peace."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(content, key)}" for key in keys)


def _signature(content: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
