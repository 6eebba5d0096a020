"""Electrical, ignition, fuel and cooling parts."""

import math
from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, gear, on_circle, polygon, rounded, stroke, turned
from assets.demo_pictures.fluids import band, cylinder
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


def _tag(table: Table, centre, size: int, colour: str, label: str, half: float = 92) -> None:
    x, y = centre
    table.put(
        rounded(x - half, y - size, x + half, y + size, 8), linear(((0, light(colour, 0.18)), (1, dark(colour, 0.18))))
    )
    table.word(label.upper(), (x, y), int(size * 1.25), ink_on(colour), width=half * 1.8, bold=1)


def alternator(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 560, 200, 26, 0.45)
    for x, y in ((150, 470), (508, 200)):
        table.put(stroke(((330, 320), (x, y)), 62), cast_iron(60))
        table.put(ellipse(x, y, 40, 40), steel(60))
        table.put(ellipse(x, y, 17, 17), "#1A1E22")
    centre = (336.0, 322.0)
    table.put(ellipse(352, 334, 204, 208), cast_iron(60))
    table.put(ellipse(*centre, 204, 208), linear(((0, "#E8ECEF"), (0.45, "#A8B0B7"), (1, "#67707A")), 60))
    for i in range(20):
        a, b = on_circle(centre, 122, 18 * i), on_circle(centre, 190, 18 * i + 5)
        table.put(stroke((a, b), 16), "#262B30")
        table.put(stroke(((a[0] + 3, a[1] + 2), (b[0] + 3, b[1] + 2)), 7), "#B8732F", 0.75)
    table.put(ellipse(*centre, 116, 118), steel(50))
    for i, radius in enumerate((104, 96, 88, 80, 72)):
        table.put(ellipse(332, 318, radius, radius), "#2B3036" if i % 2 else "#9BA4AC")
    table.put(ellipse(332, 318, 66, 66), brushed())
    table.put(polygon(tuple(on_circle((332, 318), 30, 60 * i) for i in range(6))), steel(60))
    table.put(ellipse(332, 318, 13, 13), "#33393F")
    _tag(table, (330, 500), 24, colour, label)


