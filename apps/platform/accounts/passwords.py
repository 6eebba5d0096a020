"""What makes a password good enough. Used wherever one is set, the staff CMS included."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.text import compact_key

MIN_LENGTH = 8
SHORTEST_NAME = 4
# What people here add a few digits to; the list of common passwords that Django ships knows the English ones.
COMMON_WORDS = frozenset(
    [
        "matkhau",
        "matkhaucuatoi",
        "password",
        "pass",
        "passwd",
        "anhyeuem",
        "emyeuanh",
        "anhyeu",
        "emyeu",
        "yeuem",
        "yeuanh",
        "iloveyou",
        "khongbiet",
        "khongco",
        "vietnam",
        "saigon",
        "hanoi",
        "danang",
        "haiphong",
        "cantho",
        "hochiminh",
        "baylink",
        "vinfast",
        "toyota",
        "honda",
        "yamaha",
        "mercedes",
        "hyundai",
        "admin",
        "quantri",
        "xinchao",
        "taikhoan",
        "giadinh",
        "conyeu",
        "chongyeu",
        "voyeu",
        "congty",
        "garage",
        "gara",
        "oto",
        "xemay",
        "qwerty",
        "abc",
        "abcd",
        "abcdef",
        "asdf",
    ]
)


class PasswordRules:
    """8 characters or more, letters and digits, neither common nor one's own name, email or phone."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with every reason, in words that say what to do."""
        texts = []
        if len(password) < MIN_LENGTH:
            texts.append(_("Use 8 characters or more."))
        if not (any(char.isdigit() for char in password) and any(char.isalpha() for char in password)):
            texts.append(_("Use letters and digits."))
        if not texts and self.is_common(password):
            texts.append(_("This password is too common: many people use it. Choose another one."))
        if not texts and user is not None and is_own_name(password, user):
            texts.append(_("Do not build your password from your name, email or phone number."))
        if texts:
            raise ValidationError([ValidationError(text, code="password_rules") for text in texts])

    def get_help_text(self) -> str:
        return _("8 characters or more, letters and digits.")

    def is_common(self, password: str) -> bool:
        """Whether it is in the list of common passwords, or a common word with nothing but digits and signs around."""
        letters = re.sub(r"[0-9]", "", compact_key(password))
        return password.lower().strip() in self.common.passwords or letters in COMMON_WORDS


def is_own_name(password: str, user: Any) -> bool:
    """Whether nothing much but the person's email, phone or name is in it."""
    text = compact_key(password)
    phone = (getattr(user, "phone", None) or "").removeprefix("+")
    national = f"0{phone[2:]}" if phone.startswith("84") else ""
    email = (getattr(user, "email", None) or "").lower()
    names = [email.partition("@")[0], email, phone, national, getattr(user, "full_name", "")]
    keys = [compact_key(name) for name in names]
    return any(len(key) >= SHORTEST_NAME and key in text and len(text) - len(key) <= SHORTEST_NAME for key in keys)
