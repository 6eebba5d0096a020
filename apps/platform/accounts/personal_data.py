"""What accounts hold about a person: their profile, log-ins, addresses and consents; and how it is forgotten."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession as LibrarySession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from guardian.models import UserObjectPermission

from apps.core.clock import now
from apps.platform.accounts.models import (
    AccessLink,
    Address,
    Consent,
    LoginHistory,
    OneTimeCode,
    SecondStep,
    SignUp,
    User,
)
from apps.platform.accounts.privacy import LOGS, Erasure, Trace, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.accounts.services.own_data import delete_downloads
from apps.platform.accounts.services.profile import forget_picture
from apps.platform.accounts.services.sessions import forget_sessions

_PROFILE = (
    "id", "email", "phone", "last_name", "first_name", "bio", "gender", "birth_date", "language", "timezone",
    "email_verified_at", "phone_verified_at", "password_changed_at", "last_login", "created_at",
)  # fmt: skip
_OF_USER: tuple[Any, ...] = (
    Address, OneTimeCode, SignUp, SecondStep, LoginHistory, EmailAddress, Authenticator, SocialAccount,
    LibrarySession, Token, UserObjectPermission,
)  # fmt: skip


def collect(user: User) -> dict[str, Any]:
    """The account itself."""
    return {
        "profile": describe(user, *_PROFILE),
        "addresses": [
            describe(row, "kind", "recipient", "phone", "country", "province", "district", "ward", "street", "note")
            | {"is_default": row.is_default}
            for row in user.addresses.all()
        ],
        "consents": [
            describe(row, "kind", "version", "is_granted", "source", "ip", "created_at") for row in user.consents.all()
        ],
        "sessions": [
            describe(row, "kind", "method", "device", "user_agent", "ip", "created_at", "last_seen_at", "ended_at")
            for row in user.user_sessions.all()
        ],
        "log_ins": [
            describe(row, "method", "succeeded", "reason", "ip", "user_agent", "created_at")
            for row in user.login_history.all()
        ],
        "second_factors": [
            describe(row, "type", "created_at", "last_used_at") for row in Authenticator.objects.filter(user=user)
        ],
        "connected_accounts": [
            describe(row, "provider", "uid", "extra_data", "date_joined")
            for row in SocialAccount.objects.filter(user=user)
        ],
    }


def trace(user: User) -> Iterable[Trace]:
    """Names in both orders, and what one logs in by."""
    yield Trace(f"{user.last_name} {user.first_name}".strip())
    yield Trace(f"{user.first_name} {user.last_name}".strip())
    yield Trace(user.email or "")
    yield Trace(user.phone or "")
    for row in Address.objects.filter(user=user):
        yield Trace(row.phone)


def erase(erasure: Erasure) -> None:
    """Deletes what only served the person; the account stays as an empty shell to which documents point."""
    user = erasure.user
    forget_sessions(user)
    names = [text for text in (erasure.email, erasure.phone) if text]
    for model in _OF_USER:
        model.objects.filter(user=user).delete()
    LoginHistory.objects.filter(identifier__in=names).delete()
    OneTimeCode.objects.filter(address__in=names).delete()
    SignUp.objects.filter(email__in=names).delete()
    Client.objects.filter(owner=user).update(owner=None)
    Consent.objects.filter(user=user).update(ip=None)
    own_links = (AccessLink.Purpose.DATA_DOWNLOAD, AccessLink.Purpose.PASSWORD_RESET)
    delete_downloads(AccessLink.objects.filter(purpose__in=own_links, subject_id=user.pk))
    _empty(user)


def erase_log(erasure: Erasure) -> None:
    """The log of the staff CMS names people in its lines."""
    lines = LogEntry.objects.filter(Q(object_id=str(erasure.user.pk)) | Q(user=erasure.user))
    lines.filter(object_id=str(erasure.user.pk)).update(object_repr="")
    scrub_rows(LogEntry.objects.all(), ("object_repr", "change_message"), erasure.words)


def _empty(user: User) -> None:
    picture = user.avatar.name
    user.first_name = user.last_name = user.bio = user.gender = ""
    # Some name to log in by is needed by the table; this one leads nowhere, and there is no password to it.
    user.email, user.phone = f"{user.pk}@erased.invalid", None
    user.birth_date = user.email_verified_at = user.phone_verified_at = user.last_login = None
    user.avatar, user.erased_at = "", now()
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    forget_picture(user, picture)


register_own_data("accounts", collect)
register_eraser("accounts", erase, traces=trace, order=800)
register_eraser("staff_log", erase_log, order=LOGS)
