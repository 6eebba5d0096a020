"""Signatures by finger, kept as private images."""

from io import BytesIO

from apps.core.actor import Actor
from apps.platform.files.models import StoredFile
from apps.platform.files.services import store_image


def keep_signature(actor: Actor, png: bytes | None) -> StoredFile | None:
    """The signature as a stored image, None for none. Raises BadInput for what is no picture."""
    return store_image(actor, BytesIO(png)) if png else None
