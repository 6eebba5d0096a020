"""Who looked at personal data and who took data out as a file."""

from typing import Any

from django.core.cache import cache
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.core.actor import Actor
from apps.platform.accounts.models import User
from apps.platform.audit.services import record
from apps.platform.audit.texts import register
from apps.platform.organizations.models import Organization

# Going back and forth between pages is one look.
SAME_LOOK_SECONDS = 15 * 60

register("data.viewed", _("Looked at"), icon="eye")
register("data.exported", _("Exported: %(what)s (%(rows)s rows, %(kind)s)"), icon="download")


def note_view(actor: Actor, row: Model) -> None:
    """Writes that a person looked at `row`; again within a quarter of an hour is the same look."""
    if actor.user_id is None or _looked_just_now(f"looked:{actor.user_id}:{row.pk}"):
        return
    record(actor, "data.viewed", row)


def note_export(actor: Actor, what: str, rows: int, kind: str) -> None:
    """Writes that a person took `rows` rows of a list out as a file."""
    subject: Any = Organization.objects.filter(pk=actor.organization_id).first() if actor.organization_id else None
    if subject is None and actor.user_id is not None:
        subject = User.objects.filter(pk=actor.user_id).first()
    if subject is not None:
        record(actor, "data.exported", subject, data={"what": what, "rows": rows, "kind": kind})


def _looked_just_now(key: str) -> bool:
    try:
        return not cache.add(key, 1, SAME_LOOK_SECONDS)
    except (RedisError, OSError):
        return False
