"""Filters, bottles, cans, batteries: what stands on a shelf."""

from random import Random

from assets.demo_pictures.canvas import Mask, Table, curve, ellipse, inside, on_circle, polygon, rounded, stroke
from assets.demo_pictures.paints import (
    dark,
    ink_on,
    light,
    linear,
    luminance,
    radial,
    rubber,
    steel,
    steel_tube,
    tube,
)


def cylinder(table: Table, box: tuple[float, float, float, float], tilt: float, side, top) -> Mask:
    """An upright can: side from y0 to y1, lid and foot as ellipses of half-height `tilt`."""
    x0, y0, x1, y1 = box
    cx, rx = (x0 + x1) / 2, (x1 - x0) / 2
    foot = [(cx + rx * on_circle((0, 0), 1, a)[0], y1 + tilt * on_circle((0, 0), 1, a)[1]) for a in range(0, 181, 6)]
    body = table.put(polygon(tuple((round(x, 1), round(y, 1)) for x, y in [(x0, y0), (x1, y0), *foot])), side)
    if top:
        table.put(ellipse(cx, y0, rx, tilt), top)
    return body


def band(x0: float, x1: float, y0: float, y1: float, tilt: float) -> Mask:
    """A label around a can."""
    cx, rx = (x0 + x1) / 2, (x1 - x0) / 2
    arc = [on_circle((0, 0), 1, a) for a in range(0, 181, 6)]
    lower = [(round(cx + rx * x, 1), round(y1 + tilt * y, 1)) for x, y in arc]
    upper = [(round(cx + rx * x, 1), round(y0 + tilt * y, 1)) for x, y in reversed(arc)]
    return polygon((*lower, *upper))


def oil_filter(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 548, 170, 30, 0.5)
    shell = light(colour, 0.06) if luminance(colour) > 0.75 else colour
    cylinder(table, (172, 176, 468, 520), 46, tube(shell), None)
    for i in range(17):
        x = 180 + i * 17.5
        table.put(stroke(((x, 470), (x + 1, 532)), 4), "#000000", 0.14)
    table.put(band(172, 468, 236, 400, 46), tube(light(accent, 0.05) if accent.upper() != "#111111" else accent))
    table.put(band(172, 468, 224, 234, 46), tube(light(shell, 0.45)))
    table.put(band(172, 468, 404, 412, 46), tube(light(shell, 0.45)))
    table.word(label.upper(), (322, 362), 44, ink_on(accent), width=250, bold=2)
    table.word("OIL FILTER", (322, 404), 19, ink_on(accent), width=200)
    table.put(ellipse(320, 176, 148, 46), steel(20))
    table.put(ellipse(320, 172, 141, 42), linear(((0, "#6F7880"), (0.5, "#AEB6BD"), (1, "#E3E7EA")), 60))
    table.put(ellipse(320, 172, 116, 33), rubber(90))
    table.put(ellipse(320, 171, 94, 26), steel(40))
    for i in range(8):
        x, y = on_circle((0, 0), 1, 45 * i)
        table.put(ellipse(320 + 68 * x, 171 + 18 * y, 9, 4), "#23282D")
    table.put(ellipse(320, 170, 40, 12), steel_tube())
    table.put(ellipse(320, 171, 31, 9), radial(((0, "#0B0D0F"), (1, "#444B52")), 0.5, 0.7))


