"""Taking files in."""

import hashlib
import secrets
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import NotAllowed
from apps.core.text import clean_text
from apps.platform.files.errors import FileTooLarge, WrongContent
from apps.platform.files.images import CONTENT_TYPE, Picture, rebuild_picture
from apps.platform.files.models import StoredFile

PDF = "application/pdf"
_NAME_LENGTH = 160


def store_image(actor: Actor, upload: "File[Any] | IO[bytes]", *, is_public: bool = False) -> StoredFile:
    """Keeps an uploaded picture, written anew as WebP without its location, with a thumbnail.

    Public pictures have an address that anybody may open. Raises FileTooLarge, WrongContent or TooManyPixels (all
    BadInput); then nothing is kept.
    """
    organization_id = _organization_of(actor)
    picture = read_picture(upload)
    name = secrets.token_hex(16)
    row = StoredFile(
        organization_id=organization_id,
        kind=StoredFile.Kind.IMAGE,
        original_name=_display_name(getattr(upload, "name", "") or "", ".webp"),
        content_type=CONTENT_TYPE,
        size=len(picture.content),
        sha256=hashlib.sha256(picture.content).hexdigest(),
        width=picture.width,
        height=picture.height,
        is_public=is_public,
        uploaded_by_id=actor.user_id,
    )
    row.file.save(f"{name}.webp", ContentFile(picture.content), save=False)
    row.thumbnail.save(f"{name}.webp", ContentFile(picture.thumbnail), save=False)
    return _insert(row)


def read_picture(upload: "File[Any] | IO[bytes]") -> Picture:
    """An uploaded picture written anew, for those who keep it themselves. Raises what `store_image` raises."""
    return rebuild_picture(_read_limited(upload))


def store_document(actor: Actor, content: bytes, *, name: str, content_type: str = PDF) -> StoredFile:
    """Keeps a PDF document. Raises FileTooLarge or WrongContent."""
    organization_id = _organization_of(actor)
    _check_size(len(content))
    if content_type != PDF or not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise WrongContent
    row = StoredFile(
        organization_id=organization_id,
        kind=StoredFile.Kind.DOCUMENT,
        original_name=_display_name(name, ".pdf"),
        content_type=PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=actor.user_id,
    )
    row.file.save(f"{secrets.token_hex(16)}.pdf", ContentFile(content), save=False)
    return _insert(row)


@transaction.atomic
def _insert(row: StoredFile) -> StoredFile:
    row.save(force_insert=True)
    return row


def _organization_of(actor: Actor) -> UUID:
    if actor.organization_id is None:
        raise NotAllowed
    return actor.organization_id


def _read_limited(upload: "File[Any] | IO[bytes]") -> bytes:
    limit = settings.FILE_UPLOAD_MAX_SIZE
    upload.seek(0)
    content: bytes = upload.read(limit + 1)
    _check_size(len(content))
    return content


def _check_size(size: int) -> None:
    if size > settings.FILE_UPLOAD_MAX_SIZE:
        raise FileTooLarge
    if size == 0:
        raise WrongContent


def _display_name(given: str, suffix: str) -> str:
    """What the file is called when somebody saves it: the given stem with the suffix of what it really is."""
    plain = "".join(char for char in PurePath(given.replace("\\", "/")).name if char.isprintable())
    stem = clean_text(PurePath(plain).stem)[: _NAME_LENGTH - len(suffix)]
    return f"{stem or 'file'}{suffix}"
