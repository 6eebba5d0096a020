"""Pictures from outside: decoded, turned upright, shrunk and written anew, so that nothing else comes along."""

import io
import warnings
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageOps

from apps.platform.files.errors import TooManyPixels, WrongContent

MAX_PIXELS = 40_000_000
MAX_SIDE = 2560
THUMBNAIL_SIDE = 480
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
CONTENT_TYPE = "image/webp"
_MARKUP = (b"<svg", b"<!doctype", b"<html", b"<script", b"<?xml")


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def rebuild_picture(content: bytes) -> Picture:
    """The same picture as WebP, upright, at most 2560 px wide or high, without EXIF, with a thumbnail.

    Raises WrongContent when the bytes are no picture of an accepted kind, TooManyPixels above 40 megapixels.
    """
    _check_signature(content)
    image = _decode(content)
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if _has_alpha(upright) else "RGB")
    plain.thumbnail((MAX_SIDE, MAX_SIDE))
    small = plain.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(_encode(plain), _encode(small), plain.width, plain.height)


def _check_signature(content: bytes) -> None:
    if content[:512].lstrip().lower().startswith(_MARKUP):
        raise WrongContent
    try:
        kinds = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError) as error:
        raise WrongContent from error
    if not any(kind.startswith("image/") for kind in kinds):
        raise WrongContent


def _decode(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_pixels(image)
            image.verify()
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            image.load()
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise WrongContent from error
    return image


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise TooManyPixels


def _has_alpha(image: Image.Image) -> bool:
    return image.has_transparency_data


def _encode(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
