"""The outside of a car: whole side, number plate, door."""

from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, inside, on_circle, polygon, rounded, stroke
from assets.demo_pictures.paints import brushed, dark, glass, light, linear, luminance, radial, rubber, steel
from assets.demo_pictures.photo import stage, workshop

ROOFS = {
    "sedan": (
        [
            (92, 366),
            (150, 340),
            (238, 318),
            (300, 246),
            (356, 214),
            (450, 208),
            (520, 224),
            (592, 292),
            (676, 312),
            (704, 350),
        ],
        0.0,
    ),
    "hatchback": (
        [(108, 366), (160, 336), (236, 312), (296, 232), (360, 198), (480, 196), (590, 212), (650, 292), (672, 346)],
        0.0,
    ),
    "suv": (
        [(90, 356), (130, 318), (236, 296), (296, 216), (350, 184), (480, 178), (620, 186), (680, 270), (704, 344)],
        10.0,
    ),
    "mpv": (
        [(84, 366), (150, 326), (226, 284), (296, 208), (360, 178), (500, 174), (640, 182), (690, 276), (706, 346)],
        4.0,
    ),
    "pickup": (
        [
            (80, 352),
            (124, 312),
            (226, 294),
            (280, 216),
            (330, 188),
            (430, 188),
            (470, 214),
            (486, 288),
            (700, 292),
            (708, 344),
        ],
        14.0,
    ),
}


def _wheel(table: Table, x: float, y: float, radius: float) -> None:
    table.put(ellipse(x, y, radius, radius), rubber(60))
    table.put(ellipse(x, y, radius * 0.68, radius * 0.68), "#15181B")
    table.put(ellipse(x, y, radius * 0.66, radius * 0.66), steel(50))
    table.put(ellipse(x, y, radius * 0.58, radius * 0.58), "#2B3036")
    for i in range(5):
        spoke = [
            on_circle((x, y), r, 72 * i - 90 + d)
            for r, d in ((radius * 0.16, -50), (radius * 0.58, -14), (radius * 0.58, 14), (radius * 0.16, 50))
        ]
        table.put(polygon(tuple(spoke)), steel(40))
    table.put(ellipse(x, y, radius * 0.14, radius * 0.14), brushed())


def _windows(table: Table, kind: str, top: float) -> None:
    front, middle, rear = {"pickup": (296, 384, 466), "sedan": (306, 420, 576)}.get(kind, (302, 436, 640))
    end = {"sedan": 522, "hatchback": 572, "pickup": 452}.get(kind, 606)
    panes = (
        ((front, top + 92), (348, top + 20), (middle - 8, top + 14), (middle - 8, top + 92)),
        ((middle + 6, top + 92), (middle + 6, top + 14), (end, top + 24), (rear, top + 92)),
    )
    for pane in panes:
        table.put(polygon(pane), linear(((0, "#9DB4C2"), (0.4, "#3A4A55"), (1, "#1B242B")), 60))
        (x0, y0), (x1, y1) = pane[0], pane[1]
        table.put(
            inside(polygon(((x0 + 30, y0), (x1 + 20, y1), (x1 + 44, y1), (x0 + 58, y0))), polygon(pane)),
            "#FFFFFF",
            0.25,
        )


