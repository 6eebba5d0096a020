"""How the library that keeps second factors stores their secrets: encrypted, bound to their place."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from apps.core.crypto import decrypt, encrypt

PURPOSE = "mfa.authenticator"


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises CannotDecrypt for a value that was moved or changed."""
        return decrypt(base64.b64decode(encrypted_text), PURPOSE)
