"""The drawn pictures exist for every product, are real WebP files and never change between runs."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from assets.demo_pictures.draw import SCENES, SHAPES, draw_product, draw_vehicle_photo

CATALOGUE = Path(__file__).resolve().parents[2] / "fixtures/demo/catalogue.json"


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def first_of_each_shape():
    products = json.loads(CATALOGUE.read_text(encoding="utf-8"))["products"]
    found = {}
    for product in products:
        found.setdefault(product["picture"]["shape"], product["picture"])
    return [pytest.param(picture, id=shape) for shape, picture in sorted(found.items())]


def test_every_shape_is_used_by_a_product():
    assert sorted(SHAPES) == [case.id for case in first_of_each_shape()]


@pytest.mark.parametrize("picture", first_of_each_shape())
def test_a_product_picture_is_a_square_webp_with_a_thing_on_a_light_ground(picture):
    drawn = opened(draw_product(**picture, label="Bosch", seed=1))
    assert (drawn.format, drawn.size) == ("WEBP", (640, 640))
    assert min(drawn.getpixel((3, 3))) > 210
    low, high = drawn.convert("L").getextrema()
    assert low < 120
    assert high > 240


def test_the_same_words_give_the_same_bytes():
    first = draw_product("brake_disc", "#B5121B", "#F2F2F2", "Brembo", 7)
    assert draw_product("brake_disc", "#B5121B", "#F2F2F2", "Brembo", 7) == first
    assert draw_product("brake_disc", "#0B5C99", "#F2F2F2", "Brembo", 7) != first


def test_a_vietnamese_label_is_drawn_without_missing_letters():
    assert draw_product("battery", "#0D6B3A", "#E2231A", "Đồng Nai", 1) == draw_product(
        "battery", "#0D6B3A", "#E2231A", "Dong Nai", 1
    )


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_photo_shows_the_finding_and_repeats(scene):
    data = draw_vehicle_photo("suv", "#B3202A", "51K-123.45", scene, 3)
    assert opened(data).size == (800, 600)
    assert draw_vehicle_photo("suv", "#B3202A", "51K-123.45", scene, 3) == data
    other = draw_vehicle_photo("suv", "#B3202A", "30A-999.99", scene, 3)
    assert hashlib.sha256(other).digest() != hashlib.sha256(data).digest()


@pytest.mark.parametrize("kind", ["sedan", "hatchback", "suv", "mpv", "pickup"])
def test_each_body_looks_different_from_the_side(kind):
    data = draw_vehicle_photo(kind, "#23508E", "43A-111.22", "exterior_side", 5)
    others = {"sedan", "hatchback", "suv", "mpv", "pickup"} - {kind}
    assert data not in [draw_vehicle_photo(o, "#23508E", "43A-111.22", "exterior_side", 5) for o in others]
