"""Logging in through another provider (Google or any OpenID Connect issuer), and being a provider for others."""

import os
from pathlib import Path

import environ
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
DEMO_KEY = Path(__file__).resolve().parent.parent.parent / "var" / "oidc_signing_key.pem"


def read_signing_key() -> str:
    """The RSA key from OIDC_PRIVATE_KEY; a demo installation without one makes it and keeps it under var/."""
    given: str = env("OIDC_PRIVATE_KEY", default="").replace("\\n", "\n").strip()
    if given:
        return given
    is_debug = env.bool("DEBUG", default=True)
    if not env.bool("DEMO", default=is_debug):
        raise ImproperlyConfigured(
            "OIDC_PRIVATE_KEY must be an RSA key in PEM; only a demo installation makes its own."
        )
    if not DEMO_KEY.exists():
        _make_demo_key()
    return DEMO_KEY.read_text()


def _make_demo_key() -> None:
    """Written aside and moved into place: two processes that start together end up with one key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    DEMO_KEY.parent.mkdir(parents=True, exist_ok=True)
    draft = DEMO_KEY.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(pem)
    try:
        os.link(draft, DEMO_KEY)
    except FileExistsError:
        return
    finally:
        draft.unlink()


# Without a client id nobody is offered this way in.
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
# Apps have client ids of their own; their identity tokens are accepted too.
GOOGLE_APP_CLIENT_IDS = env.list("GOOGLE_APP_CLIENT_IDS", default=[])
LOG_IN_ISSUER = env("LOG_IN_ISSUER", default="https://accounts.google.com")
LOG_IN_PROVIDER_NAME = env("LOG_IN_PROVIDER_NAME", default="Google")

IDP_OIDC_ADAPTER = "apps.platform.accounts.provider.adapter.ProviderAdapter"
IDP_OIDC_INTROSPECTION_ENABLED = True
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 3600
# The key that signs identity tokens for partners (PEM); a demo installation makes its own under var/.
IDP_OIDC_PRIVATE_KEY = read_signing_key()
