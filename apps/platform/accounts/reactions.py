"""What owners of accounts are told after commit, for their safety."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.platform.accounts.events import CodeRequested, LoggedInFromNewDevice, PasswordChanged
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import describe_device
from apps.platform.accounts.services.code_letters import deliver_code
from apps.platform.events.registry import reacts
from apps.platform.notifications.services import notify_users

ACCOUNT_PAGE = "/account/"
FORGOT_PAGE = "/password/forgot/"


@reacts(LoggedInFromNewDevice, name="accounts.tell_new_device")
def tell_new_device(event: LoggedInFromNewDevice) -> None:
    """Names device, address and time, so that the owner recognises themselves or acts."""
    user = _find(event.subject_id)
    context = {"device": describe_device(event.user_agent), "ip": event.ip, "at": _local(event.at, user)}
    notify_users(
        "user.new_device",
        [user],
        organization_id=None,
        context=context,
        dedupe=f"user.new_device:{event.log_in_id}",
        url=ACCOUNT_PAGE,
    )


@reacts(PasswordChanged, name="accounts.tell_password_changed")
def tell_password_changed(event: PasswordChanged) -> None:
    user = _find(event.subject_id)
    notify_users(
        "user.password_changed",
        [user],
        organization_id=None,
        context={"at": _local(event.at, user)},
        dedupe=f"user.password_changed:{user.pk}:{event.at}",
        url=FORGOT_PAGE,
    )


@reacts(CodeRequested, name="accounts.send_code")
def make_and_send_code(event: CodeRequested) -> None:
    deliver_code(event.subject_id)


def _find(user_id: UUID) -> User:
    return User.objects.get(pk=user_id)


def _local(at: str, user: User) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(user.timezone)):%d/%m/%Y %H:%M}"
