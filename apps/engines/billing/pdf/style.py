"""Fonts, colours and paragraph styles of printed papers."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

FONTS = Path(__file__).resolve().parent.parent / "fonts"
REGULAR, BOLD = "Baylink", "Baylink-Bold"
INK, MUTED, LINE, SHADE = HexColor("#1b2327"), HexColor("#5d6b72"), HexColor("#d5dcdf"), HexColor("#f3f6f7")
DONE, DANGER = HexColor("#17803d"), HexColor("#b42318")
DEFAULT_BRAND = "#0f6e71"


@cache
def register_fonts() -> None:
    """Once per process; the family makes <b> keep its accents."""
    pdfmetrics.registerFont(TTFont(REGULAR, str(FONTS / "NotoSans-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(FONTS / "NotoSans-Bold.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def plain(text: Any) -> str:
    """Composed accents, since decomposed ones are drawn beside their letters."""
    return unicodedata.normalize("NFC", str(text))


def brand(color: str) -> Color:
    """A company's colour; the platform's own for text that is none."""
    try:
        return HexColor(color or DEFAULT_BRAND)
    except ValueError:
        return HexColor(DEFAULT_BRAND)


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph styles of one paper in its company's colour."""

    color: Color

    def text(
        self, value: Any, *, size: float = 9, bold: bool = False, align: str = "left", color: Any = INK
    ) -> Paragraph:
        """A paragraph of plain text; line breaks stay."""
        alignment = {"right": TA_RIGHT, "center": TA_CENTER}.get(align, 0)
        style = ParagraphStyle(
            "text",
            fontName=BOLD if bold else REGULAR,
            fontSize=size,
            leading=size * 1.42,
            textColor=color,
            alignment=alignment,
        )
        return Paragraph(escape(plain(value)).replace("\n", "<br/>"), style)

    def small(self, value: Any, **options: Any) -> Paragraph:
        return self.text(value, **{"size": 7.5, "color": MUTED, **options})

    def strong(self, value: Any, **options: Any) -> Paragraph:
        return self.text(value, **{"bold": True, **options})
