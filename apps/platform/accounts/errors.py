"""Refusals of log-ins, sessions, links and people's data."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Duplicate, RateLimited, TokenExpired


class LogInBlocked(RateLimited):
    """Too many failures; `details.retry_after` is the number of seconds to wait."""

    rule = "log_in_blocked"
    message = _("Too many failed tries. Please wait a moment before you try again.")

    @property
    def wait(self) -> int:
        """Seconds, for the Retry-After header."""
        return int(self.details.get("retry_after", 0))


class ResendTooSoon(RateLimited):
    """`details.retry_after` is the number of seconds until another code may be asked for."""

    rule = "resend_too_soon"
    message = _("We have just sent you a code. Please wait a minute before you ask for another one.")

    @property
    def wait(self) -> int:
        """Seconds, for the Retry-After header."""
        return int(self.details.get("retry_after", 0))


class TooManyCodes(ResendTooSoon):
    rule = "too_many_codes"
    message = _("Too many codes were asked for. Please try again later.")


class WrongCode(BadInput):
    rule = "wrong_code"
    message = _("This code is not right.")


class CodeExpired(BusinessError):
    rule = "code_expired"
    message = _("This code is no longer good. Please ask for a new one.")


class AlreadyVerified(BusinessError):
    rule = "already_verified"
    message = _("This is confirmed already.")


class SessionEnded(TokenExpired):
    rule = "session_ended"


class RefreshTokenReused(TokenExpired):
    rule = "refresh_token_reused"
    message = _("This device was logged out for safety. Please log in again.")


class LinkExpired(BusinessError):
    status = 410
    rule = "link_expired"
    message = _("This link has expired. Please ask for a new one.")


class EmailTaken(Duplicate):
    rule = "email_taken"
    message = _("Somebody already uses this email address.")


class PhoneTaken(Duplicate):
    rule = "phone_taken"
    message = _("Somebody already uses this phone number.")


class WeakPassword(BadInput):
    rule = "weak_password"


class WrongPassword(BadInput):
    rule = "wrong_password"
    message = _("This is not your present password.")


class PasswordMissing(BusinessError):
    rule = "password_missing"
    message = _("Your account has no password yet. Set one first by “Forgot password”.")


class TooManyAddresses(BusinessError):
    rule = "too_many_addresses"
    message = _("You have 50 addresses. Remove one before you add another.")


class ExportTooSoon(RateLimited):
    """`details.retry_after` is the number of seconds to wait."""

    rule = "export_too_soon"
    message = _("Your data is being put together already. Please wait some minutes.")


class AlreadyErased(BusinessError):
    rule = "already_erased"
    message = _("This account is erased already.")
