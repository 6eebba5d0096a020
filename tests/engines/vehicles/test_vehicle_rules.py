"""Plates and VINs are read as people write them."""

import pytest

from apps.engines.vehicles.errors import PlateUnreadable, VinUnreadable
from apps.engines.vehicles.rules import clean_vin, format_plate, has_valid_check_digit, plate_key


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("51g12345", "51G-123.45"),
        ("51G-123.45", "51G-123.45"),
        (" 51 g 123 45 ", "51G-123.45"),
        ("29a1234", "29A-1234"),
        ("59X1-234.56", "59X1-234.56"),
        ("30LD12345", "30LD-123.45"),
        ("80-001-NG-01", "80-001-NG-01"),
        ("KB1234", "KB-1234"),
    ],
)
def test_vietnamese_plates(typed: str, written: str) -> None:
    assert format_plate(typed) == written


@pytest.mark.parametrize("typed", ["", "hello", "5G12345", "51G123", "51G1234567", "01A12345", "<script>"])
def test_unknown_plate_forms_are_refused(typed: str) -> None:
    with pytest.raises(PlateUnreadable) as refusal:
        format_plate(typed)
    assert refusal.value.field == "plate"


@pytest.mark.parametrize(("typed", "written"), [("mh12ab1234", "MH 12 AB 1234"), ("22BH1234AA", "22 BH 1234 AA")])
def test_indian_plates(typed: str, written: str) -> None:
    assert format_plate(typed, "IN") == written


def test_plates_are_compared_without_punctuation() -> None:
    assert plate_key("51G-123.45") == plate_key("51g 12345") == "51g12345"


def test_vin_is_cleaned_and_checked() -> None:
    assert clean_vin("1m8gdm9ax kp042788".replace(" ", "")) == "1M8GDM9AXKP042788"
    assert clean_vin("") == ""
    for bad in ("1M8GDM9AXKP04278", "1M8GDM9AXKP04278I"):
        with pytest.raises(VinUnreadable):
            clean_vin(bad)


def test_check_digit_of_a_published_vin() -> None:
    assert has_valid_check_digit("1M8GDM9AXKP042788")
    assert not has_valid_check_digit("1M8GDM9A1KP042788")
