"""Conditional requests. The tag is `W/"<version>.<digest of the body>"`: the version guards writes, the whole tag reads."""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import BadInput

_TAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:\.[0-9a-f]+)?"$')


def make_etag(instance: Any, rendered: bytes) -> str | None:
    """The tag of a row as shown, or None for rows that nobody edits."""
    version = getattr(instance, "version", None)
    if version is None:
        return None
    digest = hashlib.sha256(rendered, usedforsecurity=False).hexdigest()[:16]
    return f'W/"{version}.{digest}"'


def version_from(header: str | None) -> int | None:
    """The version that If-Match asks for; None without the header or with `*`. Raises BadInput for anything else."""
    if header is None or header.strip() == "*":
        return None
    match = _TAG.match(header.strip())
    if match is None:
        raise BadInput(_("If-Match must be an ETag that was read before."), field="If-Match")
    return int(match[1])


def matches(header: str | None, etag: str | None) -> bool:
    """Whether If-None-Match names the tag."""
    if not header or etag is None:
        return False
    return header.strip() == "*" or etag in (part.strip() for part in header.split(","))
