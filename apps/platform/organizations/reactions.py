"""What is sent about invitations after commit."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from apps.platform.events.base import Origin
from apps.platform.events.registry import reacts, reacts_with_origin
from apps.platform.notifications.services import notify_address, notify_users
from apps.platform.organizations.events import AccessChanged, InvitationAnswered, InvitationIssued
from apps.platform.organizations.models import Invitation
from apps.platform.organizations.roles import role_label
from apps.platform.organizations.services.invitations import find_invited, make_link
from apps.platform.realtime.services import revoke_user


@reacts_with_origin(InvitationIssued, name="organizations.send_invitation")
def send_invitation(event: InvitationIssued, origin: Origin) -> None:
    """Makes the link and sends it; nothing for an invitation that is over by now."""
    made = make_link(event.subject_id)
    if made is None:
        return
    invitation, token = made
    known = find_invited(invitation)
    language = known.language if known else invitation.organization.language
    path = reverse("join", args=[token])
    notify_address(
        "staff.invited",
        organization_id=invitation.organization_id,
        language=language,
        context={**_describe(invitation, language), "url": f"{settings.SITE_URL.rstrip('/')}{path}"},
        dedupe=f"staff.invited:{origin.uid}",
        email=invitation.email,
        phone="" if invitation.email else invitation.phone,
    )


@reacts(InvitationAnswered, name="organizations.tell_inviter")
def tell_inviter(event: InvitationAnswered) -> None:
    """Whoever invited learns that the person has come."""
    invitation = Invitation.objects.select_related("organization", "role", "invited_by").get(pk=event.subject_id)
    inviter = invitation.invited_by
    with translation.override(inviter.language):
        role = role_label(invitation.role)
    notify_users(
        "staff.joined",
        [inviter],
        organization_id=invitation.organization_id,
        context={"name": event.user_name, "role": role},
        dedupe=f"staff.joined:{invitation.pk}",
    )


@reacts(AccessChanged, name="organizations.check_access_again")
def check_access_again(event: AccessChanged) -> None:
    """Open sockets of the person ask for their rights again."""
    revoke_user(event.subject_id)


def _describe(invitation: Invitation, language: str) -> dict[str, str]:
    zone = ZoneInfo(invitation.organization.timezone)
    with translation.override(language):
        role = role_label(invitation.role)
    return {
        "name": invitation.name,
        "inviter": invitation.invited_by.full_name,
        "role": role,
        "branch": invitation.branch.name if invitation.branch else "",
        "until": f"{invitation.expires_at.astimezone(zone):%d/%m/%Y %H:%M}",
    }
