"""Giving out the content of files."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from apps.platform.files.links import LIFETIME, SMALL, VARIANTS, is_good
from apps.platform.files.models import StoredFile

_DAY = 24 * 3600


@require_safe
def private_file(request: HttpRequest, file_id: UUID, signature: str, variant: str) -> HttpResponseBase:
    """A file whose address was signed for its reader; a forged or old address is as good as none."""
    if variant not in VARIANTS or not is_good(file_id, variant, signature):
        raise Http404
    return _serve(request, file_id, variant, cache=f"private, max-age={int(LIFETIME.total_seconds())}")


@require_safe
def public_file(request: HttpRequest, file_id: UUID, variant: str) -> HttpResponseBase:
    """A file that its owner shows to everybody."""
    if variant not in VARIANTS:
        raise Http404
    return _serve(request, file_id, variant, cache=f"public, max-age={_DAY}, immutable", is_public=True)


def _serve(request: HttpRequest, file_id: UUID, variant: str, *, cache: str, **conditions: Any) -> HttpResponseBase:
    row = StoredFile.objects.filter(pk=file_id, **conditions).first()
    content = row and (row.thumbnail if variant == SMALL and row.thumbnail else row.file)
    if row is None or not content:
        raise Http404
    response: HttpResponseBase
    if settings.S3_BUCKET:
        response = HttpResponseRedirect(content.url)
        cache = "private, no-store"
    else:
        response = _stream(content, row, as_attachment="download" in request.GET)
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _stream(content: Any, row: StoredFile, *, as_attachment: bool) -> FileResponse:
    try:
        handle = content.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(handle, as_attachment=as_attachment, filename=row.original_name, content_type=row.content_type)
