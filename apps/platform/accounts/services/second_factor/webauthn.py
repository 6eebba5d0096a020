"""Passkeys by the rules of WebAuthn Level 3: what the browser is asked, and whether its answer is right.

A passkey belongs to the host of the site; the browser's answer must come from exactly the origin that asked.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.core.clock import now
from apps.platform.accounts.models import User

SITE_NAME = "Baylink"
# What the library raises for answers that are not even well formed.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError)


def ask_for_new(user: User, *, origin: str) -> tuple[dict[str, Any], str]:
    """The browser's options for making a passkey, and the challenge to keep."""
    options, state = _server(origin).register_begin(
        user=PublicKeyCredentialUserEntity(
            id=user.pk.bytes, name=user.email or user.phone or str(user.pk), display_name=user.full_name
        ),
        credentials=[data for _row, data in _list_credentials(user)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        extensions={"credProps": True},
    )
    return dict(options), str(state["challenge"])


def read_new(credential: dict[str, Any], *, challenge: str, origin: str) -> AuthenticatorData | None:
    """What the new passkey tells of itself; None when the answer is not the one that was asked for."""
    try:
        return _server(origin).register_complete(_state(challenge), credential)
    except MALFORMED:
        return None


def ask_for_proof(user: User, *, origin: str) -> tuple[dict[str, Any], str]:
    """The browser's options for using one of the person's passkeys, and the challenge to keep."""
    credentials = [data for _row, data in _list_credentials(user)]
    options, state = _server(origin).authenticate_begin(
        credentials=credentials, user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), str(state["challenge"])


def is_right_answer(user: User, answer: dict[str, Any], *, challenge: str, origin: str) -> bool:
    """Whether one of the person's passkeys signed this challenge for this origin.

    A signature counter that does not grow means that the passkey was copied: then nothing it says is believed.
    """
    if not challenge or not origin:
        return False
    known = _list_credentials(user, is_locked=True)
    try:
        used = _server(origin).authenticate_complete(_state(challenge), [data for _row, data in known], answer)
        count = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except MALFORMED:
        return False
    row = next(row for row, data in known if data.credential_id == used.credential_id)
    before = row.data.get("sign_count", 0)
    if (count or before) and count <= before:
        return False
    row.data["sign_count"], row.last_used_at = count, now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def _list_credentials(user: User, *, is_locked: bool = False) -> list[tuple[Authenticator, AttestedCredentialData]]:
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    found = []
    for row in rows.select_for_update() if is_locked else rows:
        data = WebAuthn(row).authenticator_data.credential_data
        if data is not None:
            found.append((row, data))
    return found


def _server(origin: str) -> Fido2Server:
    host = urlsplit(origin).hostname or ""
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=SITE_NAME), verify_origin=lambda given: bool(host) and given == origin
    )


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.PREFERRED}
