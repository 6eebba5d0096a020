"""Draw a product or an inspection photo from a few words: same words, same picture."""

import unicodedata
from random import Random

from assets.demo_pictures import brakes, fluids
from assets.demo_pictures.canvas import Table, as_webp

SHAPES = {**brakes.SHAPES, **fluids.SHAPES}


def _plain(label: str) -> str:
    """The built-in typeface has no Vietnamese letters."""
    letters = unicodedata.normalize("NFD", label.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def picture_of(shape: str, colour: str, accent: str, label: str, seed: int):
    draw, lift = SHAPES[shape]
    table = Table()
    draw(table, colour, accent, _plain(label), Random(seed))
    return table.photograph(lift)


def draw_product(shape: str, colour: str, accent: str, label: str, seed: int) -> bytes:
    """A 640 by 640 WebP of a product; colours are #RRGGBB, the label is the brand."""
    return as_webp(picture_of(shape, colour, accent, label, seed))
