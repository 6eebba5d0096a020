"""A studio table: shapes are laid on it as smooth masks filled with paints, lit, and photographed as WebP.

Edges are smooth because every mask is drawn four times larger and reduced; only the box of a shape is ever enlarged,
and equal masks are kept, which makes a catalogue of hundreds of pictures a matter of seconds.
"""

import io
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from assets.demo_pictures.paints import Paint, flat, radial

SIZE = 640
SCALE = 4
Point = tuple[float, float]
Box = tuple[int, int, int, int]
Mask = tuple[Box, Image.Image]


def _box_around(x0: float, y0: float, x1: float, y1: float) -> Box:
    return math.floor(x0) - 1, math.floor(y0) - 1, math.ceil(x1) + 1, math.ceil(y1) + 1


def _drawn(box: Box, draw: Callable[[ImageDraw.ImageDraw, Callable[[Point], Point]], None]) -> Mask:
    big = Image.new("L", ((box[2] - box[0]) * SCALE, (box[3] - box[1]) * SCALE))
    draw(ImageDraw.Draw(big), lambda p: ((p[0] - box[0]) * SCALE, (p[1] - box[1]) * SCALE))
    return box, big.reduce(SCALE)


@lru_cache(maxsize=512)
def polygon(points: tuple[Point, ...]) -> Mask:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = _box_around(min(xs), min(ys), max(xs), max(ys))
    return _drawn(box, lambda pen, at: pen.polygon([at(p) for p in points], fill=255))


@lru_cache(maxsize=256)
def ellipse(cx: float, cy: float, rx: float, ry: float, hole: float = 0) -> Mask:
    """`hole` is the share of the radii that is cut out of the middle."""
    box = _box_around(cx - rx, cy - ry, cx + rx, cy + ry)

    def draw(pen, at):
        pen.ellipse([at((cx - rx, cy - ry)), at((cx + rx, cy + ry))], fill=255)
        if hole:
            pen.ellipse([at((cx - rx * hole, cy - ry * hole)), at((cx + rx * hole, cy + ry * hole))], fill=0)

    return _drawn(box, draw)


@lru_cache(maxsize=256)
def rounded(x0: float, y0: float, x1: float, y1: float, radius: float) -> Mask:
    box = _box_around(x0, y0, x1, y1)
    return _drawn(box, lambda pen, at: pen.rounded_rectangle([at((x0, y0)), at((x1, y1))], radius * SCALE, fill=255))


@lru_cache(maxsize=256)
def stroke(points: tuple[Point, ...], width: float) -> Mask:
    """A line with round ends and joints."""
    half = width / 2
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = _box_around(min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)

    def draw(pen, at):
        pen.line([at(p) for p in points], fill=255, width=max(1, round(width * SCALE)), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse([at((x - half, y - half)), at((x + half, y + half))], fill=255)

    return _drawn(box, draw)


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 12) -> tuple[Point, ...]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    spans = count if closed else count - 1
    pick = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    out: list[Point] = []
    for i in range(spans):
        a, b, c, d = pick(i - 1), pick(i), pick(i + 1), pick(i + 2)
        for step in range(steps):
            t = step / steps
            out.append(
                (
                    0.5
                    * (
                        2 * b[0]
                        + (c[0] - a[0]) * t
                        + (2 * a[0] - 5 * b[0] + 4 * c[0] - d[0]) * t**2
                        + (3 * b[0] - a[0] - 3 * c[0] + d[0]) * t**3
                    ),
                    0.5
                    * (
                        2 * b[1]
                        + (c[1] - a[1]) * t
                        + (2 * a[1] - 5 * b[1] + 4 * c[1] - d[1]) * t**2
                        + (3 * b[1] - a[1] - 3 * c[1] + d[1]) * t**3
                    ),
                )
            )
    return tuple(out if closed else [*out, points[-1]])


