"""Brakes and wheels: discs, pads, shoes, tyres, bearings."""

from random import Random

from assets.demo_pictures.canvas import Table, curve, ellipse, inside, on_circle, polygon, stroke, turned
from assets.demo_pictures.paints import (
    brushed,
    cast_iron,
    conic,
    dark,
    ink_on,
    light,
    linear,
    radial,
    rubber,
    steel,
    steel_tube,
)


def brake_disc(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    centre = (320.0, 312.0)
    table.put(ellipse(328, 322, 236, 236), cast_iron(60))
    table.put(ellipse(*centre, 236, 236), steel(50))
    table.put(ellipse(*centre, 231, 231), brushed())
    for radius in (214, 196, 178, 160):
        table.put(ellipse(*centre, radius, radius, 0.994), "#7F8890", 0.35)
    holes = rnd.choice((10, 12))
    for i in range(holes):
        for radius, shift in ((212, 0), (184, 10), (156, 20)):
            x, y = on_circle(centre, radius, 360 / holes * i + shift)
            table.put(ellipse(x, y, 9, 9), "#F4F6F7")
            table.put(ellipse(x - 1, y - 1.5, 8, 8), radial(((0, "#0F1215"), (1, "#4B525A")), 0.6, 0.65))
    table.shade(ellipse(*centre, 134, 134), 9, 0.5, within=ellipse(*centre, 231, 231))
    table.put(
        ellipse(*centre, 128, 128),
        conic(((0, "#8D969E"), (0.25, "#4E565E"), (0.5, "#7E878F"), (0.75, "#C6CDD3"), (1, "#8D969E"))),
    )
    table.put(ellipse(*centre, 117, 117), linear(((0, "#D4D9DE"), (0.5, "#9DA6AE"), (1, "#6F7881")), 60))
    table.put(ellipse(*centre, 108, 108, 0.985), colour, 0.9)
    for i in range(5):
        x, y = on_circle(centre, 78, 72 * i - 90)
        table.put(ellipse(x, y, 15, 15), "#EDF0F2")
        table.put(ellipse(x, y, 13, 13), radial(((0, "#14181C"), (1, "#3B4249")), 0.55, 0.6))
    table.put(ellipse(*centre, 48, 48), "#E8ECEF")
    table.put(ellipse(*centre, 45, 45), radial(((0, "#FFFFFF"), (1, "#CED5DB")), 0.4, 0.35))


def _pad(table: Table, x: float, y: float, degrees: float, colour: str, label: str) -> None:
    centre = (x, y)
    outer = curve(
        [
            (x - 170, y - 40),
            (x - 120, y - 78),
            (x, y - 96),
            (x + 120, y - 78),
            (x + 170, y - 40),
            (x + 176, y + 44),
            (x + 120, y + 66),
            (x, y + 58),
            (x - 120, y + 66),
            (x - 176, y + 44),
        ],
        steps=8,
    )
    ears = [
        [(x + s * 160, y - 26), (x + s * 206, y - 20), (x + s * 206, y + 26), (x + s * 160, y + 40)] for s in (-1, 1)
    ]
    for ear in ears:
        table.put(polygon(turned(ear, centre, degrees)), cast_iron(80))
    table.put(polygon(turned([(px, py + 14) for px, py in outer], centre, degrees)), cast_iron(90))
    table.put(
        polygon(turned(outer, centre, degrees)),
        linear(((0, light(colour, 0.25)), (0.6, colour), (1, dark(colour, 0.35))), 80),
    )
    inner = curve(
        [
            (x - 146, y - 34),
            (x - 108, y - 62),
            (x, y - 78),
            (x + 108, y - 62),
            (x + 146, y - 34),
            (x + 150, y + 34),
            (x + 104, y + 48),
            (x, y + 42),
            (x - 104, y + 48),
            (x - 150, y + 34),
        ],
        steps=8,
    )
    lining = polygon(turned(inner, centre, degrees))
    table.put(polygon(turned([(px, py + 7) for px, py in inner], centre, degrees)), "#191B1E")
    table.put(lining, linear(((0, "#71665F"), (0.5, "#4B4440"), (1, "#312D2B")), 70))
    spots = Random(7)
    for _ in range(90):
        a, b = x + spots.uniform(-140, 140), y + spots.uniform(-66, 42)
        table.put(
            inside(ellipse(*turned([(a, b)], centre, degrees)[0], 2.2, 1.8), lining),
            spots.choice(("#A59A90", "#2A2624", "#C9BFA9")),
            0.55,
        )
    table.put(
        inside(
            polygon(turned([(x - 5, y - 96), (x + 5, y - 96), (x + 5, y + 60), (x - 5, y + 60)], centre, degrees)),
            lining,
        ),
        "#17181A",
    )


def brake_pad(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    table.shadow(330, 470, 230, 70, 0.35, 22)
    _pad(table, 352, 216, -9, colour, label)
    _pad(table, 290, 392, -9, colour, label)
    table.word(label.upper(), (320, 572), 26, dark(colour, 0.1), width=180)


def brake_shoe(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    for shift, turn in ((-86, 180), (86, 0)):
        centre = (320.0 + shift * 0.2, 312.0)
        arc = [on_circle(centre, 214, a) for a in range(-68, 69, 4)]
        back = [on_circle(centre, 186, a) for a in range(68, -69, -4)]
        table.put(polygon(turned([*arc, *back], centre, turn)), rubber(80))
        lining = [on_circle(centre, 216, a) for a in range(-54, 55, 4)] + [
            on_circle(centre, 196, a) for a in range(54, -55, -4)
        ]
        table.put(polygon(turned(lining, centre, turn)), linear(((0, "#8B7D72"), (0.5, "#5F554E"), (1, "#3D3733")), 70))
        web = [on_circle(centre, 190, a) for a in range(-66, 67, 4)] + [
            on_circle(centre, 142, a) for a in range(60, -61, -4)
        ]
        table.put(
            polygon(turned(web, centre, turn)),
            linear(((0, light(colour, 0.3)), (0.5, colour), (1, dark(colour, 0.4))), 60),
        )
        for a in (-44, -15, 15, 44):
            x, y = turned([on_circle(centre, 166, a)], centre, turn)[0]
            table.put(ellipse(x, y, 9, 9), "#EFF2F4")
            table.put(ellipse(x, y, 7.5, 7.5), "#2C3238")
    for y in (250, 380):
        table.put(stroke(tuple((180 + i * 7, y + (7 if i % 2 else -7)) for i in range(41)), 5), steel_tube(90))
    table.word(label.upper(), (320, 315), 30, dark(colour, 0.15), width=190)


def tyre(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    centre = (330.0, 306.0)
    table.shadow(322, 570, 190, 24, 0.5)
    table.put(ellipse(292, 308, 232, 262), linear(((0, "#0D0E10"), (0.4, "#2A2D31"), (1, "#0C0D0F")), 0))
    for i in range(56):
        angle = 92 + i * 180 / 56
        points = [
            (292 + 232 * ((x := on_circle((0, 0), 1, angle + d))[0]) * r, 308 + 262 * x[1] * r)
            for d, r in ((0, 1.0), (1.7, 1.0), (4.2, 0.82), (2.4, 0.82))
        ]
        table.put(polygon(tuple((round(a, 1), round(b, 1)) for a, b in points)), "#4A4E54", 0.75)
    table.put(
        ellipse(*centre, 228, 258), linear(((0, "#55595F"), (0.25, "#2D3035"), (0.6, "#1B1D20"), (1, "#3A3E43")), 60)
    )
    table.put(ellipse(*centre, 216, 245, 0.985), "#000000", 0.5)
    table.put(ellipse(*centre, 176, 200, 0.985), "#6A6F75", 0.6)
    table.put(ellipse(*centre, 170, 193, 0.992), "#000000", 0.6)
    table.arc_word(label.upper()[:12], centre, (196, 222), 27, "#E9ECEE", 9.5)
    table.put(ellipse(*centre, 152, 172), "#0A0B0C")
    table.put(
        ellipse(*centre, 148, 168), linear(((0, "#F5F7F8"), (0.3, "#AEB6BD"), (0.6, "#DDE2E6"), (1, "#7A838B")), 50)
    )
    table.put(ellipse(*centre, 138, 157), radial(((0, "#3B4148"), (1, "#15181B")), 0.5, 0.5))
    for i in range(5):
        spoke = [on_circle((0, 0), r, 72 * i - 90 + d) for r, d in ((34, -34), (137, -13), (137, 13), (34, 34))]
        table.put(polygon(tuple((centre[0] + a, centre[1] + b * 1.13) for a, b in spoke)), steel(40 + 12 * i))
    table.put(ellipse(*centre, 40, 45), steel(60))
    table.put(ellipse(*centre, 27, 30), radial(((0, light(colour, 0.3)), (1, dark(colour, 0.3))), 0.4, 0.35))
    for i in range(5):
        x, y = on_circle((0, 0), 1, 72 * i - 54)
        table.put(ellipse(330 + 36 * x, 306 + 41 * y, 4.5, 5), "#2A2F34")


def wheel_bearing(table: Table, colour: str, accent: str, label: str, rnd: Random) -> None:
    centre = (314.0, 300.0)
    table.shadow(330, 548, 190, 26, 0.4)
    table.put(ellipse(352, 318, 214, 222), steel_tube(40))
    table.put(ellipse(*centre, 216, 224), steel(40))
    table.put(
        ellipse(*centre, 204, 212),
        conic(
            ((0, "#C9CFD5"), (0.2, "#8F98A0"), (0.35, "#F8FAFB"), (0.55, "#AEB6BE"), (0.8, "#EEF1F3"), (1, "#C9CFD5"))
        ),
    )
    table.put(ellipse(*centre, 166, 172), linear(((0, dark(colour, 0.4)), (0.5, colour), (1, dark(colour, 0.5))), 60))
    table.put(ellipse(*centre, 160, 166, 0.98), light(colour, 0.5), 0.7)
    table.put(ellipse(*centre, 112, 117), steel(130))
    table.put(ellipse(*centre, 102, 107), brushed())
    table.put(ellipse(*centre, 78, 82), "#8C959D")
    table.put(ellipse(318, 304, 74, 77), linear(((0, "#2D3339"), (0.6, "#6C757D"), (1, "#DDE2E6")), 60))
    table.put(ellipse(330, 312, 58, 60), linear(((0, "#E9EDF0"), (1, "#F8FAFB"))))
    table.arc_word(label.upper()[:12], centre, (139, 144), 24, ink_on(colour), 11)


SHAPES = {
    "brake_disc": (brake_disc, (10, 18)),
    "brake_pad": (brake_pad, (6, 10)),
    "brake_shoe": (brake_shoe, (8, 14)),
    "tyre": (tyre, (0, 0)),
    "wheel_bearing": (wheel_bearing, (0, 0)),
}
