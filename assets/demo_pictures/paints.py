"""Colours and surfaces: a paint is a function of a box that returns an RGB picture of that size."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image

RGB = tuple[int, int, int]
Stops = Sequence[tuple[float, str]]
Paint = Callable[[int, int], Image.Image]


def rgb(colour: str) -> RGB:
    """#RRGGBB as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first."""
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(rgb(first), rgb(second), strict=True))


def light(colour: str, share: float) -> str:
    return mix(colour, "#FFFFFF", share)


def dark(colour: str, share: float) -> str:
    return mix(colour, "#000000", share)


def luminance(colour: str) -> float:
    red, green, blue = rgb(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def ink_on(colour: str) -> str:
    """White or near-black, whichever reads on the colour."""
    return "#FFFFFF" if luminance(colour) < 0.6 else "#1B1E22"


@lru_cache(maxsize=512)
def _palette(stops: tuple[tuple[float, str], ...]) -> bytes:
    table = bytearray()
    for step in range(256):
        at = step / 255
        low = max((s for s in stops if s[0] <= at), key=lambda s: s[0], default=stops[0])
        high = min((s for s in stops if s[0] >= at), key=lambda s: s[0], default=stops[-1])
        share = 0.0 if high[0] == low[0] else (at - low[0]) / (high[0] - low[0])
        table += bytes(rgb(mix(low[1], high[1], share)))
    return bytes(table)


def _coloured(ramp: Image.Image, stops: tuple[tuple[float, str], ...]) -> Image.Image:
    ramp = ramp.copy()
    ramp.putpalette(_palette(stops))
    return ramp.convert("RGB")


@lru_cache(maxsize=96)
def _linear_ramp(width: int, height: int, angle: int) -> Image.Image:
    vertical = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize((width, height))
    share = abs(math.cos(math.radians(angle))) / (
        abs(math.cos(math.radians(angle))) + abs(math.sin(math.radians(angle)))
    )
    return Image.blend(vertical, across, share)


@lru_cache(maxsize=4)
def _turn(size: int = 720) -> Image.Image:
    half = size / 2
    values = bytes(
        int((math.atan2(y - half + 0.5, x - half + 0.5) / math.tau + 0.5) * 255)
        for y in range(size)
        for x in range(size)
    )
    return Image.frombytes("L", (size, size), values)


def flat(colour: str) -> Paint:
    return lambda width, height: Image.new("RGB", (width, height), rgb(colour))


def linear(stops: Stops, angle: int = 90) -> Paint:
    """From the first stop to the last; 0 runs left to right, 90 top to bottom."""
    fixed = tuple(stops)
    return lambda width, height: _coloured(_linear_ramp(width, height, angle), fixed)


def radial(stops: Stops, cx: float = 0.5, cy: float = 0.5, reach: float = 0.75) -> Paint:
    """From the point (cx, cy), given in shares of the box, outwards to `reach` boxes."""
    fixed = tuple(stops)

    def paint(width: int, height: int) -> Image.Image:
        reach_x, reach_y = int(width * reach), int(height * reach)
        ball = Image.radial_gradient("L").resize((reach_x * 2, reach_y * 2))
        ramp = Image.new("L", (width, height), 255)
        ramp.paste(ball, (int(width * cx) - reach_x, int(height * cy) - reach_y))
        return _coloured(ramp, fixed)

    return paint


def conic(stops: Stops) -> Paint:
    """Around the centre, like light on brushed metal."""
    fixed = tuple(stops)
    return lambda width, height: _coloured(_turn().resize((width, height), Image.Resampling.NEAREST), fixed)


def vertical_pair(top: str, bottom: str) -> Paint:
    return linear(((0, top), (1, bottom)))


def tube(colour: str, angle: int = 0) -> Paint:
    """A round, glossy surface lit from the left."""
    return linear(
        (
            (0, dark(colour, 0.55)),
            (0.1, dark(colour, 0.25)),
            (0.28, light(colour, 0.38)),
            (0.36, light(colour, 0.22)),
            (0.55, colour),
            (0.85, dark(colour, 0.38)),
            (0.96, dark(colour, 0.5)),
            (1, dark(colour, 0.3)),
        ),
        angle,
    )


def matt(colour: str, angle: int = 90) -> Paint:
    return linear(((0, light(colour, 0.18)), (0.5, colour), (1, dark(colour, 0.28))), angle)


def steel(angle: int = 90) -> Paint:
    return linear(
        ((0, "#FBFCFD"), (0.22, "#BFC6CD"), (0.45, "#EEF1F3"), (0.7, "#98A1AA"), (0.9, "#C9CFD5"), (1, "#8A939C")),
        angle,
    )


def steel_tube(angle: int = 0) -> Paint:
    return linear(
        (
            (0, "#6C757E"),
            (0.14, "#B4BCC4"),
            (0.3, "#FFFFFF"),
            (0.45, "#CBD1D7"),
            (0.75, "#7E8891"),
            (0.92, "#59626B"),
            (1, "#9AA3AB"),
        ),
        angle,
    )


def cast_iron(angle: int = 90) -> Paint:
    return linear(((0, "#7B838B"), (0.5, "#565D65"), (1, "#33383E")), angle)


def brushed() -> Paint:
    """Turned metal seen from the front."""
    bright, mid, deep = "#F7F9FA", "#C3CAD0", "#939CA5"
    return conic(
        (
            (0, mid),
            (0.08, deep),
            (0.18, bright),
            (0.3, mid),
            (0.42, deep),
            (0.5, mid),
            (0.58, deep),
            (0.68, bright),
            (0.8, mid),
            (0.92, deep),
            (1, mid),
        )
    )


def rubber(angle: int = 90) -> Paint:
    return linear(((0, "#4A4E54"), (0.35, "#2B2E33"), (1, "#141619")), angle)


def glass(tint: str = "#BFD4E2", angle: int = 60) -> Paint:
    return linear(
        (
            (0, light(tint, 0.75)),
            (0.35, light(tint, 0.2)),
            (0.5, light(tint, 0.6)),
            (0.75, tint),
            (1, dark(tint, 0.25)),
        ),
        angle,
    )
