"""An OpenID Connect issuer on loopback: discovery, keys, authorization with PKCE, tokens signed with RS256."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "baylink-test", "client-secret"


class Issuer:
    """`people` is who stands at the provider's log-in page; `faults` changes what the next answers say."""

    def __init__(self) -> None:
        self.keys = {"one": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.signing = "one"
        self.person: dict[str, Any] = {
            "sub": "google-1",
            "email": "lan@example.com",
            "email_verified": True,
            "given_name": "Lan",
            "family_name": "Trần Thị",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.calls: list[str] = []
        self.changed_claims: dict[str, Any] = {}
        self.is_down = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def claims(self, nonce: str = "nonce", **changed: Any) -> dict[str, Any]:
        moment = int(time.time())
        base = {"iss": self.url, "aud": CLIENT_ID, "iat": moment, "exp": moment + 3600, "nonce": nonce, **self.person}
        return {**base, **self.changed_claims, **changed}

    def token(self, nonce: str = "nonce", **changed: Any) -> str:
        """A genuine identity token, but for what is changed."""
        claims = {name: value for name, value in self.claims(nonce, **changed).items() if value is not None}
        return jwt.encode(claims, self.keys[self.signing], algorithm="RS256", headers={"kid": self.signing})

    def new_key(self, name: str) -> None:
        self.keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.signing = name

    def log_in(self, url: str) -> str:
        """Somebody logs in at the provider: the address to which their browser is sent back."""
        asked = dict(parse_qsl(urlsplit(url).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        if self.is_down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token"}
            return 200, {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                **{f"{name}_endpoint": f"{self.url}/{end}" for name, end in ends.items()},
            }
        if path == "/keys":
            return 200, {"keys": [self._public(name) for name in self.keys]}
        return self._exchange(form) if path == "/token" else (404, {})

    def _public(self, name: str) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[name].public_key()))
        return {**public, "kid": name, "alg": "RS256", "use": "sig"}

    def _exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = (
            asked is not None
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form.get("redirect_uri")
            and (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        )
        if asked is None or not is_right:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(asked["nonce"]), "access_token": "x", "token_type": "Bearer"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer({name: values[0] for name, values in parse_qs(body).items()})

            def answer(self, form: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                issuer.calls.append(path)
                status, content = issuer._answer(path, form)
                raw = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        return Handler
