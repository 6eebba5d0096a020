"""VietQR: the text of a bank-transfer code that every Vietnamese banking app reads (EMVCo merchant QR, NAPAS profile)."""

import io
import re
from decimal import Decimal

import segno

from apps.core.money import quantize
from apps.core.text import strip_accents

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
LONGEST_TEXT = 25
_NOT_ALLOWED = re.compile(r"[^0-9A-Za-z ./-]")


def build_vietqr(
    *, bank_bin: str, account: str, amount: Decimal | None = None, purpose: str = "", bill: str = ""
) -> str:
    """The text of a transfer code to an account; without an amount the payer types it. `amount` is whole đồng.

    `purpose` and `bill` are cut to 25 plain letters, since banks drop accents. Format and checksum: EMVCo QR Code
    Specification for Payment Systems 1.1, NAPAS VietQR profile.
    """
    receiver = _field("00", bank_bin) + _field("01", account)
    fields = [
        _field("00", "01"),
        _field("01", "12" if amount is not None else "11"),
        _field("38", _field("00", NAPAS) + _field("01", receiver) + _field("02", TO_ACCOUNT)),
        _field("53", "704"),
    ]
    if amount is not None:
        fields.append(_field("54", str(int(quantize(amount, "VND")))))
    fields.append(_field("58", "VN"))
    extra = "".join(_field(key, plain_text(text)) for key, text in (("01", bill), ("08", purpose)) if plain_text(text))
    if extra:
        fields.append(_field("62", extra))
    text = "".join(fields) + "6304"
    return text + checksum(text)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE, four upper-case hex digits."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def plain_text(text: str) -> str:
    """ASCII letters, digits and few signs, single spaces, at most 25."""
    kept = _NOT_ALLOWED.sub(" ", strip_accents(text))
    return " ".join(kept.split())[:LONGEST_TEXT].rstrip()


def qr_svg(text: str, *, scale: int = 4) -> str:
    """A QR code as SVG for pages: dark on white in every theme, since scanners want it so."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=2, dark="#111", light="#fff", xmldecl=False, svgns=True, omitsize=True
    )
    return out.getvalue().decode()


def _field(key: str, value: str) -> str:
    return f"{key}{len(value):02d}{value}"