def _pleated(table: Table, frame: str, fold_light: str, fold_dark: str, speck: str | None, rnd: Random) -> None:
    outer = ((112, 236), (438, 130), (560, 380), (206, 520))
    deep = tuple((x + 4, y + 44) for x, y in outer)
    table.put(polygon((outer[0], outer[3], deep[3], deep[0])), linear(((0, dark(frame, 0.2)), (1, dark(frame, 0.5)))))
    table.put(polygon((outer[3], outer[2], deep[2], deep[3])), linear(((0, dark(frame, 0.35)), (1, dark(frame, 0.6)))))
    table.put(polygon(outer), linear(((0, light(frame, 0.3)), (0.6, frame), (1, dark(frame, 0.25))), 40))
    inner = ((146, 246), (426, 156), (528, 372), (220, 486))
    table.put(polygon(inner), fold_dark)
    folds = 30
    for i in range(folds):
        a, b = i / folds, (i + 0.56) / folds
        corners = []
        for share, (start, end) in (
            (a, (inner[0], inner[1])),
            (b, (inner[0], inner[1])),
            (b, (inner[3], inner[2])),
            (a, (inner[3], inner[2])),
        ):
            corners.append(
                (round(start[0] + (end[0] - start[0]) * share, 1), round(start[1] + (end[1] - start[1]) * share, 1))
            )
        table.put(polygon(tuple(corners)), linear(((0, fold_light), (1, dark(fold_light, 0.14)))))
    if speck:
        for _ in range(260):
            u, v = rnd.random(), rnd.random()
            top = (inner[0][0] + (inner[1][0] - inner[0][0]) * u, inner[0][1] + (inner[1][1] - inner[0][1]) * u)
            low = (inner[3][0] + (inner[2][0] - inner[3][0]) * u, inner[3][1] + (inner[2][1] - inner[3][1]) * u)
            size = rnd.choice((1.5, 2.0, 2.5))
            x, y = round(top[0] + (low[0] - top[0]) * v), round(top[1] + (low[1] - top[1]) * v)
            table.put(ellipse(x, y, size, size), speck, 0.6)