def turned(points: Sequence[Point], centre: Point, degrees: float) -> tuple[Point, ...]:
    """The points turned clockwise around the centre."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple(
        (
            round(centre[0] + (x - centre[0]) * cos - (y - centre[1]) * sin, 2),
            round(centre[1] + (x - centre[0]) * sin + (y - centre[1]) * cos, 2),
        )
        for x, y in points
    )


def on_circle(centre: Point, radius: float, degrees: float) -> Point:
    angle = math.radians(degrees)
    return round(centre[0] + radius * math.cos(angle), 2), round(centre[1] + radius * math.sin(angle), 2)


def gear(centre: Point, outer: float, inner: float, teeth: int) -> Mask:
    """A toothed wheel seen from the front."""
    step = 360 / teeth
    points: list[Point] = []
    for i in range(teeth):
        for radius, share in ((inner, 0.0), (outer, 0.2), (outer, 0.5), (inner, 0.7)):
            points.append(on_circle(centre, radius, (i + share) * step))
    return polygon(tuple(points))


def inside(mask: Mask, other: Mask) -> Mask:
    """The part of the first mask that lies in the second."""
    return _combined(mask, other, ImageChops.multiply)


def without(mask: Mask, other: Mask) -> Mask:
    """The first mask with the second cut out."""
    return _combined(mask, other, lambda a, b: ImageChops.multiply(a, ImageChops.invert(b)))


def _combined(mask: Mask, other: Mask, how) -> Mask:
    box, picture = mask
    laid = Image.new("L", picture.size)
    laid.paste(other[1], (other[0][0] - box[0], other[0][1] - box[1]))
    return box, how(picture, laid)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class Table:
    """What lies on the table, from back to front."""

    def __init__(self, backdrop: Paint | None = None, size: tuple[int, int] = (SIZE, SIZE)) -> None:
        self.size = size
        self.backdrop = backdrop or radial(((0, "#FFFFFF"), (0.55, "#F6F8FA"), (1, "#E3E8ED")), 0.5, 0.42, 0.85)
        self.layers: list[tuple[Mask, Paint | Image.Image, float]] = []
        self.floor: list[tuple[Mask, float, float]] = []

    def put(self, mask: Mask, paint: Paint | str, opacity: float = 1.0) -> Mask:
        """Lay a mask filled with a paint or colour on top."""
        self.layers.append((mask, flat(paint) if isinstance(paint, str) else paint, opacity))
        return mask

    def shade(
        self, mask: Mask, blur: float, opacity: float, colour: str = "#000000", within: Mask | None = None
    ) -> None:
        """A soft dark (or light) patch on what lies below, kept inside `within`."""
        grow = int(blur * 3)
        box = (mask[0][0] - grow, mask[0][1] - grow, mask[0][2] + grow, mask[0][3] + grow)
        soft = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        soft.paste(mask[1], (grow, grow))
        soft = soft.filter(ImageFilter.GaussianBlur(blur))
        patch: Mask = (box, soft)
        self.put(inside(patch, within) if within else patch, colour, opacity)

    def shadow(self, cx: float, cy: float, rx: float, ry: float, opacity: float = 0.4, blur: float = 14) -> None:
        """The shadow where something stands on the floor."""
        self.floor.append((ellipse(cx, cy, rx, ry), opacity, blur))

    def word(
        self, text: str, centre: Point, size: int, colour: str, *, width: float | None = None, bold: int = 1
    ) -> None:
        """Text around the centre, made smaller until it fits the width."""
        if not text:
            return
        face = font(size * 2)
        while width and size > 9 and face.getlength(text) / 2 > width:
            size -= 1
            face = font(size * 2)
        half_w, half_h = int(face.getlength(text) / 4) + 8, size
        big = Image.new("L", (half_w * 4, half_h * 4))
        ImageDraw.Draw(big).text((half_w * 2, half_h * 2), text, fill=255, font=face, anchor="mm", stroke_width=bold)
        box = (int(centre[0]) - half_w, int(centre[1]) - half_h, int(centre[0]) + half_w, int(centre[1]) + half_h)
        self.put((box, big.reduce(2)), colour)

    def arc_word(self, text: str, centre: Point, radii: Point, size: int, colour: str, step: float) -> None:
        """Upright letters along the top of an ellipse, `step` degrees apart."""
        face = font(size * 2)
        for i, letter in enumerate(text):
            turn = (i - (len(text) - 1) / 2) * step
            x, y = on_circle((0, 0), 1, turn - 90)
            big = Image.new("L", (size * 4, size * 4))
            ImageDraw.Draw(big).text((size * 2, size * 2), letter, fill=255, font=face, anchor="mm", stroke_width=1)
            small = big.rotate(-turn, Image.Resampling.BICUBIC).reduce(2)
            left, top = int(centre[0] + radii[0] * x) - size, int(centre[1] + radii[1] * y) - size
            self.put(((left, top, left + size * 2, top + size * 2), small), colour)

    def outline(self) -> Image.Image:
        whole = Image.new("L", self.size)
        for (box, picture), _, opacity in self.layers:
            if opacity == 1.0:
                area = Image.new("L", self.size)
                area.paste(picture, box[:2])
                whole = ImageChops.lighter(whole, area)
        return whole

    def _laid_floor(self, picture: Image.Image, lift: tuple[int, int]) -> None:
        dark_image = Image.new("RGB", self.size, "#1A2430")
        for mask, opacity, blur in self.floor:
            area = Image.new("L", self.size)
            area.paste(mask[1], mask[0][:2])
            area = area.filter(ImageFilter.GaussianBlur(blur)).point(lambda v, o=opacity: int(v * o))
            picture.paste(dark_image, (0, 0), area)
        if lift != (0, 0):
            area = ImageChops.offset(self.outline().reduce(2), lift[0] // 2, lift[1] // 2)
            area = area.filter(ImageFilter.GaussianBlur(8)).resize(self.size).point(lambda v: int(v * 0.34))
            picture.paste(dark_image, (0, 0), area)

    def photograph(self, lift: tuple[int, int] = (0, 0)) -> Image.Image:
        """The finished picture; `lift` is how far the shadow of things seen from above falls away."""
        picture = self.backdrop(*self.size)
        self._laid_floor(picture, lift)
        for (box, mask), paint, opacity in self.layers:
            seen = mask.point(lambda v, o=opacity: int(v * o)) if opacity < 1 else mask
            picture.paste(paint(box[2] - box[0], box[3] - box[1]), box[:2], seen)
        return picture


def as_webp(picture: Image.Image, quality: int = 86) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=3)
    return out.getvalue()