def exterior_side(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(workshop(rnd))
    line, lift = ROOFS.get(kind, ROOFS["sedan"])
    line = [(x, y + 30) for x, y in line]
    roof = min(y for _, y in line)
    table.shadow(400, 520, 330, 20, 0.75, 10)
    shell = curve([*line, (708, 440), (690, 474), (400, 482), (110, 474), (84, 430)], steps=10)
    body = polygon(shell)
    shine = 0.55 if luminance(colour) < 0.3 else 0.35
    table.put(
        body, linear(((0, light(colour, shine)), (0.45, colour), (0.62, light(colour, 0.12)), (1, dark(colour, 0.5))))
    )
    _windows(table, kind, roof)
    table.put(inside(stroke(((80, 408), (250, 396), (710, 392)), 4), body), "#000000", 0.22)
    table.put(inside(stroke(((80, 403), (250, 391), (710, 387)), 3), body), "#FFFFFF", 0.3)
    for x in (300, 430, 560 if kind != "pickup" else 480):
        table.put(inside(stroke(((x, roof + 96), (x + 4, 456)), 2.4), body), "#000000", 0.35)
        table.put(rounded(x + 24, 398, x + 62, 407, 4), light(colour, 0.35))
    table.put(inside(polygon(((84, 440), (720, 440), (720, 500), (84, 500))), body), "#101316", 0.5)
    table.put(
        inside(polygon(curve([(86, 384), (150, 362), (166, 378), (120, 404), (88, 408)], steps=6)), body),
        linear(((0, "#FFFFFF"), (1, "#AFC4D2"))),
    )
    table.put(
        inside(polygon(curve([(712, 368), (676, 366), (668, 396), (712, 404)], steps=6)), body),
        linear(((0, "#FF5A5A"), (1, "#A5121D"))),
    )
    table.put(
        polygon(curve([(312, roof + 78), (340, roof + 66), (346, roof + 92), (318, roof + 98)], steps=6)),
        dark(colour, 0.2),
    )
    radius = 55 + lift * 0.6
    for x in (204, 592):
        table.put(inside(ellipse(x, 466, radius + 13, radius + 13), body), "#0C0E10")
        _wheel(table, x, 470, radius)
    return table


def _plate(table: Table, x: float, y: float, plate: str, size: float) -> None:
    half_w, half_h = 165 * size, 58 * size
    head, _, tail = plate.partition("-")
    table.put(rounded(x - half_w - 4, y - half_h - 4, x + half_w + 4, y + half_h + 4, 12), "#2B3036")
    table.put(rounded(x - half_w, y - half_h, x + half_w, y + half_h, 10), linear(((0, "#FFFFFF"), (1, "#DDE2E6"))))
    table.put(rounded(x - half_w + 5, y - half_h + 5, x + half_w - 5, y + half_h - 5, 8), "#20252A")
    table.put(
        rounded(x - half_w + 8, y - half_h + 8, x + half_w - 8, y + half_h - 8, 7),
        linear(((0, "#FDFEFE"), (1, "#E6EAED"))),
    )
    text = f"{head}-{tail}" if tail else head
    table.word(text, (x, y), int(52 * size), "#16191D", width=half_w * 1.7, bold=2)


def exterior_plate(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(workshop(rnd))
    table.shadow(400, 560, 370, 22, 0.75, 12)
    high = 90 if kind in {"suv", "mpv", "pickup"} else 128
    shell = curve(
        [
            (40, 540),
            (46, 330),
            (96, 250),
            (170, high),
            (400, high - 26),
            (630, high),
            (704, 250),
            (754, 330),
            (760, 540),
            (400, 566),
        ],
        steps=10,
    )
    body = polygon(shell)
    table.put(body, linear(((0, light(colour, 0.45)), (0.45, colour), (1, dark(colour, 0.45)))))
    pane = polygon(
        curve([(150, 240), (206, high + 30), (400, high + 10), (594, high + 30), (650, 240), (400, 256)], steps=10)
    )
    table.put(pane, glass("#4D6370", 60))
    table.put(inside(polygon(((240, 60), (330, 60), (220, 280), (120, 280))), pane), "#FFFFFF", 0.2)
    for side in (-1, 1):
        lamp = curve(
            [(400 + side * 352, 300), (400 + side * 210, 296), (400 + side * 220, 352), (400 + side * 350, 366)],
            steps=8,
        )
        table.put(inside(polygon(lamp), body), linear(((0, "#FF6B6B"), (0.5, "#C3142A"), (1, "#7A0917"))))
        table.put(inside(stroke(((400 + side * 230, 318), (400 + side * 346, 322)), 8), body), "#FFB3B3", 0.8)
    table.put(inside(stroke(((60, 388), (740, 388)), 4), body), "#000000", 0.3)
    table.put(inside(rounded(40, 486, 760, 580, 10), body), "#14171A", 0.85)
    _plate(table, 400, 424, plate, 0.92)
    return table


def door_dent(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(
        linear(((0, light(colour, 0.42)), (0.35, light(colour, 0.12)), (0.55, colour), (1, dark(colour, 0.35))))
    )
    pane = polygon(((-10, -10), (810, -10), (810, 96), (-10, 130)))
    table.put(pane, linear(((0, "#7F97A6"), (0.6, "#2B3943"), (1, "#141B20")), 60))
    table.put(stroke(((-10, 132), (810, 98)), 12), "#101316")
    whole = polygon(((-1, -1), (801, -1), (801, 601), (-1, 601)))
    for x in (56, 746):
        table.put(stroke(((x, 118), (x + 10, 610)), 6), "#000000", 0.55)
        table.put(stroke(((x + 6, 118), (x + 16, 610)), 3), "#FFFFFF", 0.35)
    table.shade(stroke(((60, 236), (750, 206)), 10), 7, 0.45)
    table.put(stroke(((60, 224), (750, 194)), 6), "#FFFFFF", 0.35)
    table.put(rounded(566, 256, 706, 292, 16), linear(((0, light(colour, 0.5)), (1, dark(colour, 0.3)))))
    x, y = 330 + rnd.randint(-40, 40), 400 + rnd.randint(-20, 20)
    hollow = dark(colour, 0.75)
    table.shade(ellipse(x, y, 126, 78), 26, 0.42, hollow, whole)
    table.shade(ellipse(x - 18, y - 30, 78, 26), 13, 0.45, hollow, whole)
    table.shade(ellipse(x + 24, y + 46, 92, 20), 12, 0.7, "#FFFFFF", whole)
    for i in range(9):
        start = (x - 110 + rnd.randint(-20, 20), y - 36 + i * 9)
        table.put(
            stroke(
                (start, (start[0] + rnd.randint(90, 210), start[1] - rnd.randint(4, 20))), rnd.choice((1.5, 2.5, 3.5))
            ),
            rnd.choice(("#F4F6F8", "#D8DDE1", "#5A6168")),
            0.8,
        )
    ring = curve([on_circle((x + 8, y), 170 + (i % 3) * 7, 30 * i) for i in range(12)], steps=8)
    table.put(stroke(tuple((px, y + (py - y) * 0.66) for px, py in (*ring, ring[0])), 7), "#FFD400", 0.95)
    return table


def headlight_hazy(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(linear(((0, light(colour, 0.4)), (0.5, colour), (1, dark(colour, 0.45))), 60))
    table.put(stroke(((-10, 120), (400, 70), (810, 110)), 8), "#000000", 0.5)
    shell = curve(
        [(90, 300), (150, 200), (380, 150), (620, 170), (720, 250), (690, 400), (540, 470), (280, 470), (130, 410)],
        steps=10,
    )
    body = polygon(shell)
    table.put(polygon(tuple((x + 4, y + 10) for x, y in shell)), "#0B0D0F")
    table.put(body, linear(((0, "#5A6066"), (1, "#23282D")), 60))
    for x, r in ((510, 110), (270, 92)):
        table.put(ellipse(x, 316, r, r), steel(50))
        table.put(ellipse(x, 316, r * 0.8, r * 0.8), radial(((0, "#FFFDEB"), (0.5, "#B5BDB9"), (1, "#4B545A"))))
    table.put(body, linear(((0, "#E9D9A6"), (0.6, "#D9C88C"), (1, "#BDA766")), 60), 0.58)
    for _ in range(60):
        x, y = rnd.randint(110, 700), rnd.randint(170, 460)
        table.put(
            inside(stroke(((x, y), (x + rnd.randint(10, 50), y - rnd.randint(-8, 10))), 1.6), body), "#FFF8DC", 0.5
        )
    return table


SCENES = {
    "exterior_side": exterior_side,
    "exterior_plate": exterior_plate,
    "door_dent": door_dent,
    "headlight_hazy": headlight_hazy,
}
