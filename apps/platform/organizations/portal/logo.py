"""A company's logo, for everybody."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from apps.platform.organizations import selectors


def show_logo(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """The logo, for everybody: customers see it on estimates and invoices. Its address changes with its version."""
    organization = selectors.find_by_slug(slug)
    if organization is None or not organization.logo:
        raise Http404
    response = FileResponse(organization.logo.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
