"""Secrets at rest: AES-256-GCM with numbered keys, so that keys can be changed while old values stay readable.

`FIELD_KEYS` is `2:<base64 of 32 bytes>,1:<base64 of 32 bytes>`: the first key encrypts, all of them decrypt. Stored
bytes are format (1), key number (1), nonce (12), then ciphertext and tag (NIST SP 800-38D). The purpose is
authenticated with the value, so a value cannot be moved to another column.
"""

import base64
import hmac
import secrets
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_FORMAT = 1
_NONCE = 12


class CannotDecrypt(ValueError):
    """The key is gone, the value was moved or somebody changed it."""


def encrypt(value: str, purpose: str) -> bytes:
    """The value for storage. `purpose` names its place (`system.setting.secret`) and is needed to read it again."""
    number, key = next(iter(_keys(settings.FIELD_KEYS).items()))
    nonce = secrets.token_bytes(_NONCE)
    return bytes([_FORMAT, number]) + nonce + AESGCM(key).encrypt(nonce, value.encode(), purpose.encode())


def decrypt(stored: bytes, purpose: str) -> str:
    """The value behind what `encrypt` made. Raises CannotDecrypt."""
    data = bytes(stored)
    key = _keys(settings.FIELD_KEYS).get(data[1]) if len(data) > 2 + _NONCE and data[0] == _FORMAT else None
    if key is None:
        raise CannotDecrypt
    try:
        return AESGCM(key).decrypt(data[2 : 2 + _NONCE], data[2 + _NONCE :], purpose.encode()).decode()
    except InvalidTag as error:
        raise CannotDecrypt from error


def needs_rotation(stored: bytes) -> bool:
    """Whether the value is not yet encrypted with the newest key."""
    return bytes(stored)[1] != next(iter(_keys(settings.FIELD_KEYS)))


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA-256 in hex, for secrets too short to be hashed without a key (codes of six digits)."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}|{value}".encode(), sha256).hexdigest()


@cache
def _keys(text: str) -> dict[int, bytes]:
    try:
        pairs = (part.strip().split(":", 1) for part in text.split(","))
        keys = {int(number): base64.b64decode(key, validate=True) for number, key in pairs}
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS must look like 1:<base64 of 32 bytes>") from error
    if not keys or any(len(key) != 32 or not 0 < number < 256 for number, key in keys.items()):
        raise ImproperlyConfigured("FIELD_KEYS needs keys of 32 bytes with numbers from 1 to 255")
    return keys
