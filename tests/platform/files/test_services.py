"""Taking files in: what is kept, and what is refused without a trace."""

import hashlib
import io
import re
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from apps.core.actor import ANONYMOUS
from apps.core.errors import NotAllowed, NotFound
from apps.platform.files.errors import FileTooLarge, TooManyPixels, WrongContent
from apps.platform.files.models import StoredFile
from apps.platform.files.selectors import get_file
from apps.platform.files.services import store_document, store_image
from tests.factories.actors import actor_for

pytestmark = pytest.mark.django_db
GPS_MARK = b"10 deg 46' N"


def make_picture(size=(800, 600), kind="JPEG", color=(200, 30, 30), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA" if len(color) == 4 else "RGB", size, color).save(buffer, kind, **options)
    return buffer.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def open_stored(field) -> Image.Image:
    with default_storage.open(field.name) as handle:
        image = Image.open(io.BytesIO(handle.read()))
    image.load()
    return image


def png_that_claims(width: int, height: int) -> bytes:
    """A valid small file that unpacks to a huge picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.fixture
def actor():
    return actor_for("advisor")


def test_a_picture_is_kept_as_webp_under_a_random_name(actor):
    row = store_image(actor, upload(make_picture((3000, 1500)), "../../xe của tôi.jpeg"))
    assert (row.organization_id, row.uploaded_by_id) == (actor.organization_id, actor.user_id)
    assert (row.original_name, row.content_type, row.kind) == ("xe của tôi.webp", "image/webp", "image")
    assert (row.width, row.height) == (2560, 1280)
    assert re.fullmatch(r"files/\d{4}/\d{2}/[0-9a-f]{32}\.webp", row.file.name)
    with default_storage.open(row.file.name) as handle:
        content = handle.read()
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert open_stored(row.thumbnail).size == (480, 240)


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("GIF", "a.gif"), ("AVIF", "a.avif")])
def test_other_kinds_of_pictures_are_taken_too(actor, kind, name):
    assert store_image(actor, upload(make_picture(kind=kind), name)).content_type == "image/webp"


def test_transparency_stays(actor):
    row = store_image(actor, upload(make_picture(kind="PNG", color=(0, 0, 0, 0)), "logo.png"))
    assert open_stored(row.file).getpixel((5, 5))[3] == 0


def test_the_place_and_everything_else_about_the_picture_is_taken_out(actor):
    exif = Image.Exif()
    exif[0x010E] = GPS_MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    content = make_picture(exif=exif, comment=b"secret comment")
    assert GPS_MARK in content
    row = store_image(actor, upload(content))
    with default_storage.open(row.file.name) as handle:
        kept = handle.read()
    assert GPS_MARK not in kept
    assert b"secret comment" not in kept
    assert not open_stored(row.file).getexif()


def test_a_picture_taken_sideways_stands_upright(actor):
    exif = Image.Exif()
    exif[0x0112] = 6
    row = store_image(actor, upload(make_picture((800, 600), exif=exif)))
    assert (row.width, row.height) == (600, 800)


HOSTILE = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with declaration": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "html called jpg": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "zip": b"PK\x03\x04" + b"\x00" * 60,
    "pdf": b"%PDF-1.7\n%%EOF",
    "nothing": b"",
    "head of a jpeg alone": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "executable": b"MZ" + b"\x00" * 100,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\n",
    "tiff": make_picture(kind="TIFF"),
    "cut jpeg": make_picture((900, 900))[:700],
    "cut png": make_picture((300, 300), "PNG")[:120],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_picture_is_refused_without_a_trace(actor, content):
    with pytest.raises(WrongContent):
        store_image(actor, upload(content))
    assert not StoredFile.objects.exists()


def test_a_picture_with_a_page_hidden_in_it_loses_the_page(actor):
    page = b"<html><script>alert(document.cookie)</script></html>"
    for content in (make_picture(comment=page), make_picture() + page, make_picture(kind="GIF", comment=page)):
        row = store_image(actor, upload(content))
        with default_storage.open(row.file.name) as handle:
            assert b"script" not in handle.read()


@pytest.mark.parametrize("size", [(8000, 5001), (60000, 60000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(actor, size):
    with pytest.raises(TooManyPixels):
        store_image(actor, upload(png_that_claims(*size), "bomb.png"))
    assert not StoredFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(actor, settings):
    settings.FILE_UPLOAD_MAX_SIZE = 1000
    with pytest.raises(FileTooLarge):
        store_image(actor, upload(make_picture()))
    with pytest.raises(FileTooLarge):
        store_document(actor, b"%PDF-" + b"x" * 1000 + b"%%EOF", name="a.pdf")
    assert not StoredFile.objects.exists()


def test_colours_survive(actor):
    row = store_image(actor, upload(make_picture(color=(15, 110, 113))))
    shown = open_stored(row.file).convert("RGB")
    difference = ImageChops.difference(shown, Image.new("RGB", shown.size, (15, 110, 113)))
    assert max(high for _, high in difference.getextrema()) < 8


def test_documents_are_pdf_only(actor):
    row = store_document(actor, b"%PDF-1.7\nx\n%%EOF\n", name="Hóa đơn\r\n.exe")
    assert (row.kind, row.original_name, row.content_type) == ("document", "Hóa đơn.pdf", "application/pdf")
    for content, kind in ((b"<html>", "application/pdf"), (b"%PDF-1.7", "application/pdf"), (b"x", "text/html")):
        with pytest.raises(WrongContent):
            store_document(actor, content, name="x.pdf", content_type=kind)
    assert StoredFile.objects.count() == 1


def test_a_file_belongs_to_a_company(actor):
    with pytest.raises(NotAllowed):
        store_image(ANONYMOUS, upload(make_picture()))
    row = store_image(actor, upload(make_picture()))
    assert get_file(actor, row.pk) == row
    with pytest.raises(NotFound):
        get_file(actor_for("owner"), row.pk)
