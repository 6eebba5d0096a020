"""Vietnam's provinces and cities since 2025-07-01: 34, each directly above its wards and communes.

Codes and names: Decision 19/2025/QĐ-TTg; what was merged into what: Resolution 202/2025/QH15.
"""

from dataclasses import dataclass

from apps.core.text import clean_text, compact_key


@dataclass(frozen=True, slots=True)
class Province:
    """`code` is the state's two digits; `former` are the provinces that became part of it."""

    code: str
    name: str
    former: tuple[str, ...] = ()


PROVINCES: tuple[Province, ...] = (
    Province("01", "Hà Nội"),
    Province("04", "Cao Bằng"),
    Province("08", "Tuyên Quang", ("Hà Giang",)),
    Province("11", "Điện Biên"),
    Province("12", "Lai Châu"),
    Province("14", "Sơn La"),
    Province("15", "Lào Cai", ("Yên Bái",)),
    Province("19", "Thái Nguyên", ("Bắc Kạn",)),
    Province("20", "Lạng Sơn"),
    Province("22", "Quảng Ninh"),
    Province("24", "Bắc Ninh", ("Bắc Giang",)),
    Province("25", "Phú Thọ", ("Hòa Bình", "Vĩnh Phúc")),
    Province("31", "Hải Phòng", ("Hải Dương",)),
    Province("33", "Hưng Yên", ("Thái Bình",)),
    Province("37", "Ninh Bình", ("Hà Nam", "Nam Định")),
    Province("38", "Thanh Hóa"),
    Province("40", "Nghệ An"),
    Province("42", "Hà Tĩnh"),
    Province("44", "Quảng Trị", ("Quảng Bình",)),
    Province("46", "Huế", ("Thừa Thiên Huế",)),
    Province("48", "Đà Nẵng", ("Quảng Nam",)),
    Province("51", "Quảng Ngãi", ("Kon Tum",)),
    Province("52", "Gia Lai", ("Bình Định",)),
    Province("56", "Khánh Hòa", ("Ninh Thuận",)),
    Province("66", "Đắk Lắk", ("Phú Yên",)),
    Province("68", "Lâm Đồng", ("Bình Thuận", "Đắk Nông")),
    Province("75", "Đồng Nai", ("Bình Phước",)),
    Province("79", "Thành phố Hồ Chí Minh", ("Bà Rịa - Vũng Tàu", "Bình Dương")),
    Province("80", "Tây Ninh", ("Long An",)),
    Province("82", "Đồng Tháp", ("Tiền Giang",)),
    Province("86", "Vĩnh Long", ("Bến Tre", "Trà Vinh")),
    Province("91", "An Giang", ("Kiên Giang",)),
    Province("92", "Cần Thơ", ("Hậu Giang", "Sóc Trăng")),
    Province("96", "Cà Mau", ("Bạc Liêu",)),
)
_TITLES = ("thanhpho", "tinh", "tp")
_SHORT_NAMES = {"hcm": "79", "hochiminh": "79", "saigon": "79", "hn": "01"}


def find_province(text: str) -> Province | None:
    """By code, by name with or without accents and title (`tp. Đà Nẵng`), or by the name of a province that was merged.

    An address kept from before 2025-07-01 so lands in the province that it belongs to today.
    """
    return _BY_KEY.get(_key(text))


def _key(text: str) -> str:
    key = compact_key(clean_text(text))
    for title in _TITLES:
        if key.startswith(title) and len(key) > len(title):
            return key.removeprefix(title)
    return key


def _index() -> dict[str, Province]:
    by_code = {province.code: province for province in PROVINCES}
    names = {_key(name): province for province in PROVINCES for name in (province.name, *province.former)}
    return {**by_code, **names, **{name: by_code[code] for name, code in _SHORT_NAMES.items()}}


_BY_KEY = _index()
