"""What makes a password good enough, in words that say what to do."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from apps.platform.accounts.models import User

OWNER = User(email="lan.tran@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")
SHORT, MIXED, COMMON, OWN = "Use 8 characters or more.", "Use letters and digits.", "too common", "Do not build"


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("", [SHORT, MIXED]),
        ("abc123", [SHORT]),
        ("abcdefgh", [MIXED]),
        ("19791979", [MIXED]),
        ("!!!!!!!!!", [MIXED]),
        ("abc", [SHORT, MIXED]),
        ("password1", [COMMON]),
        ("PASSWORD1", [COMMON]),
        ("Matkhau123", [COMMON]),
        ("Mật khẩu 123", [COMMON]),
        ("anhyeuem1", [COMMON]),
        ("2025@baylink", [COMMON]),
        ("tranthilan1", [OWN]),
        ("Trần Thị Lan 79", [OWN]),
        ("0901234567a", [OWN]),
        ("84901234567a", [OWN]),
        ("lan.tran99", [OWN]),
        ("lan.tran@gara.demo1", [OWN]),
    ],
)
def test_weak_ones_are_refused_with_the_reason(password: str, reasons: list[str]) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        validate_password(password, OWNER)
    assert len(refusal.value.messages) == len(reasons)
    for text, reason in zip(refusal.value.messages, reasons, strict=True):
        assert reason in text


@pytest.mark.parametrize(
    "password", ["giu-xe-tot-2025", "mặt trời mọc 7h", "lan79-sua-xe-dem", "Kx9vTq2m", "một2ba4năm", "a1" * 64]
)
def test_good_ones_pass(password: str) -> None:
    validate_password(password, OWNER)
    validate_password(password)


def test_reasons_are_in_vietnamese() -> None:
    with translation.override("vi"), pytest.raises(ValidationError) as refusal:
        validate_password("abc", OWNER)
    assert refusal.value.messages == ["Hãy dùng ít nhất 8 ký tự.", "Mật khẩu cần có cả chữ và số."]
