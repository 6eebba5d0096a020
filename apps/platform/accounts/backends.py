"""Checks a password against the account found by email or phone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import find_user


class EmailOrPhoneBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **fields: Any
    ) -> User | None:
        """The active user whose password this is. An unknown name costs one hash too, so time tells nothing."""
        identifier = username or fields.get("email") or fields.get("identifier")
        if not identifier or password is None:
            return None
        user = find_user(identifier)
        if user is None:
            User().set_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None
