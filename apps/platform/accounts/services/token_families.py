"""Everything that came of one agreement belongs together: a code or refresh token used again ends all of it.

Whoever shows a used one has it from somebody else, or somebody else has it (RFC 9700, 4.14.2; RFC 6749, 4.1.2). Used ones
are kept as rows that ran out, so the library finds no living token in them, for as long as they could have been good.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Token
from django.db import connection
from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.platform.audit.services import record

SINGLE_USE = {"code": Token.Type.AUTHORIZATION_CODE, "refresh_token": Token.Type.REFRESH_TOKEN}


def lock_single_use(secret: str) -> None:
    """Exchanges of one code or refresh token stand in a queue, so that only the first finds it still there."""
    digest = hashlib.sha256(f"single-use|{secret}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])


def find_family(kind: str, secret: str) -> str | None:
    """The family of a code or refresh token (`kind` is a word of SINGLE_USE), used or not; None for unknown ones."""
    return _family_of(_rows(SINGLE_USE[kind], secret))


def keep_family(*, kind: str, secret: str, family: str | None, access_token: str, refresh_token: str) -> None:
    """After an exchange: the new tokens join the family, and the secret that was exchanged is kept as used."""
    joined = family or str(uuid7())
    fresh = [
        *_rows(Token.Type.ACCESS_TOKEN, access_token),
        *(_rows(Token.Type.REFRESH_TOKEN, refresh_token) if refresh_token else ()),
    ]
    for row in fresh:
        row.data = {**(row.data or {}), "family": joined}
    Token.objects.bulk_update(fresh, ["data"])
    owner = fresh[0]
    Token.objects.create(
        type=SINGLE_USE[kind],
        hash=get_adapter().hash_token(secret),
        client_id=owner.client_id,
        user_id=owner.user_id,
        data={"family": joined, "is_used": True},
        expires_at=now(),
    )


def end_if_used(actor: Actor, *, kind: str, secret: str) -> bool:
    """Ends the family of a code or refresh token that was exchanged before; False when this is none."""
    used = _rows(SINGLE_USE[kind], secret).filter(data__is_used=True).select_related("client").first()
    family = (used.data or {}).get("family") if used else None
    if used is None or used.client is None or not family:
        return False
    ended = end_family(family)
    data = {"name": used.client.name, "kind": kind, "user_id": str(used.user_id), "ended": ended}
    record(actor, "partner_client.token_reused", used.client, data=data, label=used.client.name)
    return True


def end_family(family: str) -> int:
    """Ends all tokens of a family; says how many were alive."""
    rows = Token.objects.filter(data__family=family)
    living = rows.valid().count()
    rows.delete()
    return int(living)


def end_tokens_of(user_id: UUID) -> int:
    """Ends everything that partners' programs hold for a person; says how many tokens were alive."""
    rows = Token.objects.filter(user_id=user_id)
    living = rows.valid().count()
    rows.delete()
    return int(living)


def forget_tokens(*, before: datetime) -> int:
    """Deletes tokens that ran out before that moment, used ones when they could not have been good any longer."""
    lifetime = timedelta(seconds=app_settings.REFRESH_TOKEN_EXPIRES_IN or 0)
    is_done = Q(data__is_used__isnull=True) | Q(created_at__lt=min(before, now() - lifetime))
    return int(Token.objects.filter(is_done, expires_at__lt=before).delete()[0])


def _rows(type_: str, secret: str) -> "QuerySet[Token]":
    rows: QuerySet[Token] = Token.objects.by_value(secret).filter(type=type_)
    return rows


def _family_of(rows: "QuerySet[Token]") -> str | None:
    row = rows.first()
    family = (row.data or {}).get("family") if row else None
    return str(UUID(family)) if family else None
