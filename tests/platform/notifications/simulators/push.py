"""A push service and the browser behind it: it checks the VAPID signature (RFC 8292) and decrypts (RFC 8188, 8291)."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.platform.notifications.simulators.server import Answer, Call, Simulator


@dataclass
class Browser:
    """One subscription: what the page got, and what only the browser knows."""

    endpoint: str
    server_key: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": encode(self.point), "auth": encode(self.secret)}

    def decrypt(self, body: bytes) -> bytes:
        salt, record_size, id_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, cipher = body[21 : 21 + id_length], body[21 + id_length :]
        assert record_size >= len(cipher)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), public)
        key_info = b"WebPush: info\x00" + self.point + sender
        material = _expand(_extract(self.secret, shared), key_info, 32)
        pseudo = _extract(salt, material)
        key = _expand(pseudo, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _expand(pseudo, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(key).decrypt(nonce, cipher, None).rstrip(b"\x00")
        assert padded[-1:] == b"\x02"
        return padded[:-1]


class PushSimulator(Simulator):
    def __init__(self) -> None:
        super().__init__()
        self.browsers: dict[str, Browser] = {}
        self.gone: set[str] = set()

    def subscribe(self, server_key: str) -> Browser:
        path = f"/push/{secrets.token_urlsafe(12)}"
        self.browsers[path] = Browser(self.base + path, server_key)
        return self.browsers[path]

    def leave(self, browser: Browser) -> None:
        """The person took the permission back."""
        self.gone.add(browser.endpoint.removeprefix(self.base))

    def answer(self, call: Call) -> Answer:
        browser = self.browsers.get(call.path)
        if browser is None:
            return Answer(404)
        if call.path in self.gone:
            return Answer(410)
        if call.headers.get("content-encoding") != "aes128gcm" or not call.headers.get("ttl", "").isdigit():
            return Answer(400)
        if len(call.body) > 4096:
            return Answer(413)
        if not self.is_signed(call, browser):
            return Answer(403)
        browser.shown.append(json.loads(browser.decrypt(call.body)))
        return Answer(201, headers={"Location": f"{self.base}/m/{len(browser.shown)}"})

    def is_signed(self, call: Call, browser: Browser) -> bool:
        found = re.fullmatch(r"vapid t=([^,]+),\s*k=(.+)", call.headers.get("authorization", ""))
        if found is None or found[2].rstrip("=") != browser.server_key:
            return False
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(found[2]))
        claims = jwt.decode(found[1], public, algorithms=["ES256"], audience=self.base)
        return claims["exp"] <= time.time() + 24 * 3600 and claims["sub"].startswith("mailto:")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _extract(salt: bytes, material: bytes) -> bytes:
    return hmac.new(salt, material, hashlib.sha256).digest()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]
