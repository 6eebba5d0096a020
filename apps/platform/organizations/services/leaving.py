"""What ends with somebody's place in a company: rows that were opened to them there, and sessions in which they act there.

A place ends when the last membership that holds today is removed, changed or over. One that ran out by its date is tidied
up when the person comes back: what was open to them before is not open again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from guardian.models import UserObjectPermission

from apps.core.actor import Actor
from apps.platform.accounts.models import UserSession
from apps.platform.accounts.services.sessions import close_session
from apps.platform.audit.services import record
from apps.platform.organizations.grants import GRANTABLES, Grantable
from apps.platform.organizations.models import Membership
from apps.platform.organizations.rules import ORGANIZATION_KEY

REASON = "left_company"


@contextmanager
def settled_place(actor: Actor, user_id: UUID, organization_id: UUID) -> Iterator[None]:
    """Around a change of memberships, in its transaction: ends what does not outlive a place that ends or begins anew."""
    had_place = has_place(user_id, organization_id)
    yield
    keeps_place = has_place(user_id, organization_id)
    if had_place and keeps_place:
        return
    end_grants(actor, user_id, organization_id)
    if had_place:
        end_sessions_in(actor, user_id, organization_id)


def has_place(user_id: UUID, organization_id: UUID) -> bool:
    """Whether the person works in the company today."""
    return Membership.objects.active().filter(user_id=user_id, organization_id=organization_id).exists()


def end_grants(actor: Actor, user_id: UUID, organization_id: UUID) -> int:
    """Closes every row of the company that was opened to one of its people; says how many."""
    return sum(_end(actor, entry, user_id, organization_id) for entry in GRANTABLES.values())


def end_sessions_in(actor: Actor, user_id: UUID, organization_id: UUID) -> int:
    """Ends the sessions in which the person acts in the company, chosen or because they had no other; says how many."""
    is_only_place = not Membership.objects.active().filter(user_id=user_id).exists()
    open_ones = UserSession.objects.select_for_update(of=("self",)).filter(user_id=user_id, ended_at__isnull=True)
    rows = list(open_ones.order_by("pk"))
    chosen = _chosen_companies(rows)
    ending = [row for row in rows if _acts_there(chosen.get(row.session_key), organization_id, is_only_place)]
    for row in ending:
        close_session(actor, row, REASON)
    return len(ending)


def _end(actor: Actor, entry: Grantable, user_id: UUID, organization_id: UUID) -> int:
    held = UserObjectPermission.objects.filter(
        user_id=user_id,
        permission__codename=entry.right,
        content_type__app_label=entry.model._meta.app_label,
        content_type__model=entry.model._meta.model_name,
    )
    rows: Any = entry.model._default_manager
    ours = list(rows.filter(pk__in=list(held.values_list("object_pk", flat=True)), organization_id=organization_id))
    held.filter(object_pk__in=[str(row.pk) for row in ours]).delete()
    for row in ours:
        record(actor, "access.ended", row, data={"user_id": str(user_id)})
    return len(ours)


def _chosen_companies(sessions: list[UserSession]) -> dict[str, str]:
    """The company that was chosen in each browser, by the key of its session."""
    keys = [row.session_key for row in sessions if row.session_key]
    found = Session.objects.filter(session_key__in=keys)
    return {row.session_key: str(row.get_decoded().get(ORGANIZATION_KEY) or "") for row in found}


def _acts_there(chosen: str | None, organization_id: UUID, is_only_place: bool) -> bool:
    return chosen == str(organization_id) or (not chosen and is_only_place)
