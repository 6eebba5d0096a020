"""Amounts in words, as invoices and receipts want them, in Vietnamese and English."""

from decimal import Decimal

from apps.core.money import exponent, quantize

VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
EN_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
UNITS = {
    "vi": {"VND": ("đồng", ""), "USD": ("đô la Mỹ", "xu"), "INR": ("rupee", "paisa")},
    "en": {"VND": ("Vietnamese dong", ""), "USD": ("US dollars", "cents"), "INR": ("rupees", "paise")},
}
BILLION = 10**9


def amount_in_words(amount: Decimal, currency: str, language: str) -> str:
    """`1234567` VND → "Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng"."""
    read = number_in_vietnamese if language == "vi" else number_in_english
    units = UNITS["vi" if language == "vi" else "en"]
    whole_unit, small_unit = units.get(currency, (currency, "/100"))
    rounded = quantize(abs(amount), currency)
    whole = int(rounded)
    text = f"{read(whole)} {whole_unit}"
    if exponent(currency) and (rest := int((rounded - whole) * 100)):
        text += f" {'và' if language == 'vi' else 'and'} {read(rest)} {small_unit}"
    if amount < 0:
        text = f"{'âm' if language == 'vi' else 'minus'} {text}"
    return text[0].upper() + text[1:]


def number_in_vietnamese(number: int) -> str:
    """A whole number ≥ 0 as it is read: mốt, tư and lăm after tens, lẻ for a missing ten, không trăm inside."""
    if number == 0:
        return VI_DIGITS[0]
    return " ".join(_vi_words(number, is_inside=False))


def number_in_english(number: int) -> str:
    """A whole number ≥ 0: "one hundred twenty-three"."""
    if number < 20:
        return EN_SMALL[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return EN_TENS[tens] + (f"-{EN_SMALL[unit]}" if unit else "")
    scale, name = next(((scale, name) for scale, name in EN_SCALES if number >= scale), (100, "hundred"))
    head, rest = divmod(number, scale)
    text = f"{number_in_english(head)} {name}"
    return f"{text} {number_in_english(rest)}" if rest else text


def _vi_words(number: int, *, is_inside: bool) -> list[str]:
    """`is_inside`: something was read before, so missing hundreds are named."""
    billions, rest = divmod(number, BILLION)
    words: list[str] = []
    if billions:
        words += [*_vi_words(billions, is_inside=is_inside), "tỷ"]
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = rest // size % 1000
        if group:
            words += _vi_group(group, is_inside=is_inside or bool(words))
            words += [name] if name else []
    return words


def _vi_group(group: int, *, is_inside: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, unit = divmod(rest, 10)
    words: list[str] = []
    if hundreds or is_inside:
        words += [VI_DIGITS[hundreds], "trăm"]
    if tens == 0 and unit and words:
        words.append("lẻ")
    elif tens == 1:
        words.append("mười")
    elif tens:
        words += [VI_DIGITS[tens], "mươi"]
    if unit:
        words.append(_vi_unit(tens, unit))
    return words


def _vi_unit(tens: int, unit: int) -> str:
    if unit == 5 and tens:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(unit, VI_DIGITS[unit])
    return VI_DIGITS[unit]
