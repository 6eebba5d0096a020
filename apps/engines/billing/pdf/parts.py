"""Drawn pieces: QR code, logo, and the page around the text with its bar, stamps and numbers."""

from collections.abc import Callable
from typing import Any

import segno
from django.utils.translation import gettext as _
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable, Image

from apps.engines.billing.pdf.style import BOLD, LINE, MUTED, REGULAR, plain
from apps.platform.organizations.models import Organization


class QrCode(Flowable):
    """A QR code as filled squares, sharp at any size."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.matrix = segno.make(text, error="m", micro=False).matrix
        self.size = size

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.size, self.size

    def draw(self) -> None:
        step = self.size / len(self.matrix)
        for row, modules in enumerate(self.matrix):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    self.canv.rect(column * step, self.size - (row + 1) * step, step, step, stroke=0, fill=1)


def logo_of(organization: Organization, *, width: float, height: float) -> Image | None:
    """The company's logo fitted into the box; None when there is none or it cannot be read."""
    if not organization.logo:
        return None
    try:
        with organization.logo.open("rb") as file:
            reader = ImageReader(file)
            across, down = reader.getSize()
            scale = min(width / across, height / down)
            file.seek(0)
            return Image(file, width=across * scale, height=down * scale, hAlign="LEFT", lazy=0)
    except OSError:
        return None


def numbered_canvas(footer: str) -> type[Canvas]:
    """A canvas class that writes the footer with "page x of y" on every page once the number of pages is known."""

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library calls it so
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                _draw_footer(self, footer, number, len(self._pages))
                super().showPage()
            super().save()

    return NumberedCanvas


def page_painter(
    color: Color, *, watermark: str = "", stamp: tuple[str, Color] | None = None
) -> Callable[[Canvas, Any], None]:
    """Draws the colour bar of every page, a pale word across drafts, and a stamp on the first page."""

    def paint(canvas: Canvas, document: Any) -> None:
        width, height = document.pagesize
        canvas.saveState()
        canvas.setFillColor(color)
        canvas.rect(0, height - 3 * mm, width, 3 * mm, stroke=0, fill=1)
        if watermark:
            _draw_watermark(canvas, plain(watermark), width, height)
        if stamp and document.page == 1:
            _draw_stamp(canvas, plain(stamp[0]), stamp[1], width, height)
        canvas.restoreState()

    return paint


def _draw_footer(canvas: Canvas, footer: str, number: int, count: int) -> None:
    width, _height = canvas._pagesize
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(16 * mm, 13 * mm, width - 16 * mm, 13 * mm)
    canvas.setFont(REGULAR, 7.5)
    canvas.setFillColor(MUTED)
    canvas.drawString(16 * mm, 8.5 * mm, plain(footer))
    words = _("Page %(number)s of %(count)s") % {"number": number, "count": count}
    canvas.drawRightString(width - 16 * mm, 8.5 * mm, plain(words))


def _draw_watermark(canvas: Canvas, word: str, width: float, height: float) -> None:
    canvas.saveState()
    canvas.setFillColor(MUTED, alpha=0.10)
    canvas.setFont(BOLD, 92)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(38)
    canvas.drawCentredString(0, -30, word)
    canvas.restoreState()


def _draw_stamp(canvas: Canvas, word: str, color: Color, width: float, height: float) -> None:
    canvas.saveState()
    canvas.translate(width / 2 + 8 * mm, height - 35 * mm)
    canvas.rotate(10)
    canvas.setFillColor(color, alpha=0.85)
    canvas.setStrokeColor(color, alpha=0.85)
    canvas.setFont(BOLD, 13)
    half = canvas.stringWidth(word, BOLD, 13) / 2 + 4 * mm
    canvas.setLineWidth(1.6)
    canvas.roundRect(-half, -3.2 * mm, 2 * half, 10 * mm, 2 * mm, stroke=1, fill=0)
    canvas.drawCentredString(0, 0.2 * mm, word)
    canvas.restoreState()
