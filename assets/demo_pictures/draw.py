"""Draw a product or an inspection photo from a few words: same words, same picture."""

import unicodedata
from random import Random

from assets.demo_pictures import body, brakes, cars, chassis, engine, findings, fluids, tools
from assets.demo_pictures.canvas import Table, as_webp
from assets.demo_pictures.photo import grained, stamped

SHAPES = {**body.SHAPES, **brakes.SHAPES, **chassis.SHAPES, **engine.SHAPES, **fluids.SHAPES, **tools.SHAPES}
SCENES = {**cars.SCENES, **findings.SCENES}


def _plain(label: str) -> str:
    """The built-in typeface has no Vietnamese letters; what stands in brackets is for texts, not for labels."""
    letters = unicodedata.normalize("NFD", label.partition(" (")[0].replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def picture_of(shape: str, colour: str, accent: str, label: str, seed: int):
    draw, lift = SHAPES[shape]
    table = Table()
    draw(table, colour, accent, _plain(label), Random(seed))
    return table.photograph(lift)


def draw_product(shape: str, colour: str, accent: str, label: str, seed: int) -> bytes:
    """A 640 by 640 WebP of a product; colours are #RRGGBB, the label is the brand."""
    return as_webp(picture_of(shape, colour, accent, label, seed))


def draw_vehicle_photo(kind: str, colour: str, plate: str, scene: str, seed: int) -> bytes:
    """An 800 by 600 WebP as an advisor would take it: kind is the body (sedan, suv, …), colour #RRGGBB of the paint."""
    table = SCENES[scene](kind, colour, plate, Random(seed))
    return as_webp(stamped(grained(table.photograph(), seed), plate), 80)
