"""What owners of accounts are told when another provider may open them, and what the log says."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.platform.accounts.models import User
from apps.platform.accounts.social.events import IdentityLinked
from apps.platform.audit.texts import register
from apps.platform.events.registry import reacts
from apps.platform.notifications import registry
from apps.platform.notifications.registry import SECURITY, NotificationType
from apps.platform.notifications.services import notify_users

SECURITY_PAGE = "/account/second-factor/"

register("user.identity_linked", _("Log-in through another provider linked"), icon="link")
register("user.identity_unlinked", _("Log-in through another provider removed"), icon="link")
registry.register(
    NotificationType(code="user.identity_linked", category=SECURITY, label=_("Log-in through another provider linked"))
)


@reacts(IdentityLinked, name="accounts.tell_identity_linked")
def tell_identity_linked(event: IdentityLinked) -> None:
    """Whoever owns the account hears that a second door opens it."""
    user = User.objects.get(pk=event.subject_id)
    at = f"{datetime.fromisoformat(event.at).astimezone(ZoneInfo(user.timezone)):%d/%m/%Y %H:%M}"
    notify_users(
        "user.identity_linked",
        [user],
        organization_id=None,
        context={"provider": settings.LOG_IN_PROVIDER_NAME, "at": at, "ip": event.ip},
        dedupe=f"user.identity_linked:{user.pk}:{event.at}",
        url=SECURITY_PAGE,
    )
