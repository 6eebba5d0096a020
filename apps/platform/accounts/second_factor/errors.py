"""Refusals of the second step and of setting it up."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadCredentials, BadInput, BusinessError, Duplicate, NotAllowed, TokenExpired


class WrongProof(BadCredentials):
    """The code or the passkey's answer does not fit."""

    rule = "wrong_second_factor"
    message = _("This code is wrong or was used before.")


class StepExpired(TokenExpired):
    """The ticket is unknown, used, too old, or comes from another device or network."""

    rule = "second_step_expired"
    message = _("This log-in took too long. Please start again.")


class WrongSetUpCode(BadInput):
    rule = "wrong_second_factor"
    message = _("This code does not fit. Check the clock of your phone and try the next code.")


class SetUpExpired(BusinessError):
    rule = "set_up_expired"
    message = _("This set-up took too long. Please start again.")


class FactorExists(Duplicate):
    rule = "second_factor_exists"
    message = _("You already have an authenticator app. Remove it first.")


class TooManyPasskeys(BusinessError):
    rule = "too_many_passkeys"
    message = _("You have as many passkeys as an account may have. Remove one first.")


class NoFactor(BusinessError):
    rule = "no_second_factor"
    message = _("Set up an authenticator app or a passkey first.")


class ConfirmationRequired(NotAllowed):
    """The person must prove anew who they are: their last proof on this device is older than five minutes."""

    rule = "confirmation_required"
    message = _("Please confirm with your password first.")

    def as_details(self) -> dict[str, Any]:
        return {"rule": self.rule, **self.details}
