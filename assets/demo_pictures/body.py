"""Lamps, glass, wipers and accessories."""

import math
from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, inside, on_circle, polygon, rounded, stroke
from assets.demo_pictures.fluids import cylinder
from assets.demo_pictures.paints import (
    brushed,
    dark,
    glass,
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


def _name(table: Table, label: str, colour: str, centre, size: int = 28) -> None:
    tone = dark(colour, 0.1) if luminance(colour) < 0.7 else "#3A4148"
    table.word(label.upper(), centre, size, tone, width=240, bold=1)


def headlight(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 498, 240, 24, 0.4)
    shell = curve(
        [
            (70, 300),
            (110, 226),
            (260, 172),
            (430, 150),
            (560, 168),
            (596, 230),
            (560, 370),
            (470, 452),
            (300, 470),
            (150, 440),
            (84, 380),
        ],
        steps=10,
    )
    body = polygon(shell)
    table.put(polygon(tuple((x + 6, y + 16) for x, y in shell)), rubber())
    table.put(body, linear(((0, "#3A4148"), (0.5, "#191C20"), (1, "#0D0F11")), 60))
    for cx, cy, r in ((438, 300, 96), (252, 322, 84)):
        table.put(ellipse(cx, cy, r, r), steel(50))
        table.put(ellipse(cx, cy, r * 0.92, r * 0.92), brushed())
        table.put(
            ellipse(cx, cy, r * 0.72, r * 0.72),
            radial(((0, "#FFFDF2"), (0.3, "#E2EEF6"), (0.7, "#6D8294"), (1, "#1E262E")), 0.42, 0.38, 0.7),
        )
        table.put(ellipse(cx - r * 0.24, cy - r * 0.28, r * 0.2, r * 0.13), "#FFFFFF", 0.85)
        table.put(ellipse(cx, cy, r * 0.74, r * 0.74, 0.95), "#0D0F11", 0.7)
    drl = curve([(104, 304), (140, 246), (270, 200), (430, 180), (540, 190)], closed=False, steps=12)
    table.put(stroke(drl, 22), "#9FD0F5", 0.35)
    table.put(stroke(drl, 11), linear(((0, "#FFFFFF"), (1, "#DDF0FF")), 0))
    table.put(inside(rounded(94, 372, 176, 420, 20), body), linear(((0, "#FFC766"), (1, "#D9780A"))))
    shine = curve(
        [(80, 300), (116, 232), (264, 178), (430, 156), (520, 164), (380, 210), (220, 270), (120, 340)], steps=10
    )
    table.put(inside(polygon(shine), body), "#FFFFFF", 0.16)
    _name(table, label, colour, (320, 560))


def tail_light(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 540, 160, 22, 0.4)
    shell = curve(
        [(190, 120), (330, 92), (450, 130), (500, 260), (486, 420), (420, 512), (300, 526), (214, 480), (176, 330)],
        steps=10,
    )
    body = polygon(shell)
    table.put(polygon(tuple((x + 8, y + 12) for x, y in shell)), rubber())
    table.put(body, linear(((0, "#D31F2B"), (0.5, "#A50E1C"), (1, "#5C0610")), 60))
    arc = curve(
        [(226, 150), (330, 126), (424, 156), (462, 270), (450, 400), (398, 478), (300, 490), (238, 452), (210, 330)],
        steps=10,
    )
    table.put(stroke((*arc, arc[0]), 26), "#FF8D93", 0.35)
    table.put(stroke((*arc, arc[0]), 13), linear(((0, "#FF5A63"), (1, "#FF9DA2"))))
    table.put(inside(rounded(246, 206, 430, 282, 26), body), linear(((0, "#FFC05A"), (1, "#C66A06"))))
    table.put(inside(rounded(246, 304, 430, 364, 22), body), linear(((0, "#FFFFFF"), (1, "#C9D1D8"))))
    for i in range(13):
        table.put(stroke(((252 + i * 14, 208), (252 + i * 14, 362)), 2), "#000000", 0.16)
    table.put(inside(ellipse(320, 424, 66, 34), body), radial(((0, "#FF6A72"), (1, "#8C0A16"))))
    table.put(inside(polygon(((190, 120), (330, 92), (390, 104), (240, 420), (180, 360))), body), "#FFFFFF", 0.15)
    _name(table, label, colour, (330, 594))


def bulb(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 596, 90, 16, 0.4)
    envelope = curve([(276, 350), (270, 200), (276, 120), (320, 78), (364, 120), (370, 200), (364, 350)], steps=10)
    body = polygon(envelope)
    table.put(body, linear(((0, "#9FB4C4"), (0.18, "#F5FAFD"), (0.4, "#D3E3EE"), (0.75, "#FFFFFF"), (1, "#A9BBC8")), 0))
    table.put(inside(ellipse(320, 226, 40, 92), body), radial(((0, "#FFF3BF"), (0.5, "#FFF9E3"), (1, "#E8F1F6"))), 0.9)
    for x in (304, 336):
        table.put(stroke(((x, 360), (x, 250)), 4), steel())
    table.put(stroke(tuple((304 + i * 2, 236 + (7 if i % 2 else -7)) for i in range(17)), 4), "#F59E0B")
    cap = curve([(282, 124), (320, 80), (358, 124), (354, 150), (320, 158), (286, 150)], steps=8)
    table.put(inside(polygon(cap), body), linear(((0, "#7A858F"), (1, "#3A4148"))), 0.92)
    table.put(stroke(((284, 180), (282, 330)), 6), "#FFFFFF", 0.9)
    table.put(rounded(268, 340, 372, 372, 8), steel_tube())
    table.put(polygon(((206, 372), (434, 372), (420, 410), (220, 410))), steel_tube())
    for x in (222, 404):
        table.put(rounded(x, 366, x + 16, 416, 5), steel_tube())
    table.put(
        rounded(258, 410, 382, 478, 6),
        linear(((0, dark(colour, 0.35)), (0.3, light(colour, 0.25)), (0.6, colour), (1, dark(colour, 0.4))), 0),
    )
    table.word(label.upper(), (320, 444), 26, ink_on(colour), width=110, bold=1)
    table.put(rounded(272, 478, 368, 520, 4), tube("#3A4047"))
    for x in (284, 314, 344):
        table.put(rounded(x, 518, x + 13, 590, 3), steel_tube())


def wiper(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    for dy, start, end in ((0, 74, 566), (150, 130, 510)):
        arc = tuple(
            (start + (end - start) * i / 40, round(236 + dy - 40 * math.sin(math.pi * i / 40) - i * 0.9, 1))
            for i in range(41)
        )
        table.put(stroke(tuple((x, y + 17) for x, y in arc), 7), "#0D0E10")
        table.put(stroke(tuple((x, y + 10) for x, y in arc), 10), linear(((0, "#3F4449"), (1, "#1A1C1F"))))
        table.put(stroke(arc, 20), linear(((0, "#62676D"), (0.4, "#2D3135"), (1, "#131517"))))
        table.put(stroke(tuple((x, y - 5) for x, y in arc[2:-2]), 3), "#9AA0A6", 0.7)
        mid = arc[20]
        table.put(
            rounded(mid[0] - 60, mid[1] - 24, mid[0] + 60, mid[1] + 16, 12), linear(((0, "#50555B"), (1, "#17191C")))
        )
        table.put(
            rounded(mid[0] - 40, mid[1] - 17, mid[0] + 40, mid[1] + 5, 6),
            linear(((0, light(colour, 0.2)), (1, dark(colour, 0.2)))),
        )
        table.word(label.upper(), (mid[0], mid[1] - 6), 17, ink_on(colour), width=72, bold=0)
    _name(table, label, colour, (320, 520), 36)


def mirror(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(320, 530, 190, 24, 0.4)
    table.put(polygon(curve([(430, 380), (560, 420), (590, 500), (470, 516), (400, 460)], steps=8)), rubber(60))
    shell = curve(
        [
            (80, 250),
            (110, 160),
            (280, 118),
            (450, 130),
            (540, 200),
            (548, 330),
            (500, 430),
            (330, 460),
            (150, 430),
            (90, 350),
        ],
        steps=10,
    )
    body = polygon(shell)
    table.put(polygon(tuple((x + 10, y + 12) for x, y in shell)), linear(((0, "#5B6168"), (1, "#1E2226"))))
    table.put(body, linear(((0, "#4A4F55"), (0.5, "#24282C"), (1, "#131517")), 60))
    pane = polygon(
        curve(
            [
                (112, 258),
                (136, 190),
                (284, 154),
                (440, 164),
                (512, 220),
                (516, 320),
                (474, 398),
                (326, 424),
                (172, 398),
                (120, 340),
            ],
            steps=10,
        )
    )
    table.put(pane, linear(((0, "#BFE0F5"), (0.4, "#E9F5FC"), (0.52, "#9DB7A6"), (0.62, "#6D7F72"), (1, "#4A525A"))))
    table.put(inside(polygon(((300, 430), (318, 316), (330, 316), (380, 430))), pane), "#5B636B")
    table.put(inside(polygon(((90, 316), (520, 316), (520, 312), (90, 312))), pane), "#50605A", 0.6)
    table.put(inside(polygon(((150, 140), (260, 140), (150, 440), (70, 440))), pane), "#FFFFFF", 0.3)
    table.put(inside(polygon(((290, 140), (320, 140), (210, 440), (190, 440))), pane), "#FFFFFF", 0.24)
    table.put(
        stroke(curve([(108, 226), (130, 168), (280, 134)], closed=False), 10), linear(((0, "#FFC766"), (1, "#E8860F")))
    )
    _name(table, label, colour, (250, 520))


def glass_pane(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    sheet = curve(
        [(70, 470), (96, 330), (150, 206), (320, 176), (490, 206), (544, 330), (570, 470), (320, 506)], steps=10
    )
    body = polygon(sheet)
    table.put(polygon(tuple((x, y + 8) for x, y in sheet)), "#5E7280")
    table.put(body, glass("#9CC0D3"), 1.0)
    table.put(
        inside(polygon(((60, 160), (580, 160), (560, 250), (320, 226), (80, 250))), body),
        linear(((0, "#2F7F8F"), (1, "#9CC9D6"))),
        0.55,
    )
    table.put(stroke((*sheet, sheet[0]), 16), linear(((0, "#2A2E33"), (1, "#0F1113"))))
    table.put(rounded(294, 182, 346, 232, 10), rubber())
    table.put(inside(polygon(((180, 180), (250, 180), (150, 500), (70, 500))), body), "#FFFFFF", 0.32)
    table.put(inside(polygon(((280, 180), (304, 180), (212, 500), (182, 500))), body), "#FFFFFF", 0.26)
    _name(table, label, colour, (438, 456), 18)


def floor_mat(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    for x, y, k in ((390, 220, 0.86), (250, 330, 1.0)):
        mat = curve(
            [
                (x - 120 * k, y - 170 * k),
                (x + 90 * k, y - 176 * k),
                (x + 130 * k, y - 100 * k),
                (x + 120 * k, y + 150 * k),
                (x + 90 * k, y + 180 * k),
                (x - 110 * k, y + 176 * k),
                (x - 136 * k, y + 130 * k),
                (x - 140 * k, y - 120 * k),
            ],
            steps=8,
        )
        body = polygon(mat)
        table.shade(polygon(tuple((px + 8, py + 12) for px, py in mat)), 9, 0.3)
        table.put(polygon(tuple((px + 3, py + 6) for px, py in mat)), "#0C0D0E")
        table.put(body, linear(((0, "#4B4F54"), (0.5, "#2F3337"), (1, "#1D2023")), 60))
        inner = polygon(tuple((round(x + (px - x) * 0.86, 1), round(y + (py - y) * 0.88, 1)) for px, py in mat))
        table.put(inner, linear(((0, "#3A3E43"), (1, "#24272A")), 60))
        for row in range(-9, 10):
            for col in range(-6, 7):
                cx, cy = x + col * 19 * k + (9 if row % 2 else 0), y + row * 17 * k
                table.put(inside(ellipse(round(cx), round(cy), 6, 5), inner), "#5E646A", 0.75)
        table.put(
            rounded(x - 54 * k, y + 118 * k, x + 54 * k, y + 150 * k, 6),
            linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))),
        )
        table.word(label.upper(), (x, y + 134 * k), 22, ink_on(colour), width=90, bold=1)


def dashcam(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 488, 190, 20, 0.45)
    table.put(rounded(252, 96, 392, 138, 16), rubber())
    table.put(polygon(((290, 130), (354, 130), (370, 220), (274, 220))), linear(((0, "#43484E"), (1, "#17191C"))))
    table.put(rounded(100, 212, 548, 470, 54), linear(((0, "#5A6066"), (0.2, "#34393E"), (1, "#131518"))))
    table.put(rounded(112, 222, 536, 458, 46), linear(((0, "#33383D"), (1, "#1C1F22")), 60))
    centre = (336.0, 340.0)
    table.put(ellipse(*centre, 106, 106), linear(((0, "#6C737A"), (1, "#0C0D0F")), 60))
    table.put(ellipse(*centre, 98, 98, 0.93), accent)
    table.put(ellipse(*centre, 90, 90), "#0B0C0E")
    table.put(ellipse(*centre, 72, 72), radial(((0, "#5A7FB8"), (0.4, "#23375E"), (1, "#06080D")), 0.4, 0.35))
    table.put(ellipse(*centre, 40, 40), radial(((0, "#8E5FB5"), (0.5, "#2A1C4A"), (1, "#05060A")), 0.6, 0.62))
    table.put(ellipse(308, 312, 17, 13), "#FFFFFF", 0.85)
    table.put(ellipse(362, 368, 7, 6), "#FFFFFF", 0.5)
    table.word(label, (168, 420), 28, "#E3E7EA", width=110, bold=1)
    table.put(ellipse(496, 262, 7, 7), "#E5383B")
    for i in range(5):
        table.put(rounded(462 + i * 12, 400, 468 + i * 12, 430, 3), "#0B0C0E")


def car_cover(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 494, 280, 20, 0.5)
    roof = [(40, 470), (44, 414), (66, 388), (130, 368), (206, 352), (262, 292), (310, 254), (370, 242), (440, 246)]
    tail = [(492, 270), (534, 316), (566, 344), (592, 366), (602, 414), (604, 470), (600, 484), (320, 490), (44, 484)]
    shell = curve([*roof, *tail], steps=8)
    body = polygon(shell)
    table.put(body, linear(((0, "#FBFCFD"), (0.3, "#D9DFE4"), (0.7, "#B3BCC4"), (1, "#828D97"))))
    folds = (
        [(262, 294), (246, 380), (232, 486)],
        [(492, 274), (486, 380), (500, 486)],
        [(206, 354), (150, 420), (140, 484)],
    )
    for points in (*folds, [(566, 346), (544, 420), (552, 484)], [(372, 244), (378, 360), (366, 486)]):
        line = curve(points, closed=False)
        table.shade(stroke(line, 14), 8, 0.32, within=body)
        table.put(inside(stroke(tuple((x - 9, y) for x, y in line), 4), body), "#FFFFFF", 0.6)
    for x in (150, 496):
        table.shade(ellipse(x, 452, 58, 46), 11, 0.34, within=body)
        table.put(inside(ellipse(x, 456, 56, 54, 0.96), body), "#FFFFFF", 0.32)
    table.put(
        inside(stroke(curve([(44, 424), (180, 418), (330, 424), (480, 418), (604, 424)], closed=False), 10), body),
        colour,
    )
    table.word(label.upper(), (366, 350), 50, colour, width=150, bold=2)


def tint_roll(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 540, 220, 24, 0.4)
    table.put(
        polygon(((180, 300), (560, 250), (600, 470), (240, 540))),
        linear(((0, "#5B6C7A"), (0.5, "#93A9B8"), (1, "#3C4853")), 30),
        0.86,
    )
    table.put(polygon(((260, 300), (360, 286), (420, 502), (330, 520))), "#FFFFFF", 0.22)
    cylinder(table, (110, 150, 230, 530), 24, tube("#2F3A44"), "#C9A27C")
    table.put(ellipse(170, 150, 60, 24), linear(((0, "#3A4650"), (1, "#1C242B"))))
    table.put(ellipse(170, 150, 40, 15), "#C9A27C")
    table.put(ellipse(170, 152, 30, 10), radial(((0, "#3A2A1C"), (1, "#7A5B3C"))))
    table.put(rounded(118, 300, 222, 380, 4), tube(colour))
    table.word(label.upper(), (170, 340), 40, ink_on(colour), width=90, bold=2)
    for i in range(3):
        x, y = on_circle((440, 180), 0, 0)
        table.put(stroke(((x - 60 + i * 60, y - 60), (x - 30 + i * 60, y + 50)), 8), "#F4B400", 0.75)
        table.put(
            polygon(((x - 42 + i * 60, y + 44), (x - 16 + i * 60, y + 40), (x - 22 + i * 60, y + 70))), "#F4B400", 0.75
        )


SHAPES = {
    "headlight": (headlight, (0, 0)),
    "tail_light": (tail_light, (0, 0)),
    "bulb": (bulb, (0, 0)),
    "wiper": (wiper, (6, 12)),
    "mirror": (mirror, (0, 0)),
    "glass": (glass_pane, (6, 14)),
    "floor_mat": (floor_mat, (6, 10)),
    "dashcam": (dashcam, (0, 0)),
    "car_cover": (car_cover, (0, 0)),
    "tint_roll": (tint_roll, (0, 0)),
}
