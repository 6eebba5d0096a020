"""What companies hold about the people who work there, and how it is forgotten."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, Trace, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import history_of, scrub_rows
from apps.platform.events.services import publish
from apps.platform.organizations.errors import LastOwner
from apps.platform.organizations.events import MembershipChanged
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization

_FIELDS = ("organization", "branch", "role.code", "title", "active_from", "active_to", "created_at")


def collect(user: User) -> dict[str, Any]:
    """Where the person works and worked."""
    rows = Membership.objects.filter(user=user).select_related("organization", "branch", "role")
    history = history_of(Membership).filter(user_id=user.pk).select_related("organization").order_by("history_date")
    return {
        "memberships": [describe(row, *_FIELDS) for row in rows],
        "membership_history": [
            describe(row, "organization", "title", "active_from", "active_to", "history_type", "history_date")
            for row in history
        ],
    }


def trace(user: User) -> Iterable[Trace]:
    """The companies that know the person, also those where they no longer work."""
    ids = set(history_of(Membership).filter(user_id=user.pk).values_list("organization_id", flat=True))
    ids |= set(Membership.objects.filter(user=user).values_list("organization_id", flat=True))
    return [Trace(user.full_name, organization_id) for organization_id in ids if organization_id]


def check(user: User) -> None:
    """Raises LastOwner, naming the company, when nobody else could lead it."""
    for organization_id in sorted(_owned_by(user)):
        _check_owner_left(Organization.objects.get(pk=organization_id), without=user)


def erase(erasure: Erasure) -> None:
    """Ends the memberships and empties invitations to the person. Checks the owners again under the companies' locks."""
    user = erasure.user
    owned = _owned_by(user)
    for organization in Organization.objects.select_for_update(of=("self",)).filter(pk__in=owned).order_by("pk"):
        _check_owner_left(organization, without=user)
    memberships = list(Membership.objects.filter(user=user).order_by("pk"))
    for membership in memberships:
        organization_id = membership.organization_id
        membership.delete()
        event = MembershipChanged(subject_id=user.pk, organization_id=organization_id, role="")
        publish(system_actor(organization_id), event)
    Branch.objects.filter(manager=user).update(manager=None)
    _empty_invitations(erasure)
    scrub_rows(history_of(Membership).filter(user_id=user.pk), ("title",), erasure.words)


def _owned_by(user: User) -> set[UUID]:
    rows = Membership.objects.active().filter(user=user, branch__isnull=True, role__permissions__contains=["*"])
    return set(rows.values_list("organization_id", flat=True))


def _check_owner_left(organization: Organization, *, without: User) -> None:
    others = Membership.objects.active().filter(
        organization=organization,
        branch__isnull=True,
        active_to__isnull=True,
        user__is_active=True,
        role__permissions__contains=["*"],
    )
    if not others.exclude(user=without).exists():
        text = _("You are the last owner of %(company)s. Give it another owner first.")
        raise LastOwner(text % {"company": organization.name}, details={"organization_id": str(organization.pk)})


def _empty_invitations(erasure: Erasure) -> None:
    found = Q(accepted_by=erasure.user)
    if erasure.email:
        found |= Q(email__iexact=erasure.email)
    if erasure.phone:
        found |= Q(phone=erasure.phone)
    rows = Invitation.objects.filter(found)
    rows.filter(accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now())
    rows.update(name="", title="", phone="", email=f"{erasure.user.pk}@erased.invalid")


register_own_data("organizations", collect)
register_eraser("organizations", erase, traces=trace, check=check)
