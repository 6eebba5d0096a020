"""The key by which push services know this server (RFC 8292): a setting, or in a demo made once below var/."""

import base64
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_FILE = Path("var") / "vapid.key"


def private_key() -> str:
    """base64url of the 32 bytes; empty when this installation has none."""
    if settings.VAPID_PRIVATE_KEY:
        return str(settings.VAPID_PRIVATE_KEY)
    return _demo_key(str(settings.BASE_DIR)) if settings.DEMO else ""


def public_key() -> str:
    """What a browser needs to subscribe: the point on P-256, uncompressed, base64url; empty without a key."""
    text = private_key()
    return _public_of(text) if text else ""


def make_key() -> str:
    """A fresh private key."""
    value = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _encode(value.to_bytes(32, "big"))


@lru_cache(maxsize=4)
def _public_of(text: str) -> str:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    key = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    return _encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@lru_cache(maxsize=4)
def _demo_key(base: str) -> str:
    """Made by whichever process comes first; the others read it."""
    path = Path(base) / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = make_key()
        file.write(key)
    return key


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
