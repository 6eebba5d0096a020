"""Files that a person brought: their names may tell who it was."""

from typing import Any

from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.files.models import StoredFile


def collect(user: User) -> dict[str, Any] | None:
    """What the person uploaded, by name; the files belong to the companies."""
    rows = StoredFile.objects.filter(uploaded_by=user)
    found = [describe(row, "original_name", "content_type", "size", "created_at") for row in rows]
    return {"uploads": found} if found else None


def erase(erasure: Erasure) -> None:
    """Files stay with their documents, without the person's name in theirs."""
    scrub_rows(
        StoredFile.objects.filter(organization_id__in=erasure.organization_ids), ("original_name",), erasure.words
    )


register_own_data("files", collect)
register_eraser("files", erase)
