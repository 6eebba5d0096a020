"""VietQR texts, against the samples of NAPAS and of others who print them."""

from decimal import Decimal

import pytest

from apps.engines.payments.vietqr import build_vietqr, checksum, plain_text, qr_svg


@pytest.mark.parametrize(("text", "expected"), [("00", "2EC9"), ("123456789", "29B1")])
def test_checksum(text, expected):
    assert checksum(text) == expected


def test_without_amount_the_payer_types_it():
    text = build_vietqr(bank_bin="970423", account="0099999999")

    assert text == "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4"


@pytest.mark.parametrize(
    ("purpose", "tail"),
    [
        ("chuyen khoan", "62160812chuyen khoan6304722F"),
        ("test text string", "62200816test text string6304D9C6"),
    ],
)
def test_with_amount_and_purpose(purpose, tail):
    text = build_vietqr(bank_bin="970422", account="0023457923442", amount=Decimal(40123), purpose=purpose)

    assert text == (
        f"00020101021238570010A00000072701270006970422011300234579234420208QRIBFTTA53037045405401235802VN{tail}"
    )


def test_the_sample_of_napas():
    text = build_vietqr(
        bank_bin="970403",
        account="0011012345678",
        amount=Decimal(180000),
        bill="NPS6869",
        purpose="thanh toan don hang",
    )

    assert text == (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E"
    )


def test_accents_and_signs_are_dropped_and_text_is_cut():
    assert plain_text("Đóng tiền: hóa đơn số 15 — tháng 11") == "Dong tien hoa don so 15 t"
    assert plain_text("INV-2026-000123") == "INV-2026-000123"


def test_the_picture_is_drawn():
    assert qr_svg("00").startswith("<svg")
