"""Secret addresses that open one document for one purpose without a log-in. Only a hash of the secret is kept."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.platform.accounts.errors import LinkExpired
from apps.platform.accounts.models import AccessLink


def create_link(
    organization_id: UUID | None, *, purpose: str, subject_id: UUID, days: int = 30, minutes: int | None = None
) -> str:
    """Makes a link and returns its token, which cannot be read again later. Older links of the subject stay good.

    `minutes` is for links that live less than a day.
    """
    token = secrets.token_urlsafe(24)
    AccessLink.objects.create(
        token_hash=hash_token(token),
        purpose=purpose,
        organization_id=organization_id,
        subject_id=subject_id,
        expires_at=now() + (timedelta(days=days) if minutes is None else timedelta(minutes=minutes)),
    )
    return token


def open_link(purpose: str, token: str) -> AccessLink:
    """The link behind `token`. Raises NotFound for an unknown token or another purpose, LinkExpired for a dead one."""
    link = AccessLink.objects.select_related("organization").filter(token_hash=hash_token(token)).first()
    if link is None or link.purpose != purpose:
        raise NotFound
    moment = now()
    if link.revoked_at or link.expires_at <= moment:
        raise LinkExpired
    # Not a write per request: polling pages would lock the row over and over.
    AccessLink.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=moment - timedelta(minutes=5)), pk=link.pk
    ).update(last_used_at=moment)
    return link


def revoke_links(purpose: str, subject_id: UUID) -> int:
    """Ends all links of the subject for the purpose; says how many were alive."""
    return AccessLink.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True).update(
        revoked_at=now()
    )


def hash_token(token: str) -> str:
    """SHA-256: enough for secrets of 192 random bits, and quick to look up."""
    return hashlib.sha256(token.encode()).hexdigest()