def starter(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(320, 520, 220, 28, 0.45)
    table.put(rounded(220, 146, 452, 244, 30), tube("#B9C1C8", 90))
    table.put(rounded(214, 140, 244, 250, 10), tube("#4A5057", 90))
    for y in (172, 214):
        table.put(rounded(180, y - 9, 220, y + 9, 4), tube("#C98A3C", 90))
    table.put(rounded(110, 258, 440, 478, 34), tube("#4B5259", 90))
    table.put(rounded(110, 258, 158, 478, 26), tube("#9AA3AB", 90))
    table.put(rounded(300, 258, 332, 478, 2), tube(colour, 90))
    table.put(
        polygon(((430, 236), (520, 216), (544, 300), (544, 440), (520, 504), (430, 490))),
        linear(((0, "#E0E5E9"), (0.5, "#8F99A2"), (1, "#59626B"))),
    )
    table.put(rounded(540, 330, 600, 404, 4), steel_tube(90))
    for i in range(5):
        table.put(stroke(((542, 338 + i * 15), (600, 338 + i * 15)), 4), "#4A525A", 0.8)
    table.put(rounded(596, 352, 622, 382, 4), steel_tube(90))
    table.word(label.upper(), (228, 368), 44, "#E9EDF0", width=130, bold=2)


def compressor(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 540, 220, 28, 0.45)
    for x in (300, 420):
        table.put(rounded(x, 132, x + 46, 200, 8), steel_tube())
        table.put(ellipse(x + 23, 134, 17, 7), "#15181B")
    table.put(
        rounded(210, 184, 556, 500, 42), linear(((0, "#F1F4F6"), (0.3, "#B3BBC2"), (0.6, "#8A939B"), (1, "#4B535B")))
    )
    for x in (350, 430, 500):
        table.put(rounded(x, 186, x + 14, 498, 6), "#6B747C", 0.55)
    for x, y in ((540, 220), (540, 462)):
        table.put(ellipse(x, y, 26, 26), steel(60))
        table.put(ellipse(x, y, 11, 11), "#1A1E22")
    centre = (222.0, 342.0)
    table.put(ellipse(246, 350, 138, 160), cast_iron(40))
    table.put(ellipse(*centre, 138, 160), steel(60))
    for i, share in enumerate((0.94, 0.86, 0.78, 0.7)):
        table.put(ellipse(*centre, 138 * share, 160 * share), "#2B3036" if i % 2 == 0 else "#C6CDD3")
    table.put(ellipse(*centre, 84, 98), linear(((0, "#5A6168"), (1, "#23282D"))))
    for i in range(3):
        x, y = on_circle((0, 0), 1, 120 * i - 90)
        table.put(stroke(((222, 342), (222 + 62 * x, 342 + 74 * y)), 34), steel(60))
        table.put(ellipse(222 + 58 * x, 342 + 68 * y, 9, 10), "#23282D")
    table.put(ellipse(*centre, 24, 28), brushed())
    _tag(table, (456, 344), 26, colour, label, 78)


def coil(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    centre = (320.0, 320.0)

    def place(points):
        return turned(points, centre, 32)

    def slab(x0, y0, x1, y1, paint):
        table.put(polygon(place([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])), paint)

    slab(292, 300, 348, 560, linear(((0, "#16181B"), (0.3, "#575C62"), (0.6, "#2A2D31"), (1, "#0E0F11")), 32))
    for i in range(6):
        slab(286, 330 + i * 30, 354, 342 + i * 30, linear(((0, "#1C1F22"), (0.3, "#666B71"), (1, "#121416")), 32))
    slab(284, 540, 356, 590, linear(((0, "#101113"), (0.3, "#4A4E53"), (1, "#0A0B0C")), 32))
    slab(276, 236, 364, 308, linear(((0, "#1A1D20"), (0.3, "#5F656B"), (1, "#17191C")), 32))
    body = place(
        curve([(210, 120), (240, 96), (400, 96), (430, 120), (430, 220), (404, 246), (236, 246), (210, 220)], steps=6)
    )
    table.put(polygon(tuple((x + 5, y + 8) for x, y in body)), "#0E0F11")
    table.put(polygon(body), linear(((0, "#5C6268"), (0.5, "#33383D"), (1, "#1C1F22")), 60))
    slab(240, 120, 400, 190, linear(((0, light(colour, 0.2)), (1, dark(colour, 0.2))), 60))
    slab(150, 142, 214, 204, linear(((0, "#4A4F55"), (1, "#1A1D20"))))
    ear = place([(474, 172)])[0]
    table.put(stroke((place([(420, 172)])[0], ear), 52), "#2B2F34")
    table.put(ellipse(*ear, 24, 24), steel(60))
    table.put(ellipse(*ear, 12, 12), "#EEF1F3")
    table.word(label.upper(), (470, 470), 32, dark(colour, 0.1), width=180, bold=1)


def spark_plug(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 606, 70, 12, 0.4)
    table.put(rounded(302, 26, 338, 92, 10), steel_tube())
    table.put(rounded(308, 82, 332, 104, 2), steel_tube())
    table.put(
        rounded(282, 98, 358, 300, 16),
        linear(((0, "#B9BEC3"), (0.2, "#FFFFFF"), (0.5, "#F4F6F7"), (0.8, "#C6CBD0"), (1, "#8E959C")), 0),
    )
    for y in (112, 130, 148, 166):
        table.put(
            rounded(276, y, 364, y + 9, 5),
            linear(((0, "#B2B8BE"), (0.25, "#FFFFFF"), (0.7, "#D9DDE1"), (1, "#959CA3")), 0),
        )
    table.put(
        rounded(282, 196, 358, 250, 1),
        linear(((0, dark(colour, 0.3)), (0.25, light(colour, 0.25)), (0.6, colour), (1, dark(colour, 0.4))), 0),
    )
    table.word(label.upper(), (320, 223), 30, ink_on(colour), width=66, bold=1)
    for x0, x1, tone in ((246, 292, 0.0), (292, 350, 1.0), (350, 394, 0.3)):
        shade = light("#8A939C", 0.55 * tone)
        table.put(
            polygon(((x0, 296), (x1, 296), (x1, 356), (x0, 356))),
            linear(((0, light(shade, 0.3)), (1, dark(shade, 0.2)))),
        )
    table.put(rounded(264, 352, 376, 384, 6), steel_tube())
    table.put(
        rounded(256, 384, 384, 398, 6), linear(((0, "#8A5A2B"), (0.3, "#F2C68A"), (0.6, "#C98A45"), (1, "#7A4C22")), 0)
    )
    table.put(rounded(276, 398, 364, 532, 4), steel_tube())
    for i in range(11):
        table.put(stroke(((276, 406 + i * 12), (364, 410 + i * 12)), 4), "#525B63", 0.75)
    table.put(rounded(304, 530, 336, 560, 6), linear(((0, "#C6CBD0"), (0.4, "#FFFFFF"), (1, "#9AA1A8")), 0))
    table.put(rounded(315, 556, 325, 576, 2), steel_tube())
    table.put(stroke(((356, 534), (356, 590), (350, 598), (308, 598)), 13), steel(0))


def sensor(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    wire = curve(
        [(196, 250), (120, 260), (96, 380), (170, 500), (320, 530), (470, 500), (510, 430)], closed=False, steps=14
    )
    table.put(stroke(wire, 20), rubber(60))
    table.put(stroke(tuple((x - 2, y - 4) for x, y in wire), 4), "#767C83", 0.6)
    table.put(
        polygon(turned([(462, 340), (560, 340), (560, 430), (462, 430)], (510, 385), 12)),
        linear(((0, "#565C62"), (1, "#1B1E22")), 60),
    )
    for i in range(3):
        table.put(
            polygon(
                turned(
                    [(476 + i * 28, 326), (490 + i * 28, 326), (490 + i * 28, 346), (476 + i * 28, 346)], (510, 385), 12
                )
            ),
            "#D0A24A",
        )
    centre = (320.0, 240.0)

    def slab(x0, y0, x1, y1, paint):
        table.put(polygon(turned([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], centre, -18)), paint)

    slab(176, 206, 262, 274, linear(((0, light(colour, 0.3)), (0.5, colour), (1, dark(colour, 0.4))), 72))
    slab(256, 180, 330, 300, linear(((0, "#FFFFFF"), (0.3, "#C3CAD1"), (0.6, "#7F8891"), (1, "#B5BDC4")), 72))
    slab(276, 180, 292, 300, "#59626B")
    slab(330, 202, 404, 278, linear(((0, "#F2F4F6"), (0.35, "#AAB2BA"), (1, "#59626B")), 72))
    for i in range(6):
        slab(336 + i * 11, 202, 340 + i * 11, 278, "#525B63")
    slab(404, 216, 502, 264, linear(((0, "#FFFFFF"), (0.35, "#B9C1C8"), (1, "#616A73")), 72))
    for i in range(4):
        x, y = turned([(424 + i * 20, 240)], centre, -18)[0]
        table.put(ellipse(x, y, 6, 9), "#2B3036")
    table.word(label.upper(), (320, 426), 34, dark(colour, 0.1), width=200, bold=1)


def pump(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 584, 130, 22, 0.45)
    table.put(stroke(((384, 130), (384, 84), (430, 66)), 24), tube("#3A4047"))
    table.put(rounded(236, 104, 330, 168, 8), tube("#30353A"))
    cylinder(table, (176, 168, 464, 200), 40, tube("#E3E6E9"), linear(((0, "#FFFFFF"), (1, "#C9CFD5"))))
    cylinder(table, (206, 220, 434, 520), 32, tube("#D5DBE0"), None)
    table.put(band(206, 434, 212, 238, 32), tube("#2B2F34"))
    table.put(band(206, 434, 310, 410, 32), tube(colour))
    table.word(label.upper(), (322, 390), 42, ink_on(colour), width=200, bold=2)
    table.put(band(206, 434, 472, 520, 32), tube("#3A4047"))
    for x in (226, 262):
        table.put(stroke(((x, 200), (x - 30, 320), (x - 56, 420)), 6), "#C62828" if x == 226 else "#23282D")
    table.put(
        polygon(curve([(250, 540), (400, 540), (440, 568), (410, 594), (250, 594), (220, 570)], steps=8)),
        linear(((0, "#FAFBFC"), (1, "#B9C1C8"))),
    )
    for i in range(12):
        table.put(stroke(((246 + i * 14, 548), (240 + i * 14, 588)), 2), "#8E979F", 0.6)


def injector(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    centre = (320.0, 320.0)

    def slab(x0, y0, x1, y1, paint, radius_turn=24):
        table.put(polygon(turned([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], centre, radius_turn)), paint)

    grey = linear(((0, "#59626B"), (0.3, "#FFFFFF"), (0.6, "#AEB6BE"), (1, "#6C757E")), 20)
    slab(296, 46, 344, 120, grey)
    slab(286, 66, 354, 84, rubber(20))
    slab(280, 118, 360, 210, linear(((0, "#2A2E33"), (0.3, "#6B7178"), (1, "#16181B")), 20))
    slab(356, 128, 440, 190, linear(((0, light(colour, 0.3)), (1, dark(colour, 0.35))), 40))
    slab(266, 206, 374, 380, grey)
    slab(
        266,
        250,
        374,
        326,
        linear(((0, dark(colour, 0.4)), (0.3, light(colour, 0.3)), (0.6, colour), (1, dark(colour, 0.45))), 20),
    )
    slab(282, 378, 358, 452, grey)
    slab(276, 430, 364, 450, rubber(20))
    slab(298, 450, 342, 540, grey)
    slab(308, 538, 332, 580, linear(((0, "#8A5A2B"), (0.4, "#E8BE84"), (1, "#7A4C22")), 20))
    table.word(label.upper(), (480, 470), 34, dark(colour, 0.1), width=180, bold=1)


def radiator(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(326, 556, 250, 24, 0.45)
    table.put(polygon(((76, 190), (96, 170), (544, 170), (564, 190))), "#23272B")
    table.put(rounded(76, 186, 564, 520, 6), linear(((0, "#DDE2E6"), (1, "#9AA3AB"))))
    for i in range(42):
        x = 128 + i * 9.2
        table.put(stroke(((x, 194), (x, 512)), 4.6), "#6C757D", 0.75)
    for i in range(15):
        y = 204 + i * 21.6
        table.put(rounded(122, y, 518, y + 6, 2), "#E9EDF0", 0.9)
    for x in (72, 510):
        table.put(rounded(x, 176, x + 58, 532, 14), tube("#2B2F34"))
        for i in range(8):
            table.put(rounded(x + 6, 196 + i * 42, x + 52, 201 + i * 42, 2), "#000000", 0.35)
    for box in ((20, 220, 76, 262), (564, 430, 620, 472)):
        table.put(rounded(*box, 8), tube("#3A4046", 90))
    table.put(ellipse(146, 168, 30, 10), "#15181B")
    table.put(rounded(120, 138, 172, 170, 8), steel_tube())
    _tag(table, (320, 352), 34, colour, label, 110)


def water_pump(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    body = curve(
        [(130, 300), (160, 190), (300, 130), (440, 160), (520, 260), (512, 400), (430, 500), (290, 520), (170, 440)],
        steps=8,
    )
    table.put(polygon(tuple((x + 8, y + 12) for x, y in body)), cast_iron())
    table.put(polygon(body), linear(((0, "#EEF1F3"), (0.4, "#B3BBC2"), (1, "#727B84")), 60))
    for a in (170, 215, 265, 315, 10, 60, 115):
        x, y = on_circle((322, 322), 180, a)
        table.put(ellipse(x, y, 30, 30), steel(60))
        table.put(ellipse(x, y, 12, 12), "#23282D")
    centre = (322.0, 318.0)
    table.shade(ellipse(326, 324, 132, 132), 10, 0.5, within=polygon(body))
    table.put(ellipse(*centre, 130, 130), linear(((0, "#3A4047"), (1, "#7F8891")), 60))
    for i in range(7):
        blade = curve(
            [
                on_circle(centre, 30, 51.4 * i),
                on_circle(centre, 80, 51.4 * i + 12),
                on_circle(centre, 120, 51.4 * i + 38),
            ],
            closed=False,
            steps=8,
        )
        table.put(stroke(blade, 15), linear(((0, light(colour, 0.35)), (1, dark(colour, 0.2))), 60))
    table.put(ellipse(*centre, 42, 42), brushed())
    table.put(ellipse(*centre, 16, 16), "#33393F")
    table.word(label.upper(), (330, 588), 28, dark(colour, 0.1), width=200, bold=1)


def thermostat(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(322, 552, 130, 22, 0.4)
    for x in (228, 412):
        table.put(stroke(((x, 250), (320 + (x - 320) * 0.5, 110)), 20), steel_tube())
    table.put(rounded(270, 92, 370, 122, 10), steel_tube())
    table.put(ellipse(320, 278, 196, 60), cast_iron())
    table.put(ellipse(320, 268, 196, 60), steel(20))
    table.put(ellipse(320, 266, 160, 47), rubber())
    table.put(ellipse(320, 262, 138, 40), linear(((0, "#C98A3C"), (0.4, "#F6D9A6"), (1, "#9C6426")), 0))
    table.put(rounded(300, 150, 340, 262, 12), linear(((0, "#9C6426"), (0.35, "#F6D9A6"), (1, "#8A5420")), 0))
    for i in range(6):
        y = 330 + i * 28
        table.put(
            stroke(
                tuple(
                    (
                        round(320 - (104 - i * 4) * math.cos(math.pi * k / 12), 1),
                        round(y + 20 * math.sin(math.pi * k / 12), 1),
                    )
                    for k in range(13)
                ),
                10,
            ),
            steel_tube(),
        )
    table.put(
        rounded(284, 440, 356, 540, 16),
        linear(((0, dark(colour, 0.4)), (0.3, light(colour, 0.35)), (0.6, colour), (1, dark(colour, 0.4))), 0),
    )
    table.word(label.upper(), (320, 600), 26, dark(colour, 0.1), width=180, bold=1)


def fuse(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.put(rounded(92, 128, 548, 520, 26), linear(((0, "#F4F7F9"), (1, "#CBD4DB")), 60))
    table.put(rounded(110, 146, 530, 502, 16), linear(((0, "#DCE4EA"), (1, "#F4F7F9")), 60))
    tones = ("#C9A27C", "#D9A400", "#B3202A", "#1F6FC4", "#F2D100", "#D9DEE3", "#2E9E4F", "#E8751A")
    for row in range(3):
        for i in range(6):
            tone = tones[(row * 6 + i * 5) % len(tones)]
            x, y = 132 + i * 66, 168 + row * 112
            for dx in (8, 34):
                table.put(rounded(x + dx, y + 48, x + dx + 8, y + 88, 2), steel_tube())
            table.put(
                rounded(x, y, x + 50, y + 58, 8), linear(((0, light(tone, 0.35)), (1, dark(tone, 0.12))), 60), 0.94
            )
            table.put(
                stroke(((x + 12, y + 48), (x + 18, y + 32), (x + 32, y + 32), (x + 38, y + 48)), 3), "#FFFFFF", 0.7
            )
            table.word(str((5, 10, 15, 20, 25, 30)[i]), (x + 25, y + 15), 19, "#FFFFFF", bold=1)
    _tag(table, (320, 560), 24, colour, label)


def horn(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    for cx, cy, size in ((232, 250, 1.0), (420, 400, 1.0)):
        spiral = [on_circle((cx, cy), (24 + a * 0.245) * size, a) for a in range(0, 520, 12)]
        table.put(stroke(tuple((x + 5, y + 9) for x, y in spiral[10:]), 66), "#0C0D0F")
        table.put(
            stroke(tuple(spiral[10:]), 62), linear(((0, light(colour, 0.3)), (0.5, colour), (1, dark(colour, 0.5))), 60)
        )
        table.put(stroke(tuple((x - 4, y - 10) for x, y in spiral[12:]), 5), "#FFFFFF", 0.35)
        table.put(ellipse(cx, cy, 74, 74), steel(60))
        table.put(ellipse(cx, cy, 64, 64), brushed())
        table.put(ellipse(cx, cy, 38, 38), linear(((0, "#3A4047"), (1, "#15181B"))))
        table.put(gear((cx, cy), 18, 15, 6), steel(60))
    table.word(label.upper(), (320, 596), 28, dark(colour, 0.1), width=220, bold=1)


SHAPES = {
    "alternator": (alternator, (0, 0)),
    "starter": (starter, (0, 0)),
    "compressor": (compressor, (0, 0)),
    "coil": (coil, (8, 16)),
    "spark_plug": (spark_plug, (0, 0)),
    "sensor": (sensor, (8, 14)),
    "pump": (pump, (0, 0)),
    "injector": (injector, (8, 16)),
    "radiator": (radiator, (0, 0)),
    "water_pump": (water_pump, (8, 14)),
    "thermostat": (thermostat, (0, 0)),
    "fuse": (fuse, (6, 12)),
    "horn": (horn, (6, 14)),
}
