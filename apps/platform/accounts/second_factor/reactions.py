"""What owners of accounts are told after their second factor changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.platform.accounts.models import User
from apps.platform.accounts.second_factor.events import SecondFactorChanged
from apps.platform.events.registry import reacts
from apps.platform.notifications.services import notify_users

SECURITY_PAGE = "/account/second-factor/"


@reacts(SecondFactorChanged, name="accounts.tell_second_factor_changed")
def tell_second_factor_changed(event: SecondFactorChanged) -> None:
    """Whoever owns the account hears of every change, so that a thief cannot settle in unseen."""
    user = User.objects.get(pk=event.subject_id)
    at = f"{datetime.fromisoformat(event.at).astimezone(ZoneInfo(user.timezone)):%d/%m/%Y %H:%M}"
    notify_users(
        "user.second_factor_changed",
        [user],
        organization_id=None,
        context={"change": event.change, "at": at, "ip": event.ip, "left": event.left},
        dedupe=f"user.second_factor_changed:{user.pk}:{event.change}:{event.at}",
        url=SECURITY_PAGE,
    )
