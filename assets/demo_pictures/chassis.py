"""Suspension, driveline and engine parts."""

import itertools
import math
from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, gear, on_circle, polygon, rounded, stroke, turned
from assets.demo_pictures.fluids import cylinder
from assets.demo_pictures.paints import (
    brushed,
    cast_iron,
    dark,
    ink_on,
    light,
    linear,
    rubber,
    steel,
    steel_tube,
    tube,
)


def _bar(table: Table, start, end, width: float, paint_at) -> None:
    """A straight round bar between two points; the paint gets the angle across it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    corners = (
        (start[0] + nx, start[1] + ny),
        (end[0] + nx, end[1] + ny),
        (end[0] - nx, end[1] - ny),
        (start[0] - nx, start[1] - ny),
    )
    table.put(polygon(tuple((round(x, 1), round(y, 1)) for x, y in corners)), paint_at)


def shock_absorber(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 596, 110, 18, 0.45)
    table.put(rounded(304, 24, 336, 78, 8), steel_tube())
    table.put(rounded(312, 60, 328, 330, 4), steel_tube())
    table.put(rounded(222, 72, 418, 100, 14), tube("#3A4047"))
    for i in range(7):
        y = 112 + i * 36
        table.put(stroke(((402, y - 4), (238, y + 16)), 15), linear(((0, dark(colour, 0.55)), (1, dark(colour, 0.45)))))
    table.put(rounded(286, 190, 354, 360, 12), tube("#23272C"))
    for i in range(7):
        y = 104 + i * 36
        points = tuple(
            (
                round(320 - 92 * math.cos(math.pi * k / 12), 1),
                round(y + 8 + 26 * k / 12 + 9 * math.sin(math.pi * k / 12), 1),
            )
            for k in range(13)
        )
        table.put(stroke(points, 17), tube(colour))
    table.put(polygon(((214, 366), (426, 366), (398, 396), (242, 396))), tube("#4A5057"))
    table.put(rounded(272, 372, 368, 552, 12), tube("#2A2E33"))
    table.put(rounded(272, 440, 368, 500, 2), tube(accent if ink_on(accent) != "#FFFFFF" else colour))
    table.word(
        label.upper(), (321, 470), 26, ink_on(accent if ink_on(accent) != "#FFFFFF" else colour), width=88, bold=1
    )
    table.put(rounded(262, 534, 378, 592, 14), steel_tube())
    table.put(ellipse(320, 563, 21, 21), rubber())
    table.put(ellipse(320, 563, 10, 10), steel())


def control_arm(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    arm = curve(
        [
            (116, 236),
            (160, 196),
            (300, 250),
            (470, 176),
            (520, 196),
            (536, 236),
            (470, 300),
            (420, 420),
            (378, 516),
            (322, 540),
            (276, 510),
            (262, 420),
            (214, 330),
            (130, 286),
        ],
        steps=10,
    )
    body = polygon(arm)
    table.put(polygon(tuple((x + 6, y + 14) for x, y in arm)), cast_iron(90))
    table.put(body, linear(((0, "#565D65"), (0.4, "#343A41"), (1, "#1C2025")), 70))
    hole = polygon(
        curve(
            [(252, 290), (330, 292), (428, 256), (410, 320), (366, 420), (328, 462), (296, 420), (274, 350)], steps=10
        )
    )
    table.shade(hole, 5, 0.6, within=body)
    table.put(hole, linear(((0, "#E4E8EB"), (1, "#F4F6F8"))))
    table.put(
        polygon(
            tuple(
                (x, y)
                for x, y in curve([(254, 292), (330, 294), (426, 260), (420, 278), (330, 308), (262, 306)], steps=8)
            )
        ),
        "#16191D",
        0.55,
    )
    for x, y, r in ((142, 240, 52), (500, 222, 46)):
        table.put(ellipse(x, y, r, r), steel(50))
        table.put(ellipse(x, y, r * 0.84, r * 0.84), rubber(60))
        table.put(ellipse(x, y, r * 0.46, r * 0.46), steel(120))
        table.put(ellipse(x, y, r * 0.28, r * 0.28), "#15181B")
    table.put(ellipse(326, 500, 50, 50), steel(40))
    table.put(ellipse(326, 496, 40, 40), rubber(60))
    table.put(ellipse(326, 492, 22, 22), steel(60))
    table.put(ellipse(326, 490, 10, 10), "#747D85")
    table.word(label.upper(), (330, 592), 24, dark(colour, 0.1), width=200)


def ball_joint(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    _bar(table, (96, 492), (350, 356), 40, steel_tube(60))
    for i in range(13):
        x, y = 104 + i * 12.4, 488 - i * 6.6
        table.put(stroke(((x - 8, y - 18), (x + 9, y + 17)), 3), "#525B63", 0.7)
    hexagon = polygon(turned([(262, 366), (318, 366), (318, 432), (262, 432)], (290, 398), -28))
    table.put(hexagon, steel(60))
    table.put(ellipse(418, 330, 96, 96), cast_iron(60))
    table.put(ellipse(414, 326, 92, 92), linear(((0, "#9AA2AA"), (0.5, "#5C646C"), (1, "#343A41")), 60))
    boot = curve([(346, 300), (362, 240), (402, 206), (448, 206), (484, 240), (494, 300), (420, 334)], steps=8)
    table.put(polygon(boot), rubber(50))
    for y, w in ((286, 68), (262, 58), (238, 44)):
        table.put(
            stroke(
                tuple(
                    (round(420 - w + i * w / 6, 1), round(y + 10 * math.sin(math.pi * i / 12), 1)) for i in range(13)
                ),
                5,
            ),
            "#5B6067",
            0.8,
        )
    table.put(rounded(402, 96, 440, 214, 8), steel_tube())
    for i in range(8):
        table.put(stroke(((402, 106 + i * 9), (440, 110 + i * 9)), 2.6), "#59626B", 0.75)
    table.put(rounded(392, 150, 450, 182, 5), steel_tube())
    table.put(rounded(362, 388, 474, 420, 8), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (418, 404), 24, ink_on(colour), width=100, bold=1)


def cv_axle(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(320, 470, 250, 30, 0.3, 20)
    angle = -24
    centre = (320.0, 320.0)

    def piece(x0, y0, x1, y1, paint):
        table.put(polygon(turned([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], centre, angle)), paint)

    piece(10, 302, 92, 338, steel_tube(70))
    for i in range(9):
        piece(16 + i * 7, 302, 18 + i * 7, 338, "#59626B")
    piece(88, 262, 168, 378, linear(((0, "#B9C1C8"), (0.35, "#F4F6F8"), (0.6, "#8E979F"), (1, "#454D55")), 66))
    piece(260, 308, 400, 332, linear(((0, "#4F565E"), (0.4, "#2C3137"), (1, "#15181B")), 66))
    for base, sign in ((168, 1), (472, -1)):
        for i in range(6):
            half = 54 - i * 7.5
            x = base + sign * i * 17
            piece(
                min(x, x + sign * 18),
                320 - half,
                max(x, x + sign * 18),
                320 + half,
                linear(((0, "#5A5F65"), (0.35, "#34383D"), (1, "#0F1113")), 66),
            )
            piece(
                min(x, x + sign * 5),
                320 - half - 4,
                max(x, x + sign * 5),
                320 + half + 4,
                linear(((0, "#6C7177"), (0.4, "#2B2E33"), (1, "#131517")), 66),
            )
    piece(
        470,
        258,
        556,
        382,
        linear(((0, light(colour, 0.35)), (0.35, light(colour, 0.1)), (0.6, colour), (1, dark(colour, 0.55))), 66),
    )
    piece(552, 300, 632, 340, steel_tube(70))
    for i in range(8):
        piece(570 + i * 7, 300, 572 + i * 7, 340, "#59626B")
    table.word(label.upper(), (470, 470), 28, dark(colour, 0.1), width=200, bold=1)


def engine_mount(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(324, 520, 220, 28, 0.45)
    base = ((92, 468), (548, 468), (526, 520), (114, 520))
    table.put(polygon(base), cast_iron())
    table.put(polygon(((112, 448), (528, 448), (548, 470), (92, 470))), linear(((0, "#9BA3AA"), (1, "#5F676F"))))
    for x in (150, 490):
        table.put(ellipse(x, 460, 20, 7), "#14171A")
    cylinder(
        table,
        (186, 300, 454, 446),
        36,
        linear(((0, "#1A1D20"), (0.3, "#5A6067"), (0.6, "#2B2F34"), (1, "#101214")), 0),
        rubber(50),
    )
    for y in (338, 374, 410):
        table.put(
            stroke(
                tuple(
                    (round(320 - 134 * math.cos(math.pi * k / 16), 1), round(y + 34 * math.sin(math.pi * k / 16), 1))
                    for k in range(17)
                ),
                4,
            ),
            "#000000",
            0.4,
        )
    cylinder(table, (224, 250, 416, 304), 27, tube(colour), linear(((0, light(colour, 0.45)), (1, colour))))
    cylinder(table, (296, 146, 344, 250), 9, steel_tube(), "#E3E7EA")
    for i in range(9):
        table.put(stroke(((296, 154 + i * 9), (344, 158 + i * 9)), 2.6), "#59626B", 0.7)
    table.put(rounded(278, 222, 362, 250, 4), steel_tube())
    table.word(label.upper(), (320, 286), 24, ink_on(colour), width=150, bold=1)


def clutch_kit(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    c1 = (386.0, 346.0)
    table.put(ellipse(392, 356, 218, 218), cast_iron(60))
    table.put(ellipse(*c1, 218, 218), linear(((0, "#8D959C"), (0.5, "#555D65"), (1, "#2D3238")), 60))
    table.put(ellipse(*c1, 200, 200), steel(70))
    table.put(ellipse(*c1, 186, 186), "#3A4047")
    for i in range(18):
        points = [on_circle(c1, r, 20 * i + d) for r, d in ((180, 2), (180, 17), (64, 15), (64, 4))]
        table.put(polygon(tuple(points)), linear(((0, "#C7CED4"), (1, "#717A82")), 20 + 18 * (i % 5)))
    table.put(ellipse(*c1, 66, 66), "#1A1D20")
    c2 = (236.0, 256.0)
    table.shade(ellipse(246, 268, 176, 176), 14, 0.5, within=ellipse(*c1, 218, 218))
    table.put(ellipse(*c2, 176, 176), linear(((0, "#9A8A7B"), (0.5, "#74675B"), (1, "#4A4139")), 60))
    for i in range(24):
        table.put(stroke((on_circle(c2, 118, 15 * i), on_circle(c2, 174, 15 * i + 6)), 3), "#3A332D", 0.8)
    table.put(ellipse(*c2, 116, 116), steel(40))
    table.put(ellipse(*c2, 104, 104), linear(((0, light(colour, 0.3)), (0.6, colour), (1, dark(colour, 0.35))), 60))
    for i in range(6):
        x, y = on_circle(c2, 72, 60 * i)
        bar = turned([(x - 13, y - 26), (x + 13, y - 26), (x + 13, y + 26), (x - 13, y + 26)], (x, y), 60 * i)
        table.put(polygon(bar), "#15181B")
        for k in range(-2, 3):
            a = turned([(x - 11, y + k * 10 - 3), (x + 11, y + k * 10 + 3)], (x, y), 60 * i)
            table.put(stroke(a, 5), "#DDE2E6")
    table.put(ellipse(*c2, 40, 40), steel(30))
    table.put(gear(c2, 27, 24, 24), "#15181B")
    table.word(label.upper(), (470, 596), 26, dark(colour, 0.1), width=200, bold=1)


def belt(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    loop = [
        (150, 210),
        (240, 120),
        (380, 130),
        (440, 220),
        (500, 290),
        (540, 400),
        (470, 500),
        (350, 510),
        (290, 420),
        (240, 380),
        (150, 360),
        (112, 290),
    ]
    outer = curve(loop, steps=14)
    ring = (*outer, outer[0])
    table.put(stroke(tuple((round(x + 7, 1), round(y + 9, 1)) for x, y in ring), 46), "#0D0E10")
    table.put(stroke(ring, 46), linear(((0, "#4B5056"), (0.5, "#2A2D31"), (1, "#1A1C1F")), 60))
    for shift in (-14, -5, 4, 13):
        table.put(stroke(tuple((round(x + shift * 0.5, 1), round(y + shift, 1)) for x, y in ring), 2.4), "#000000", 0.6)
        table.put(
            stroke(tuple((round(x + shift * 0.5 - 1, 1), round(y + shift - 2.6, 1)) for x, y in ring), 1.4),
            "#7E848A",
            0.6,
        )
    table.put(rounded(236, 262, 410, 320, 10), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (323, 291), 36, ink_on(colour), width=150, bold=2)


def timing_kit(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    top, low = (320.0, 180.0), (320.0, 476.0)
    path = [on_circle(top, 104, a) for a in range(180, 361, 6)] + [on_circle(low, 70, a) for a in range(0, 181, 6)]
    ring = (*path, path[0])
    table.put(stroke(tuple((x + 4, y + 6) for x, y in ring), 22), "#14171A")
    table.put(stroke(ring, 22), linear(((0, "#AEB6BD"), (1, "#5F6870"))))
    length = 0.0
    for a, b in itertools.pairwise(ring):
        length += math.dist(a, b)
        if length > 19:
            length = 0.0
            table.put(ellipse(round(b[0], 1), round(b[1], 1), 7.5, 7.5), "#2B3036")
            table.put(ellipse(round(b[0] - 1, 1), round(b[1] - 1, 1), 4.5, 4.5), "#DDE2E6")
    for centre, radius, teeth in ((top, 94, 40), (low, 60, 26)):
        table.put(gear(centre, radius, radius - 9, teeth), steel(50))
        table.put(ellipse(*centre, radius * 0.76, radius * 0.76), brushed())
        table.put(ellipse(*centre, radius * 0.3, radius * 0.3), "#22272C")
    for i in range(5):
        x, y = on_circle(top, 46, 72 * i - 90)
        table.put(ellipse(x, y, 13, 13), "#2B3036")
    guide = curve([(196, 210), (214, 208), (228, 320), (254, 450), (236, 456), (206, 330)], steps=8)
    table.put(polygon(guide), linear(((0, light(colour, 0.25)), (1, dark(colour, 0.3))), 0))
    table.put(polygon(tuple((640 - x, y) for x, y in guide)), linear(((0, "#4A5057"), (1, "#1E2226")), 0))
    table.word(label.upper(), (320, 590), 28, dark(colour, 0.1), width=200, bold=1)


def gasket(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    loop = [
        (96, 250),
        (130, 196),
        (220, 206),
        (300, 180),
        (400, 200),
        (500, 180),
        (548, 230),
        (540, 380),
        (556, 430),
        (500, 470),
        (400, 452),
        (300, 476),
        (210, 456),
        (130, 470),
        (96, 420),
        (110, 330),
    ]
    ring = curve(loop, steps=10)
    ring = (*ring, ring[0])
    table.put(stroke(tuple((x + 3, y + 6) for x, y in ring), 25), "#0E0F11")
    table.put(stroke(ring, 25), linear(((0, "#5B6067"), (0.5, "#2C3035"), (1, "#17191C"))))
    table.put(stroke(ring, 4), "#70767C", 0.7)
    for x, y in ((104, 226), (320, 186), (540, 214), (548, 420), (320, 470), (104, 438)):
        table.put(ellipse(x, y, 22, 22), rubber(60))
        table.put(ellipse(x, y, 11, 11), "#EEF1F3")
    for x in (210, 320, 430):
        table.put(ellipse(x, 326, 40, 40, 0.74), rubber(60))
    table.word(label.upper(), (320, 396), 24, dark(colour, 0.1), width=200, bold=1)


SHAPES = {
    "shock_absorber": (shock_absorber, (0, 0)),
    "control_arm": (control_arm, (10, 16)),
    "ball_joint": (ball_joint, (6, 12)),
    "cv_axle": (cv_axle, (6, 14)),
    "engine_mount": (engine_mount, (0, 0)),
    "clutch_kit": (clutch_kit, (10, 16)),
    "belt": (belt, (8, 14)),
    "timing_kit": (timing_kit, (8, 14)),
    "gasket": (gasket, (8, 14)),
}
