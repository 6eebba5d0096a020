"""What the pages for people without a log-in share: whose page it is, and as whom they act."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest

from apps.core.actor import Actor, ActorKind, visitor_actor
from apps.core.errors import BadInput
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.selectors import logo_url

PNG_PREFIX = "data:image/png;base64,"
MAX_SIGNATURE = 400_000


def company_of(organization: Organization, branch: Branch | None = None) -> dict[str, Any]:
    """The garage as the shells show it."""
    return {
        "name": organization.name,
        "logo_url": logo_url(organization),
        "color": organization.brand_color,
        "phone": (branch.phone if branch else "") or organization.phone,
        "address": (branch.address if branch else "") or organization.address,
    }


def visitor_of(
    request: HttpRequest, organization: Organization, *permissions: str, name: str = "", by_link: bool = False
) -> Actor:
    """The visitor of this request at one garage, with just the named rights."""
    return visitor_actor(
        organization.pk,
        frozenset(permissions),
        kind=ActorKind.LINK if by_link else ActorKind.ANONYMOUS,
        name=name,
        language=request.LANGUAGE_CODE,
        ip=request.actor.ip,
        user_agent=request.actor.user_agent,
        request_id=request.actor.request_id,
    )


def read_signature(data_url: str) -> bytes | None:
    """The PNG of a signature field; None when it was left empty. Raises BadInput for anything else."""
    if not data_url:
        return None
    if not data_url.startswith(PNG_PREFIX) or len(data_url) > MAX_SIGNATURE:
        raise BadInput(field="signature")
    try:
        return base64.b64decode(data_url.removeprefix(PNG_PREFIX), validate=True)
    except binascii.Error as error:
        raise BadInput(field="signature") from error
