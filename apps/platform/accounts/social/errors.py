"""Refusals of log-ins through another provider."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadCredentials, BusinessError, Duplicate


class IdentityRefused(BadCredentials):
    """The token is forged, too old, made for somebody else or used before; the words do not say which."""

    rule = "identity_refused"
    message = _("This log-in could not be confirmed. Please try again.")


class IdentityProviderAway(BusinessError):
    status = 503
    rule = "identity_provider_away"
    message = _("The other provider does not answer at the moment. Please log in with your password.")


class IdentityEmailNotVerified(BusinessError):
    rule = "identity_email_not_verified"
    message = _("The other provider has not confirmed your email address. Please log in with your password.")


class AccountNotProven(Duplicate):
    """An account with this address exists, but nobody ever proved that the address is theirs: it is not handed over."""

    rule = "account_email_not_verified"
    message = _(
        "An account with this email address exists, but its address was never confirmed. Log in with the password or a code and confirm it first."
    )


class TermsRequired(BusinessError):
    rule = "terms_required"
    message = _("A new account needs your agreement to the terms of use and the privacy notice.")
