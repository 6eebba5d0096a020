"""What the provider tells partners about people: from our own users, not from the library's table of addresses."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from apps.platform.accounts.provider.scopes import LABELS


class ProviderAdapter(DefaultOIDCAdapter):
    scope_display = LABELS

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Any,
        client: Any,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Name and address only where the person agreed to it."""
        granted = set(scopes)
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if "email" in granted and user.email:
            claims |= {"email": user.email, "email_verified": user.email_verified_at is not None}
        if "profile" in granted:
            names = {"name": user.full_name, "given_name": user.first_name, "family_name": user.last_name}
            claims |= {name: value for name, value in names.items() if value}
            claims |= {"locale": user.language, "zoneinfo": user.timezone}
        return claims