def panel_filter(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(350, 520, 230, 40, 0.32, 22)
    _pleated(table, "#2C2F34", "#FBF3DF", "#C9B586", None, rnd)
    table.put(rounded(372, 470, 560, 528, 8), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (466, 499), 26, ink_on(colour), width=170, bold=1)


def cabin_filter(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(350, 520, 230, 40, 0.3, 22)
    _pleated(table, "#E9ECEE", "#8B9298", "#4A5056", "#1B1E21", rnd)
    table.put(rounded(372, 470, 560, 528, 8), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (466, 499), 26, ink_on(colour), width=170, bold=1)


def fuel_filter(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 556, 150, 26, 0.45)
    for x, turn in ((258, -26), (392, 26)):
        table.put(stroke(((x, 190), (x, 116), (x + turn, 84)), 30), steel_tube())
        table.put(ellipse(x + turn, 78, 16, 9), "#3A4148")
    cylinder(table, (196, 180, 444, 520), 38, tube("#C7CDD3"), steel(30))
    table.put(ellipse(320, 178, 104, 29), linear(((0, "#EFF2F4"), (1, "#AAB2BA"))))
    table.put(band(196, 444, 262, 430, 38), tube(colour))
    table.word(label.upper(), (321, 374), 40, ink_on(colour), width=220, bold=2)
    table.word("FUEL FILTER", (321, 420), 18, ink_on(colour), width=180)
    table.put(stroke(((300, 476), (360, 474)), 8), "#59626B", 0.7)
    table.put(polygon(((366, 462), (392, 473), (366, 486))), "#59626B", 0.7)


def _bottle(table: Table, colour: str, accent: str, label: str, note: str) -> None:
    shape = curve(
        [
            (206, 246),
            (214, 208),
            (262, 176),
            (340, 168),
            (420, 176),
            (446, 226),
            (450, 380),
            (446, 520),
            (430, 546),
            (320, 552),
            (214, 546),
            (202, 520),
            (200, 380),
        ],
        steps=8,
    )
    table.put(polygon(shape), tube(colour))
    body = polygon(shape)
    table.put(rounded(352, 92, 424, 180, 12), tube(accent if luminance(accent) < 0.85 else dark(colour, 0.35)))
    for i in range(9):
        table.put(stroke(((356 + i * 8, 100), (356 + i * 8, 150)), 2), "#000000", 0.22)
    table.put(rounded(346, 152, 430, 176, 8), tube(dark(colour, 0.2)))
    handle = polygon(
        curve([(232, 236), (262, 208), (330, 202), (342, 220), (322, 244), (262, 262), (240, 276)], steps=8)
    )
    table.put(handle, radial(((0, "#DDE3E8"), (1, "#F5F7F9"))))
    table.shade(
        polygon(curve([(226, 232), (262, 200), (336, 196), (350, 222), (322, 252), (256, 272), (234, 284)], steps=8)),
        5,
        0.16,
        within=body,
    )
    plate = rounded(222, 306, 430, 506, 14)
    table.put(plate, linear(((0, "#FFFFFF"), (0.7, "#F2F4F6"), (1, "#D9DEE3")), 0))
    table.put(
        inside(polygon(((216, 300), (440, 300), (440, 352), (216, 404))), plate),
        linear(((0, light(colour, 0.1)), (1, dark(colour, 0.25))), 0),
    )
    table.put(
        inside(polygon(((216, 404), (440, 352), (440, 366), (216, 420))), plate),
        accent if luminance(accent) < 0.9 else light(colour, 0.4),
    )
    table.word(label.upper(), (322, 338), 33, ink_on(colour), width=190, bold=1)
    table.word(note, (326, 446), 38, "#22272C", width=190, bold=2)
    table.word("ENGINE & DRIVELINE", (326, 484), 13, "#6A727A", width=190, bold=0)
    for i in range(5):
        table.put(stroke(((434, 320 + i * 38), (444, 320 + i * 38)), 2), "#FFFFFF", 0.5)


def oil_bottle(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(328, 556, 150, 24, 0.5)
    base = "#3A3F46" if luminance(colour) > 0.9 else colour
    _bottle(table, base, accent, label, "PREMIUM")


def oil_can(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 560, 116, 22, 0.5)
    base = "#3A3F46" if luminance(colour) > 0.9 else colour
    shape = curve(
        [
            (232, 244),
            (246, 206),
            (290, 182),
            (350, 182),
            (394, 206),
            (408, 244),
            (412, 400),
            (408, 536),
            (392, 556),
            (320, 560),
            (248, 556),
            (232, 536),
            (228, 400),
        ],
        steps=8,
    )
    table.put(polygon(shape), tube(base))
    table.put(rounded(290, 100, 350, 186, 10), tube(accent if luminance(accent) < 0.85 else "#22262B"))
    for i in range(8):
        table.put(stroke(((294 + i * 7.4, 108), (294 + i * 7.4, 160)), 2), "#000000", 0.25)
    plate = rounded(242, 290, 398, 520, 12)
    table.put(plate, linear(((0, "#FFFFFF"), (0.7, "#F2F4F6"), (1, "#D5DBE0")), 0))
    table.put(
        inside(polygon(((236, 286), (404, 286), (404, 350), (236, 384))), plate),
        linear(((0, light(base, 0.1)), (1, dark(base, 0.25))), 0),
    )
    table.put(
        inside(polygon(((236, 384), (404, 350), (404, 362), (236, 398))), plate),
        accent if luminance(accent) < 0.9 else light(base, 0.4),
    )
    table.word(label.upper(), (320, 328), 28, ink_on(base), width=140, bold=1)
    table.word("1 L", (322, 446), 46, "#22272C", bold=2)
    table.word("FLUID", (322, 488), 16, "#6A727A", bold=0)


def jerrycan(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    """The accent is the colour of the liquid, seen through the plastic."""
    table.shadow(330, 556, 150, 24, 0.45)
    shape = curve(
        [
            (196, 260),
            (206, 214),
            (260, 190),
            (380, 190),
            (434, 214),
            (446, 260),
            (450, 400),
            (446, 530),
            (430, 552),
            (320, 556),
            (210, 552),
            (194, 530),
            (190, 400),
        ],
        steps=8,
    )
    body = polygon(shape)
    table.put(body, linear(((0, "#C9D3DA"), (0.3, "#FFFFFF"), (0.7, "#E6ECF0"), (1, "#B7C2CA")), 0))
    level = polygon(((180, 262), (460, 262), (460, 560), (180, 560)))
    table.put(
        inside(level, body),
        linear(((0, dark(accent, 0.25)), (0.3, light(accent, 0.35)), (0.6, accent), (1, dark(accent, 0.4))), 0),
        0.92,
    )
    table.put(inside(ellipse(320, 262, 132, 9), body), light(accent, 0.55))
    table.put(rounded(278, 104, 362, 194, 12), tube(colour))
    for i in range(10):
        table.put(stroke(((284 + i * 8, 112), (284 + i * 8, 166)), 2), "#000000", 0.25)
    plate = rounded(216, 304, 424, 500, 14)
    table.put(plate, linear(((0, "#FFFFFF"), (1, "#E7EBEE")), 0))
    table.put(
        inside(rounded(210, 300, 430, 372, 2), plate), linear(((0, light(colour, 0.12)), (1, dark(colour, 0.2))), 0)
    )
    table.word(label.upper(), (320, 338), 34, ink_on(colour), width=190, bold=1)
    for i, width in enumerate((150, 120, 136)):
        table.put(rounded(320 - width / 2, 398 + i * 26, 320 + width / 2, 408 + i * 26, 5), "#C4CBD1")
    table.put(ellipse(320, 484, 9, 9), accent)
    table.put(stroke(((440, 290), (441, 500)), 6), "#FFFFFF", 0.5)


def spray_can(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 574, 96, 20, 0.5)
    cylinder(table, (236, 214, 404, 556), 22, tube(colour), None)
    dome = curve(
        [(236, 216), (248, 180), (284, 158), (320, 152), (356, 158), (392, 180), (404, 216), (360, 234), (280, 234)],
        steps=8,
    )
    table.put(polygon(dome), steel_tube())
    table.put(rounded(288, 76, 352, 160, 14), tube(accent if luminance(accent) < 0.9 else "#D0121F"))
    table.put(rounded(276, 104, 300, 118, 4), tube("#2B2F34"))
    table.put(stroke(((276, 111), (188, 128), (150, 140)), 5), "#D83A2E")
    table.put(band(236, 404, 300, 452, 22), tube(accent if luminance(accent) > 0.3 else light(colour, 0.75)))
    strip = accent if luminance(accent) > 0.3 else light(colour, 0.75)
    table.word(label.upper(), (321, 384), 40, ink_on(strip), width=150, bold=2)
    table.put(band(236, 404, 496, 510, 22), tube(light(colour, 0.55)))
    for i, width in enumerate((96, 72)):
        table.put(rounded(321 - width / 2, 426 + i * 16, 321 + width / 2, 433 + i * 16, 3), ink_on(strip), 0.4)


def battery(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 520, 236, 30, 0.5)
    table.put(polygon(((486, 216), (552, 170), (552, 440), (486, 512))), linear(((0, "#2E3237"), (1, "#131517")), 60))
    table.put(rounded(104, 214, 488, 512, 12), linear(((0, "#3B4046"), (0.5, "#24282C"), (1, "#17191C")), 60))
    table.put(
        polygon(((100, 218), (172, 158), (556, 158), (490, 218))),
        linear(((0, light(colour, 0.35)), (1, dark(colour, 0.1))), 60),
    )
    table.put(rounded(98, 214, 492, 252, 8), linear(((0, light(colour, 0.2)), (1, dark(colour, 0.3)))))
    table.put(polygon(((490, 216), (556, 160), (556, 192), (490, 252))), dark(colour, 0.45))
    for x, sign in ((186, "+"), (456, "-")):
        base = "#C62828" if sign == "+" else "#30353A"
        table.put(ellipse(x, 180, 38, 15), dark(base, 0.3))
        cylinder(table, (x - 21, 138, x + 21, 176), 9, steel_tube(), "#DDE2E6")
        table.put(ellipse(x, 138, 13, 5), "#A9B1B8")
        table.word(sign, (x + 50, 182), 30, "#FFFFFF", bold=2)
    table.put(stroke(((268, 176), (290, 146), (360, 146), (378, 176)), 9), "#1B1E21")
    plate = rounded(128, 276, 464, 484, 12)
    table.put(plate, linear(((0, light(colour, 0.08)), (1, dark(colour, 0.25))), 50))
    table.put(
        inside(polygon(((120, 420), (470, 350), (470, 372), (120, 446))), plate),
        accent if luminance(accent) < 0.92 else "#FFFFFF",
    )
    table.put(
        inside(polygon(((120, 446), (470, 372), (470, 500), (120, 500))), plate),
        linear(((0, "#FFFFFF"), (1, "#E4E8EB"))),
    )
    table.word(label.upper(), (282, 336), 58, ink_on(colour), width=300, bold=3)
    table.word("12V", (404, 446), 34, "#22272C", bold=2)
    table.word("MAINTENANCE FREE", (236, 464), 15, "#535B63", bold=0)


SHAPES = {
    "oil_filter": (oil_filter, (0, 0)),
    "panel_filter": (panel_filter, (6, 10)),
    "cabin_filter": (cabin_filter, (6, 10)),
    "fuel_filter": (fuel_filter, (0, 0)),
    "oil_bottle": (oil_bottle, (0, 0)),
    "oil_can": (oil_can, (0, 0)),
    "jerrycan": (jerrycan, (0, 0)),
    "spray_can": (spray_can, (0, 0)),
    "battery": (battery, (0, 0)),
}
