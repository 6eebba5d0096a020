"""Sockets of people whose rights have changed are checked anew at once."""

from apps.platform.events.registry import reacts
from apps.platform.organizations.events import MembershipChanged
from apps.platform.realtime.services import revoke_user


@reacts(MembershipChanged, name="realtime.check_rights_again")
def check_rights_again(event: MembershipChanged) -> None:
    revoke_user(event.subject_id)
