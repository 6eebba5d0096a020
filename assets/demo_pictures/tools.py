"""Workshop tools."""

from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, on_circle, polygon, rounded, stroke, turned, without
from assets.demo_pictures.paints import brushed, dark, ink_on, light, linear, radial, rubber, steel, steel_tube, tube


def socket_set(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.put(rounded(60, 110, 580, 536, 26), linear(((0, "#4A5057"), (1, "#17191C")), 60))
    table.put(rounded(76, 126, 564, 520, 16), linear(((0, "#2A2E33"), (1, "#3A4047")), 60))
    for row, (count, radius) in enumerate(((9, 22), (8, 26), (6, 33))):
        y = 178 + row * 78
        for i in range(count):
            x = 112 + i * (440 / count) + radius * 0.2
            table.put(ellipse(x, y, radius + 4, radius + 4), "#121416")
            table.put(ellipse(x, y, radius, radius), steel(50))
            table.put(ellipse(x, y, radius * 0.86, radius * 0.86), brushed())
            table.put(
                polygon(tuple(on_circle((x, y), radius * 0.6, 60 * k + 8) for k in range(6))),
                radial(((0, "#0A0B0C"), (1, "#3F464D"))),
            )
    table.put(stroke(((120, 446), (420, 446)), 26), steel_tube(90))
    table.put(rounded(96, 428, 260, 464, 16), linear(((0, light(colour, 0.25)), (0.5, colour), (1, dark(colour, 0.3)))))
    table.put(ellipse(452, 446, 48, 48), steel(60))
    table.put(ellipse(452, 446, 36, 36), brushed())
    table.put(polygon(turned([(440, 434), (464, 434), (464, 458), (440, 458)], (452, 446), 20)), "#2B3036")
    table.put(rounded(212, 488, 428, 530, 8), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (320, 509), 30, ink_on(colour), width=190, bold=1)


def wrench(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    for i in range(5):
        size, x = 1 - i * 0.13, 130 + i * 98
        top, low = 130 + i * 34, 520 - i * 22
        r = 42 * size
        table.put(stroke(((x, top + r * 0.95), (x, low - r * 0.8)), 25 * size), steel_tube())
        table.put(stroke(((x, top + 60), (x, low - 60)), 9 * size), "#AEB6BD", 0.8)
        jaw = without(
            ellipse(x, top, r, r * 1.06),
            polygon(
                turned(
                    [
                        (x - r * 0.5, top - r * 1.5),
                        (x + r * 0.5, top - r * 1.5),
                        (x + r * 0.5, top + r * 0.1),
                        (x - r * 0.5, top + r * 0.1),
                    ],
                    (x, top),
                    15,
                )
            ),
        )
        table.put(jaw, steel(60))
        table.put(
            without(
                ellipse(x, low, r * 0.9, r * 0.9),
                polygon(tuple(on_circle((x, low), r * 0.52, 30 * k) for k in range(12))),
            ),
            steel(30),
        )
        table.word(str((24, 19, 17, 14, 10)[i]), (x, (top + low) / 2), int(20 * size), "#4A525A", bold=0)
    table.put(rounded(196, 568, 444, 616, 10), linear(((0, light(colour, 0.15)), (1, dark(colour, 0.15)))))
    table.word(label.upper(), (320, 592), 30, ink_on(colour), width=210, bold=1)


def jack(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(320, 520, 270, 24, 0.5)
    table.put(stroke(((430, 400), (590, 110)), 20), steel_tube(20))
    table.put(stroke(((560, 166), (592, 106)), 30), rubber())
    table.put(
        polygon(((60, 430), (110, 400), (500, 372), (560, 420), (556, 476), (70, 480))),
        linear(((0, light(colour, 0.3)), (0.4, colour), (1, dark(colour, 0.45)))),
    )
    table.put(stroke(((470, 404), (160, 250)), 54), linear(((0, light(colour, 0.25)), (1, dark(colour, 0.35)))))
    table.put(stroke(((460, 396), (170, 256)), 8), "#000000", 0.2)
    table.put(rounded(112, 206, 206, 244, 8), steel_tube())
    table.put(rounded(100, 188, 218, 212, 10), rubber())
    table.put(rounded(380, 352, 500, 424, 14), tube("#3A4047", 90))
    for x, r in ((116, 44), (510, 40), (440, 26)):
        table.put(ellipse(x, 484, r, r), rubber(60))
        table.put(ellipse(x, 484, r * 0.6, r * 0.6), steel(60))
        table.put(ellipse(x, 484, r * 0.22, r * 0.22), "#23282D")
    table.word(label.upper(), (270, 448), 42, ink_on(colour), width=230, bold=2)
    table.word("3T", (458, 388), 34, "#F2F4F6", bold=2)


def torque_gun(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(350, 592, 150, 20, 0.45)
    grip = curve([(330, 300), (440, 300), (452, 400), (440, 490), (344, 490), (322, 400)], steps=8)
    table.put(polygon(grip), linear(((0, "#50565C"), (0.5, "#2C3035"), (1, "#15171A")), 0))
    for i in range(6):
        table.put(stroke(((334, 348 + i * 20), (372, 352 + i * 20)), 5), "#0E1012", 0.7)
    table.put(rounded(286, 484, 492, 584, 18), linear(((0, "#4A5056"), (1, "#17191C"))))
    table.put(rounded(306, 520, 472, 556, 8), colour)
    table.word("20V", (389, 538), 26, ink_on(colour), bold=1)
    head = curve(
        [(176, 190), (250, 152), (430, 142), (520, 164), (540, 240), (520, 312), (420, 330), (250, 322), (176, 286)],
        steps=10,
    )
    table.put(polygon(tuple((x + 3, y + 8) for x, y in head)), "#17191C")
    table.put(polygon(head), linear(((0, light(colour, 0.35)), (0.45, colour), (1, dark(colour, 0.4)))))
    table.put(
        polygon(curve([(120, 206), (186, 180), (206, 236), (186, 300), (120, 272)], steps=8)),
        linear(((0, "#6C737A"), (0.4, "#33383D"), (1, "#101214"))),
    )
    table.put(rounded(62, 218, 124, 260, 4), steel_tube(90))
    for i in range(4):
        table.put(rounded(440 + i * 20, 186, 450 + i * 20, 282, 5), "#000000", 0.4)
    table.put(polygon(curve([(306, 330), (330, 330), (326, 372), (296, 366)], steps=8)), "#D83A2E")
    table.word(label.upper(), (330, 232), 42, ink_on(colour), width=200, bold=2)


def gauge(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    hose = curve([(320, 430), (330, 540), (470, 590), (560, 500), (570, 400)], closed=False, steps=14)
    table.put(stroke(hose, 26), rubber(60))
    table.put(stroke(tuple((x - 3, y - 5) for x, y in hose), 4), "#7A8087", 0.6)
    table.put(rounded(548, 336, 592, 412, 8), steel_tube())
    centre = (300.0, 270.0)
    table.put(ellipse(306, 280, 214, 214), "#101214")
    table.put(
        ellipse(*centre, 212, 212), linear(((0, light(colour, 0.25)), (0.5, colour), (1, dark(colour, 0.45))), 60)
    )
    table.put(ellipse(*centre, 176, 176), steel(50))
    table.put(ellipse(*centre, 164, 164), radial(((0, "#FFFFFF"), (1, "#E3E8EC")), 0.4, 0.35))
    for i in range(41):
        angle = 135 + i * 6.75
        big = i % 4 == 0
        table.put(
            stroke((on_circle(centre, 150, angle), on_circle(centre, 126 if big else 138, angle)), 4 if big else 2),
            "#2B3036" if i < 30 else "#C62828",
        )
        if big:
            table.word(str(i // 4), on_circle(centre, 104, angle), 23, "#2B3036", bold=0)
    table.put(stroke((on_circle(centre, -34, 230), on_circle(centre, 116, 230)), 7), "#D21F2B")
    table.put(ellipse(*centre, 18, 18), steel(60))
    table.word("bar", (300, 336), 24, "#59626B", bold=0)
    table.word(label.upper(), (300, 380), 22, dark(colour, 0.2), width=110, bold=1)


SHAPES = {
    "socket_set": (socket_set, (8, 14)),
    "wrench": (wrench, (6, 12)),
    "jack": (jack, (0, 0)),
    "torque_gun": (torque_gun, (0, 0)),
    "gauge": (gauge, (6, 14)),
}
