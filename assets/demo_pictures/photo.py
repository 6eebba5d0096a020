"""What turns a drawing into a workshop photo: floor and wall, soft lens, grain, the stamp of the phone."""

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from assets.demo_pictures.canvas import Table, font
from assets.demo_pictures.paints import Paint, linear, radial

WIDTH, HEIGHT = 800, 600


def workshop(rnd: Random) -> Paint:
    """A blurred workshop: wall, light strips, coloured floor."""

    def paint(width: int, height: int) -> Image.Image:
        room = Image.new("RGB", (width, height), "#8B959C")
        wall = linear(((0, "#C9D1D6"), (1, "#9AA5AC")))(width, int(height * 0.62))
        room.paste(wall, (0, 0))
        floor = linear(((0, "#6E797F"), (1, "#A9B2B6")))(width, height - int(height * 0.62))
        room.paste(floor, (0, int(height * 0.62)))
        pen = ImageDraw.Draw(room)
        for i in range(3):
            x = 90 + i * 260 + rnd.randint(-20, 20)
            pen.rectangle((x, 20, x + 150, 38), fill="#FFFFFF")
            pen.rectangle((x + 10, 150, x + 120, 350), fill=rnd.choice(("#3E6D8E", "#B4502F", "#48606B", "#C39A2B")))
        pen.rectangle((0, int(height * 0.6), width, int(height * 0.62)), fill="#E3B23C")
        return room.filter(ImageFilter.GaussianBlur(13))

    return paint


def dark_bay(rnd: Random) -> Paint:
    """Under the car or under the bonnet: dark, with a lamp from one side."""
    x = rnd.uniform(0.3, 0.6)
    return radial(((0, "#7C858B"), (0.5, "#454C52"), (1, "#15181B")), x, 0.35, 0.85)


def grained(picture: Image.Image, seed: int) -> Image.Image:
    """Vignette and sensor grain."""
    width, height = picture.size
    edge = Image.radial_gradient("L").resize((int(width * 1.5), int(height * 1.5)))
    left, top = int(width * 0.25), int(height * 0.25)
    edge = edge.crop((left, top, left + width, top + height)).point(lambda v: max(0, v - 90) * 0.75)
    picture = Image.composite(Image.new("RGB", picture.size, "#0B0D10"), picture, edge)
    small = Image.frombytes("L", (width // 2, height // 2), Random(seed).randbytes((width // 2) * (height // 2)))
    grain = small.resize(picture.size, Image.Resampling.BILINEAR).point(lambda v: 122 + v * 12 // 255)
    return ImageChops.overlay(picture, Image.merge("RGB", (grain, grain, grain)))


def stamped(picture: Image.Image, text: str) -> Image.Image:
    """The line that the phone writes into the corner."""
    pen = ImageDraw.Draw(picture, "RGBA")
    face = font(19)
    length = face.getlength(text)
    pen.rounded_rectangle((14, HEIGHT - 46, 38 + length, HEIGHT - 14), 6, fill=(10, 14, 18, 150))
    pen.text((26, HEIGHT - 30), text, fill="#FFFFFF", font=face, anchor="lm")
    return picture


def stage(backdrop: Paint) -> Table:
    return Table(backdrop, (WIDTH, HEIGHT))
