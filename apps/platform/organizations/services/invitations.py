"""Invitations: a place in the company offered to an email address or a phone number.

The link is made after commit, by the reaction that sends it, so that nothing that is kept ever holds it: the row has
only the hash, and the event has only the id. Whoever opens a link that is used, expired, revoked or made up learns the
same: nothing.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.actor import Actor, ActorKind
from apps.core.clock import local_date, now
from apps.core.db import lock_row
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import User
from apps.platform.accounts.phones import normalize_phone
from apps.platform.accounts.selectors import find_user
from apps.platform.accounts.services import create_user
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.errors import AlreadyMember, InvitationClosed, InvitationGone, InvitedAnother
from apps.platform.organizations.events import InvitationAnswered, InvitationIssued, MembershipChanged
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.organizations.permissions import STAFF_INVITE
from apps.platform.organizations.services.gifts import check_gift, describe_membership
from apps.platform.organizations.services.leaving import settled_place


@transaction.atomic
def invite(
    actor: Actor,
    *,
    role: Role,
    email: str = "",
    phone: str = "",
    name: str = "",
    branch: Branch | None = None,
    title: str = "",
) -> Invitation:
    """Offers a role to an address; an older open offer to the same address is revoked.

    Raises NotAllowed, RightsExceeded for a role or reach beyond the actor's own, NotFound for another company's role or
    branch, AlreadyMember, BadInput without an address.
    """
    actor.require(STAFF_INVITE)
    organization_id = actor.require_organization()
    check_gift(actor, role, branch)
    email, phone = _clean_address(email, phone)
    _check_new(organization_id, role, branch, [text for text in (email, phone) if text])
    older = open_invitations(organization_id).filter(email=email, phone=phone)
    for row in older.select_for_update(of=("self",)).order_by("pk"):
        _revoke(actor, row)
    invitation = Invitation.objects.create(
        organization_id=organization_id,
        branch=branch,
        role=role,
        title=clean_text(title),
        name=clean_text(name),
        email=email,
        phone=phone,
        token_hash=_no_link(),
        invited_by_id=actor.require_user(),
        expires_at=_deadline(),
    )
    record(actor, "invitation.sent", invitation, data=_describe(invitation))
    _issue(actor, invitation)
    return invitation


@transaction.atomic
def resend_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    """A new link for another 72 hours; the old one is dead. Raises NotFound, NotAllowed, RightsExceeded, InvitationClosed."""
    invitation = _lock_open(actor, invitation)
    invitation.token_hash, invitation.expires_at = _no_link(), _deadline()
    invitation.save(update_fields=["token_hash", "expires_at"])
    record(actor, "invitation.resent", invitation, data=_describe(invitation))
    _issue(actor, invitation)
    return invitation


@transaction.atomic
def revoke_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    """Takes the offer back; its link is dead. Raises what `resend_invitation` raises."""
    return _revoke(actor, _lock_open(actor, invitation))


@transaction.atomic
def make_link(invitation_id: UUID) -> tuple[Invitation, str] | None:
    """The invitation and a fresh token for its link, to be sent at once and never kept; None when it is over."""
    row = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if row is None or not row.is_open:
        return None
    token = secrets.token_urlsafe(24)
    row.token_hash = hash_token(token)
    row.save(update_fields=["token_hash"])
    return row, token


def find_invitation(token: str) -> Invitation:
    """The open invitation behind a link. Raises InvitationGone for every other link alike."""
    rows = Invitation.objects.select_related("organization", "branch", "role", "invited_by")
    row = rows.filter(token_hash=hash_token(token)).first()
    if row is None or not row.is_open or row.organization.status != Organization.Status.ACTIVE:
        raise InvitationGone
    return row


def find_invited(invitation: Invitation) -> User | None:
    """The account that has the invited address already, if there is one."""
    return find_user(invitation.email or invitation.phone)


@transaction.atomic
def accept_invitation(actor: Actor, token: str) -> Membership:
    """The logged-in person joins. Raises InvitationGone, InvitedAnother when the address is not one of theirs."""
    invitation = _lock_by_token(token)
    user = User.objects.filter(pk=actor.user_id, is_active=True).first() if actor.user_id else None
    if user is None or not _is_theirs(invitation, user):
        raise InvitedAnother
    return _join(actor, invitation, user)


@transaction.atomic
def accept_as_new(
    token: str, *, first_name: str, last_name: str = "", password: str, language: str = "vi", ip: str | None = None
) -> Membership:
    """Makes the account of a person who has none and lets them join; the link proves the address.

    Raises InvitationGone, InvitedAnother when the address has an account (log in first), WeakPassword.
    """
    invitation = _lock_by_token(token)
    if find_invited(invitation) is not None:
        raise InvitedAnother(_("This address has an account already: log in first."))
    visitor = Actor(kind=ActorKind.LINK, organization_id=invitation.organization_id, ip=ip, language=language)
    user = create_user(
        visitor,
        first_name=first_name,
        last_name=last_name,
        email=invitation.email,
        phone="" if invitation.email else invitation.phone,
        password=password,
        language=language,
    )
    if invitation.email:
        user.email_verified_at = now()
    else:
        user.phone_verified_at = now()
    user.save(update_fields=["email_verified_at", "phone_verified_at", "updated_at"])
    return _join(visitor, invitation, user)


def open_invitations(organization_id: UUID) -> QuerySet[Invitation]:
    """Those that can still be accepted."""
    return Invitation.objects.filter(
        organization_id=organization_id, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now()
    )


def _join(actor: Actor, invitation: Invitation, user: User) -> Membership:
    place = {
        "user": user,
        "organization_id": invitation.organization_id,
        "branch": invitation.branch,
        "role": invitation.role,
    }
    with settled_place(actor, user.pk, invitation.organization_id):
        membership, is_new = Membership.objects.get_or_create(**place, defaults={"title": invitation.title})
        if membership.active_to is not None and membership.active_to < local_date():
            # Somebody who worked here before comes back.
            membership.active_from, membership.active_to, is_new = None, None, True
            membership.save(update_fields=["active_from", "active_to"])
    invitation.accepted_at, invitation.accepted_by = now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    who = Actor(
        kind=ActorKind.USER,
        user_id=user.pk,
        name=user.full_name,
        organization_id=invitation.organization_id,
        ip=actor.ip,
        user_agent=actor.user_agent,
        request_id=actor.request_id,
    )
    if is_new:
        record(who, "membership.added", membership, data=describe_membership(membership))
    record(who, "invitation.accepted", invitation, data={"name": user.full_name})
    where = {"organization_id": invitation.organization_id, "branch_id": invitation.branch_id}
    publish(who, InvitationAnswered(subject_id=invitation.pk, user_name=user.full_name, **where))
    publish(who, MembershipChanged(subject_id=user.pk, role=invitation.role.code, **where))
    return membership


def _lock_by_token(token: str) -> Invitation:
    row = find_invitation(token)
    locked = lock_row(row)
    if not locked.is_open or locked.token_hash != row.token_hash:
        raise InvitationGone
    return locked


def _lock_open(actor: Actor, invitation: Invitation) -> Invitation:
    actor.require(STAFF_INVITE)
    if not Invitation.objects.visible_to(actor).filter(pk=invitation.pk).exists():
        raise NotFound
    row = lock_row(invitation)
    check_gift(actor, row.role, row.branch)
    if row.accepted_at or row.revoked_at:
        raise InvitationClosed
    return row


def _revoke(actor: Actor, row: Invitation) -> Invitation:
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    record(actor, "invitation.revoked", row, data=_describe(row))
    return row


def _issue(actor: Actor, row: Invitation) -> None:
    where = {"organization_id": row.organization_id, "branch_id": row.branch_id}
    publish(actor, InvitationIssued(subject_id=row.pk, until=row.expires_at.isoformat(), **where))


def _check_new(organization_id: UUID, role: Role, branch: Branch | None, addresses: list[str]) -> None:
    people = [user for user in map(find_user, addresses) if user]
    rows = Membership.objects.filter(user__in=people, organization_id=organization_id, role=role, branch=branch)
    if rows.exclude(active_to__lt=local_date()).exists():
        raise AlreadyMember


def _clean_address(email: str, phone: str) -> tuple[str, str]:
    email = email.strip().lower()
    phone = normalize_phone(phone) if phone.strip() else ""
    if not email and not phone:
        raise BadInput(_("Give an email address or a phone number."), field="email")
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise BadInput(_("Enter a valid email address."), field="email") from error
    return email, phone


def _is_theirs(invitation: Invitation, user: User) -> bool:
    has_email = bool(invitation.email) and invitation.email == (user.email or "").lower()
    return has_email or (bool(invitation.phone) and invitation.phone == user.phone)


def _describe(row: Invitation) -> dict[str, str]:
    return {"address": str(row), "role": row.role.code, "branch": row.branch.name if row.branch else ""}


def _deadline() -> datetime:
    return now() + timedelta(hours=Invitation.HOURS)


def _no_link() -> str:
    """A hash that no token has."""
    return hash_token(secrets.token_urlsafe(32))
