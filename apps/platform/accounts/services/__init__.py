"""Every change to users, sessions and log-ins."""

from apps.platform.accounts.services.log_in import log_in
from apps.platform.accounts.services.sessions import end_other_sessions, end_session, open_session
from apps.platform.accounts.services.tokens import TokenPair, issue_tokens, log_in_app, rotate_refresh_token
from apps.platform.accounts.services.users import LANGUAGES, change_password, create_user, update_profile

__all__ = [
    "LANGUAGES",
    "TokenPair",
    "change_password",
    "create_user",
    "end_other_sessions",
    "end_session",
    "issue_tokens",
    "log_in",
    "log_in_app",
    "open_session",
    "rotate_refresh_token",
    "update_profile",
]
