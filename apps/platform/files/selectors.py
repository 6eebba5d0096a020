"""Finding files and their addresses."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from apps.core.actor import Actor, ActorKind
from apps.core.db import get_visible
from apps.platform.files.links import FULL, SMALL, sign
from apps.platform.files.models import StoredFile


def file_url(file: StoredFile, *, thumbnail: bool = False) -> str:
    """The address of a file's content: lasting for public ones, signed and good for about an hour for private ones.

    Whoever has a signed address can open the file, so give it only to those who may see it.
    """
    variant = SMALL if thumbnail and file.thumbnail else FULL
    if file.is_public:
        return reverse("files:public", args=[file.pk, variant])
    return reverse("files:private", args=[file.pk, sign(file.pk, variant), variant])


def list_files(actor: Actor) -> QuerySet[StoredFile]:
    """Files of the actor's organization; for people who work there, not for its customers."""
    if actor.kind == ActorKind.CUSTOMER:
        return StoredFile.objects.none()
    return StoredFile.objects.visible_to(actor)


def get_file(actor: Actor, file_id: UUID | str) -> StoredFile:
    """A file of the actor's organization; raises NotFound for any other."""
    found: StoredFile = get_visible(StoredFile.objects.all(), actor, file_id)
    return found
