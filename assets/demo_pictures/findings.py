"""What an inspection finds: worn, leaking, dirty, weak."""

import math
from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, inside, on_circle, polygon, rounded, stroke, turned
from assets.demo_pictures.fluids import cylinder
from assets.demo_pictures.paints import cast_iron, conic, dark, light, linear, radial, rubber, steel, steel_tube, tube
from assets.demo_pictures.photo import dark_bay, stage, workshop


def _pointer(table: Table, start, end) -> None:
    """The yellow arrow that the technician draws on the photo."""
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    table.put(stroke((start, end), 8), "#FFD400")
    table.put(
        polygon((on_circle(end, 16, angle), on_circle(end, 24, angle + 140), on_circle(end, 24, angle - 140))),
        "#FFD400",
    )


def _readout(table: Table, text: str, centre, good: bool = False) -> None:
    x, y = centre
    table.put(rounded(x - 92, y - 40, x + 92, y + 40, 12), linear(((0, "#3A4047"), (1, "#15181B"))))
    table.put(rounded(x - 80, y - 29, x + 80, y + 29, 6), linear(((0, "#DCE8D0"), (1, "#B9C9A9"))))
    table.word(text, (x, y), 34, "#1D5E2A" if good else "#A3121C", bold=2)


def brake_pad_worn(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(dark_bay(rnd))
    centre = (300.0, 330.0)
    table.put(ellipse(312, 340, 292, 292), cast_iron(60))
    table.put(
        ellipse(*centre, 288, 288),
        conic(
            (
                (0, "#9AA2A9"),
                (0.2, "#6B737B"),
                (0.32, "#E3E7EA"),
                (0.5, "#8A929A"),
                (0.7, "#C9CFD4"),
                (0.85, "#767F87"),
                (1, "#9AA2A9"),
            )
        ),
    )
    for i in range(16):
        table.put(ellipse(*centre, 282 - i * 8, 282 - i * 8, 0.994), rnd.choice(("#4E555C", "#8A5A3A", "#C9CFD4")), 0.5)
    table.put(ellipse(*centre, 142, 142), linear(((0, "#8A6A50"), (0.5, "#5C4636"), (1, "#33261D")), 60))
    table.put(ellipse(*centre, 126, 126), linear(((0, "#8E979F"), (1, "#4A525A")), 60))
    for i in range(5):
        x, y = on_circle(centre, 84, 72 * i - 90)
        cylinder(table, (x - 11, y - 20, x + 11, y), 6, steel_tube(), "#C9CFD4")
        table.put(ellipse(x, y - 20, 7, 4), "#5A6168")
    table.put(ellipse(*centre, 46, 46), "#23282D")
    caliper = curve(
        [(430, 90), (560, 70), (640, 150), (664, 320), (640, 480), (560, 560), (440, 540), (480, 320)], steps=10
    )
    body = polygon(caliper)
    table.put(polygon(tuple((x + 8, y + 10) for x, y in caliper)), "#0C0E10")
    table.put(body, linear(((0, "#A2A9B0"), (0.45, "#6B737B"), (1, "#363C43")), 50))
    table.put(polygon(((452, 176), (520, 160), (536, 320), (520, 484), (450, 470), (474, 320))), "#101214")
    table.put(
        polygon(((484, 176), (512, 170), (526, 320), (512, 476), (482, 470), (500, 320))),
        linear(((0, "#C3C9CF"), (1, "#5A6168"))),
    )
    table.put(
        polygon(((474, 178), (484, 176), (500, 320), (482, 470), (472, 468), (488, 320))),
        linear(((0, "#8B7E72"), (1, "#4B423B"))),
    )
    for y in (140, 500):
        table.put(ellipse(586, y, 28, 28), steel(60))
        table.put(polygon(tuple(on_circle((586, y), 17, 60 * k) for k in range(6))), "#3A4047")
    table.put(stroke(((500, 322), (720, 420)), 15), linear(((0, "#F2B84B"), (1, "#B5791A")), 0))
    table.put(stroke(((490, 318), (520, 331)), 7), "#C62828")
    _readout(table, "2.0 mm", (684, 470))
    _pointer(table, (380, 70), (474, 222))
    return table


def tyre_worn(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(linear(((0, "#5B6066"), (0.5, "#2F3338"), (1, "#17191C")), 0))
    for column in range(6):
        x = 40 + column * 140
        table.put(rounded(x + 112, -10, x + 136, 620, 8), linear(((0, "#0A0B0C"), (0.5, "#1F2225"), (1, "#0A0B0C")), 0))
        for row in range(9):
            y = row * 74 - 20 + (26 if column % 2 else 0)
            worn = column >= 4
            paint = linear(((0, "#7B8188"), (1, "#5B6168"))) if worn else linear(((0, "#5A5F66"), (1, "#3A3E44")))
            table.put(polygon(((x, y), (x + 108, y + 18), (x + 108, y + 66), (x, y + 50))), paint)
            if not worn:
                table.put(stroke(((x + 20, y + 26), (x + 88, y + 36)), 4), "#15171A", 0.8)
            elif rnd.random() < 0.5:
                table.put(stroke(((x + 20, y + 20), (x + 60, y + 42)), 2), "#3A3E44", 0.7)
    for _ in range(60):
        table.put(ellipse(rnd.randint(0, 800), rnd.randint(0, 600), 2.2, 1.8), "#A89A84", 0.6)
    for y in (130, 420):
        table.put(rounded(572, y, 596, y + 26, 4), "#8A9098")
    table.put(rounded(372, 96, 420, 470, 8), linear(((0, "#F4F6F8"), (0.5, "#C3C9CF"), (1, "#E3E7EA")), 0))
    for i in range(33):
        table.put(stroke(((376, 110 + i * 10), (396 if i % 5 else 408, 110 + i * 10)), 2), "#2B3036")
    table.put(rounded(356, 470, 436, 496, 6), linear(((0, light(colour, 0.1)), (1, "#3A4047"))))
    table.put(rounded(392, 490, 400, 560, 3), steel_tube())
    _readout(table, "1.6 mm", (214, 486))
    _pointer(table, (700, 60), (600, 128))
    return table


def hose_leak(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(dark_bay(rnd))
    table.put(rounded(430, 250, 830, 640, 30), cast_iron(60))
    for i in range(7):
        table.put(rounded(450 + i * 52, 270, 478 + i * 52, 620, 10), linear(((0, "#6B737B"), (1, "#343A41"))))
    table.put(rounded(-20, 380, 320, 640, 20), linear(((0, "#2B2F34"), (1, "#15171A"))))
    table.put(rounded(40, 420, 230, 470, 8), light(colour, 0.1))
    hose = curve(
        [(-20, 130), (150, 110), (290, 190), (380, 300), (520, 330), (640, 240), (830, 190)], closed=False, steps=16
    )
    table.put(stroke(tuple((x + 6, y + 14) for x, y in hose), 84), "#08090A")
    table.put(stroke(hose, 80), linear(((0, "#4B5056"), (0.5, "#26292D"), (1, "#101214"))))
    table.put(stroke(tuple((x - 4, y - 20) for x, y in hose), 8), "#9BA1A8", 0.5)
    for x, y, turn in ((232, 154, 32), (590, 284, -30)):
        clamp = turned([(x - 16, y - 50), (x + 16, y - 50), (x + 16, y + 50), (x - 16, y + 50)], (x, y), turn)
        table.put(polygon(clamp), steel(60))
        table.put(ellipse(*turned([(x, y - 52)], (x, y), turn)[0], 15, 12), steel(20))
    crack = ((352, 250), (368, 272), (362, 290), (384, 312), (380, 330))
    table.put(stroke(crack, 7), "#050606")
    table.put(stroke(tuple((x + 3, y - 2) for x, y in crack), 2), "#8FE0C0", 0.9)
    wet = polygon(curve([(340, 290), (400, 300), (430, 380), (404, 560), (350, 590), (316, 480)], steps=10))
    table.shade(wet, 12, 0.55, "#3DAE84")
    table.put(wet, linear(((0, "#8FE0C0"), (1, "#1D6E52"))), 0.2)
    for i in range(16):
        x, y, r = rnd.randint(316, 430), 330 + i * 16, rnd.choice((5, 7, 9, 12))
        drop = ellipse(x, y, r * 0.8, r)
        table.put(drop, radial(((0, "#D9FFF0"), (0.5, "#4DBE92"), (1, "#155A42")), 0.4, 0.35))
        table.put(ellipse(x - r * 0.25, y - r * 0.35, r * 0.2, r * 0.2), "#FFFFFF", 0.9)
    _pointer(table, (560, 90), (410, 262))
    return table


def dirty_air_filter(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(workshop(rnd))
    outer = ((90, 150), (660, 70), (730, 450), (150, 540))
    table.put(polygon(tuple((x + 10, y + 26) for x, y in outer)), "#14171A")
    table.put(polygon(outer), linear(((0, "#565C63"), (1, "#1E2226")), 40))
    inner = ((128, 172), (634, 102), (694, 432), (182, 508))
    box = polygon(inner)
    table.put(box, "#241C15")
    for i in range(40):
        corners = []
        for share, edge in ((i / 40, 0), ((i + 0.6) / 40, 0), ((i + 0.6) / 40, 1), (i / 40, 1)):
            a, b = (inner[0], inner[1]) if edge == 0 else (inner[3], inner[2])
            corners.append((round(a[0] + (b[0] - a[0]) * share, 1), round(a[1] + (b[1] - a[1]) * share, 1)))
        table.put(polygon(tuple(corners)), rnd.choice(("#8B7A63", "#7A6A55", "#6C5D4A", "#94836B")))
    for _ in range(9):
        x, y = rnd.randint(220, 600), rnd.randint(180, 440)
        table.shade(ellipse(x, y, rnd.randint(50, 110), rnd.randint(40, 80)), 22, 0.5, "#1B140E", box)
    for _ in range(240):
        table.put(
            inside(ellipse(rnd.randint(130, 690), rnd.randint(110, 500), 2.4, 2), box),
            rnd.choice(("#2A2119", "#BBA98D", "#40342A")),
            0.7,
        )
    for x, y, turn in ((300, 260, 20), (470, 350, -40), (560, 210, 70), (260, 420, 120)):
        leaf = turned(curve([(x - 44, y), (x, y - 17), (x + 44, y), (x, y + 17)], steps=8), (x, y), turn)
        table.put(polygon(leaf), linear(((0, "#A3762E"), (1, "#5C3E17")), 50))
        table.put(stroke(turned([(x - 44, y), (x + 50, y)], (x, y), turn), 2.4), "#3A270E")
    table.put(
        polygon(
            curve(
                [(30, 620), (40, 500), (110, 420), (170, 410), (188, 440), (150, 500), (190, 530), (170, 620)], steps=8
            )
        ),
        linear(((0, "#2F6FA8"), (1, "#173A5C"))),
    )
    return table


def battery_test(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(dark_bay(rnd))
    table.put(rounded(60, 250, 560, 620, 14), linear(((0, "#3E444A"), (1, "#15171A")), 60))
    table.put(polygon(((50, 256), (130, 180), (640, 180), (568, 256))), linear(((0, "#565D65"), (1, "#2B3036"))))
    table.put(polygon(((560, 256), (640, 180), (640, 560), (560, 620))), linear(((0, "#23272B"), (1, "#0C0D0F"))))
    table.put(rounded(110, 320, 510, 520, 12), linear(((0, "#E8EBED"), (1, "#B9C0C6"))))
    table.put(rounded(110, 320, 510, 384, 12), "#1D4F9E")
    table.word("12V 45Ah", (310, 352), 34, "#FFFFFF", bold=2)
    for i in range(4):
        table.put(rounded(140, 410 + i * 24, 340 + (i % 2) * 80, 418 + i * 24, 4), "#8A929A")
    for x, tone in ((190, "#C62828"), (520, "#23282D")):
        cylinder(table, (x - 24, 168, x + 24, 216), 10, steel_tube(), "#AEB6BD")
        for _ in range(26):
            table.put(
                ellipse(
                    x + rnd.randint(-40, 40), 206 + rnd.randint(-18, 18), rnd.choice((3, 5, 7)), rnd.choice((3, 4, 6))
                ),
                rnd.choice(("#DFF1EC", "#9FD8C9", "#C9E6DE")),
                0.9,
            )
        wire = curve([(x, 190), (x + 30, 90), (x + 120, 30), (700, 120)], closed=False, steps=12)
        table.put(stroke(wire, 15), dark(tone, 0.1))
        table.put(
            polygon(turned([(x - 34, 120), (x + 10, 112), (x + 28, 200), (x - 18, 204)], (x, 160), 8)),
            linear(((0, light(tone, 0.3)), (1, dark(tone, 0.3)))),
        )
    table.put(rounded(580, 110, 770, 420, 22), linear(((0, "#F2B705"), (1, "#B98A00"))))
    table.put(rounded(596, 126, 754, 404, 14), "#23272B")
    table.put(rounded(610, 144, 740, 236, 8), linear(((0, "#D6E6C6"), (1, "#B5C9A2"))))
    table.word("11.8", (662, 190), 48, "#A3121C", bold=2)
    table.word("V", (724, 212), 22, "#2B3036", bold=1)
    table.put(ellipse(675, 320, 52, 52), steel(60))
    table.put(stroke(((675, 320), on_circle((675, 320), 44, 230)), 8), "#C62828")
    return table


def oil_dipstick(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(workshop(rnd))
    cloth = curve(
        [(60, 300), (180, 190), (360, 220), (560, 170), (740, 270), (720, 470), (520, 540), (300, 510), (110, 540)],
        steps=10,
    )
    body = polygon(cloth)
    table.put(polygon(tuple((x + 6, y + 16) for x, y in cloth)), "#20262B", 0.7)
    table.put(body, linear(((0, "#FFFFFF"), (0.5, "#E3E6E8"), (1, "#BFC6CB")), 60))
    for i in range(7):
        fold = curve([(120 + i * 90, 200), (150 + i * 80, 350), (110 + i * 92, 520)], closed=False)
        table.shade(stroke(fold, 12), 9, 0.22, within=body)
    stain = polygon(curve([(330, 300), (470, 280), (640, 320), (620, 420), (460, 440), (340, 400)], steps=10))
    table.shade(stain, 16, 0.75, "#2A1A08", body)
    table.put(stroke(((-20, 250), (300, 318), (600, 378)), 13), steel(60))
    table.put(stroke(((330, 325), (606, 380)), 17), linear(((0, "#1C1206"), (1, "#070402")), 0))
    for x, y in ((430, 344), (548, 368)):
        table.put(ellipse(x, y, 7, 6), "#D9DEE3")
    table.put(ellipse(612, 384, 12, 15), radial(((0, "#5A3A12"), (1, "#0B0602")), 0.4, 0.3))
    table.put(stroke(((340, 322), (590, 371)), 3), "#8A6A3A", 0.6)
    _pointer(table, (700, 170), (566, 340))
    return table


def shock_leak(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(dark_bay(rnd))
    table.put(ellipse(120, 330, 240, 300), rubber(0))
    table.put(ellipse(90, 330, 180, 230), "#0B0C0E")
    table.put(polygon(((470, 560), (830, 470), (830, 540), (490, 620))), cast_iron())
    for i in range(6):
        y = 60 + i * 46
        table.put(stroke(((498, y), (306, y + 22)), 17), "#23282D")
    table.put(rounded(382, 60, 422, 350, 6), steel_tube())
    table.put(rounded(346, 320, 458, 580, 14), tube("#39414A"))
    for i in range(6):
        y = 52 + i * 46
        points = tuple(
            (
                round(402 - 104 * math.cos(math.pi * k / 12), 1),
                round(y + 8 + 30 * k / 12 + 10 * math.sin(math.pi * k / 12), 1),
            )
            for k in range(13)
        )
        table.put(stroke(points, 19), tube("#8A2B2B" if i % 2 else "#7A2626"))
    shell = rounded(346, 320, 458, 580, 14)
    wet = polygon(
        curve(
            [(350, 326), (456, 326), (452, 420), (436, 540), (410, 574), (388, 520), (372, 440), (352, 400)], steps=10
        )
    )
    table.put(inside(wet, shell), linear(((0, "#15100A"), (0.4, "#4A3720"), (1, "#0A0704")), 0), 0.85)
    for _ in range(22):
        x, y = rnd.randint(352, 450), rnd.randint(340, 570)
        table.put(
            inside(ellipse(x, y, rnd.choice((3, 4, 6)), rnd.choice((4, 6, 9))), shell),
            radial(((0, "#D9B97A"), (0.5, "#5C4322"), (1, "#1A1208")), 0.4, 0.3),
        )
    table.put(rounded(330, 556, 474, 640, 16), cast_iron())
    _pointer(table, (640, 230), (476, 356))
    return table


def dashboard_warning(kind: str, colour: str, plate: str, rnd: Random) -> Table:
    table = stage(linear(((0, "#2B3036"), (0.4, "#14171A"), (1, "#090A0B"))))
    hood = polygon(
        curve([(20, 250), (90, 110), (400, 70), (710, 110), (780, 250), (780, 470), (400, 520), (20, 470)], steps=12)
    )
    table.put(hood, linear(((0, "#1B1F23"), (1, "#07080A"))))
    needle = 205 + rnd.randint(-12, 12)
    for cx, angle, top, unit in ((220, needle, 8, "x1000"), (580, 150, 200, "km/h")):
        centre = (float(cx), 300.0)
        table.put(ellipse(*centre, 158, 158), steel(60))
        table.put(ellipse(*centre, 150, 150), radial(((0, "#1A2430"), (1, "#050709"))))
        steps = 9 if top == 8 else 11
        for i in range(steps):
            turn = 140 + i * 260 / (steps - 1)
            table.put(
                stroke((on_circle(centre, 142, turn), on_circle(centre, 122, turn)), 4),
                "#E8EEF3" if i < steps - 2 else "#E5383B",
            )
            table.word(str(i if top == 8 else i * 20), on_circle(centre, 98, turn), 22, "#D5DEE6", bold=0)
        table.word(unit, (cx, 360), 17, "#8FA0AE", bold=0)
        table.put(stroke((centre, on_circle(centre, 118, angle)), 7), "#FF4B33")
        table.put(ellipse(*centre, 22, 22), linear(((0, "#3A4148"), (1, "#0B0D0F"))))
    table.put(rounded(330, 380, 470, 450, 8), linear(((0, "#0E1B24"), (1, "#132733"))))
    table.word(f"{rnd.randint(28, 96)}{rnd.randint(100, 999)} km", (400, 415), 24, "#CDE7F5", bold=0)
    x, y = 400, 190
    engine = (
        (x - 46, y - 6),
        (x - 34, y - 6),
        (x - 34, y - 24),
        (x - 12, y - 24),
        (x - 12, y - 36),
        (x + 14, y - 36),
        (x + 14, y - 24),
        (x + 30, y - 12),
        (x + 44, y - 12),
        (x + 44, y + 26),
        (x + 26, y + 26),
        (x + 14, y + 36),
        (x - 24, y + 36),
        (x - 34, y + 20),
        (x - 46, y + 20),
    )
    table.shade(polygon(engine), 18, 0.85, "#FF9A00")
    table.put(stroke((*engine, engine[0]), 7), "#FFB020")
    for cx, tone in ((352, "#3BD16F"), (448, "#E5383B")):
        table.put(ellipse(cx, 300, 15, 15), tone, 0.9)
    table.word("!", (448, 300), 20, "#FFFFFF", bold=1)
    return table


SCENES = {
    "brake_pad_worn": brake_pad_worn,
    "tyre_worn": tyre_worn,
    "hose_leak": hose_leak,
    "dirty_air_filter": dirty_air_filter,
    "battery_test": battery_test,
    "oil_dipstick": oil_dipstick,
    "shock_leak": shock_leak,
    "dashboard_warning": dashboard_warning,
}
