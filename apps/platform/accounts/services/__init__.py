"""Every change to users, sessions and log-ins."""

from apps.platform.accounts.services.addresses import (
    add_address,
    make_default_address,
    remove_address,
    update_address,
)
from apps.platform.accounts.services.consents import record_consent
from apps.platform.accounts.services.log_in import log_in
from apps.platform.accounts.services.profile import LANGUAGES, remove_picture, set_picture, update_profile
from apps.platform.accounts.services.sessions import end_other_sessions, end_session, open_session
from apps.platform.accounts.services.tokens import (
    SecondStepAsked,
    TokenPair,
    enter_app,
    finish_app,
    issue_tokens,
    log_in_app,
    rotate_refresh_token,
)
from apps.platform.accounts.services.users import change_password, create_user

__all__ = [
    "LANGUAGES",
    "SecondStepAsked",
    "TokenPair",
    "add_address",
    "change_password",
    "create_user",
    "end_other_sessions",
    "end_session",
    "enter_app",
    "finish_app",
    "issue_tokens",
    "log_in",
    "log_in_app",
    "make_default_address",
    "open_session",
    "record_consent",
    "remove_address",
    "remove_picture",
    "rotate_refresh_token",
    "set_picture",
    "update_address",
    "update_profile",
]
