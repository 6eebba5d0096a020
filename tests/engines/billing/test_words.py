"""Amounts in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engines.billing.words import VI_DIGITS, amount_in_words, number_in_english, number_in_vietnamese

GOLDEN = {
    0: "không",
    4: "bốn",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    25: "hai mươi lăm",
    55: "năm mươi lăm",
    91: "chín mươi mốt",
    100: "một trăm",
    101: "một trăm lẻ một",
    104: "một trăm lẻ bốn",
    105: "một trăm lẻ năm",
    110: "một trăm mười",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    1_000: "một nghìn",
    1_001: "một nghìn không trăm lẻ một",
    1_010: "một nghìn không trăm mười",
    1_050: "một nghìn không trăm năm mươi",
    10_000: "mười nghìn",
    21_000: "hai mươi mốt nghìn",
    105_000: "một trăm lẻ năm nghìn",
    110_000: "một trăm mười nghìn",
    1_000_000: "một triệu",
    1_000_005: "một triệu không trăm lẻ năm",
    1_005_000: "một triệu không trăm lẻ năm nghìn",
    1_234_567: "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy",
    24_500_000: "hai mươi tư triệu năm trăm nghìn",
    1_000_000_000: "một tỷ",
    1_000_000_001: "một tỷ không trăm lẻ một",
    2_015_000_000: "hai tỷ không trăm mười lăm triệu",
    1_000_000_000_000: "một nghìn tỷ",
    5_024_000_000_000: "năm nghìn không trăm hai mươi tư tỷ",
    1_000_000_000_000_000_000: "một tỷ tỷ",
}


@pytest.mark.parametrize(("number", "words"), GOLDEN.items())
def test_vietnamese(number, words):
    assert number_in_vietnamese(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (21, "twenty-one"),
        (105, "one hundred five"),
        (1_234_567, "one million two hundred thirty-four thousand five hundred sixty-seven"),
        (2_000_000_011, "two billion eleven"),
    ],
)
def test_english(number, words):
    assert number_in_english(number) == words


def read_back(words: str) -> int:
    """The number that the words say, by an independent grammar."""
    values = {word: digit for digit, word in enumerate(VI_DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}
    scales = {"nghìn": 10**3, "triệu": 10**6}
    total, part, group, digit = 0, 0, 0, 0
    for word in words.split():
        if word in values:
            digit = values[word]
        elif word == "trăm":
            group, digit = digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group += 10
        elif word in scales:
            part, group, digit = part + (group + digit) * scales[word], 0, 0
        elif word == "tỷ":
            total, part, group, digit = (total + part + group + digit) * 10**9, 0, 0, 0
    return total + part + group + digit


@given(st.integers(min_value=0, max_value=10**15))
def test_what_is_written_can_be_read_back(number):
    words = number_in_vietnamese(number)

    assert read_back(words) == number
    assert "mươi một" not in words
    assert "mươi năm" not in words
    assert "  " not in words


def test_amounts():
    assert amount_in_words(Decimal("1234567"), "VND", "vi") == (
        "Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng"
    )
    assert amount_in_words(Decimal("1250.50"), "INR", "en") == ("One thousand two hundred fifty rupees and fifty paise")
    assert amount_in_words(Decimal("12.05"), "USD", "vi") == "Mười hai đô la Mỹ và năm xu"
    assert amount_in_words(Decimal(0), "VND", "vi") == "Không đồng"
