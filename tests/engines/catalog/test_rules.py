"""Keys, check digits, search words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engines.catalog.errors import BadBarcode
from apps.engines.catalog.rules import check_barcode, gtin_check_digit, part_key, search_words, slug_of


@pytest.mark.parametrize(
    "text", ["", "4904197273291", "96385074", "036000291452", "10614141000415", "KHO-123", "12345"]
)
def test_good_barcodes(text):
    check_barcode(text)


@pytest.mark.parametrize("text", ["4904197273292", "96385075", "ab cd", "<b>", "x" * 33])
def test_bad_barcodes(text):
    with pytest.raises(BadBarcode):
        check_barcode(text)


@given(st.from_regex(r"\A[0-9]{12}\Z"), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body, shift):
    right = gtin_check_digit(body)
    check_barcode(f"{body}{right}")
    with pytest.raises(BadBarcode):
        check_barcode(f"{body}{(right + shift) % 10}")


@given(st.text("AaBbĐđ019 -./", max_size=40))
def test_part_key_is_the_same_for_any_writing(text):
    assert part_key(text) == part_key(f" {text.upper()}- ")


def test_names():
    assert part_key("AT-029 n") == "at029n"
    assert slug_of("Má phanh trước – Toyota Vios") == "ma-phanh-truoc-toyota-vios"
    assert slug_of("???") == "san-pham"
    assert search_words(["Má phanh", "Brake pads", "má"], ["AT-029"]) == "ma phanh brake pads at-029 at029"
