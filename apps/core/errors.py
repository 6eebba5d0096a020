"""Refusals. A service raises one of these; each door renders it once (API envelope, form error, admin message, socket).

`code` is the stable API code, `rule` names the broken business rule for machines, `field` the input it belongs to,
`details` carries the offending items. `message` is for people and already in their language.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class BusinessError(Exception):
    """A rule of the business says no (HTTP 422)."""

    code = "BUSINESS_001"
    status = 422
    rule = "refused"
    message: Any = _("This is not possible.")

    def __init__(self, message: Any = None, *, field: str = "", details: Mapping[str, Any] | None = None) -> None:
        self.text = message if message is not None else self.message
        self.field = field
        self.details = dict(details or {})
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)

    def as_details(self) -> dict[str, Any]:
        """What the API shows under `error.details`."""
        return {"rule": self.rule, **self.details} if self.code == "BUSINESS_001" else self.details


class BadInput(BusinessError):
    """The input has the wrong shape or value; `errors` maps field to messages."""

    code = "VALIDATION_001"
    status = 400
    rule = "bad_input"
    message = _("Please check the input.")

    def __init__(
        self, message: Any = None, *, field: str = "", errors: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        self.errors = {key: [str(text) for text in texts] for key, texts in (errors or {}).items()}
        super().__init__(message, field=field, details={"fields": self.errors} if self.errors else None)


class BadCredentials(BusinessError):
    code = "AUTH_001"
    status = 401
    rule = "bad_credentials"
    message = _("The log-in name or the password is wrong.")


class TokenExpired(BusinessError):
    code = "AUTH_002"
    status = 401
    rule = "token_expired"
    message = _("Your session has ended. Please log in again.")


class NotAllowed(BusinessError):
    code = "AUTH_003"
    status = 403
    rule = "not_allowed"
    message = _("You have no right to do this.")


class SecondFactorRequired(NotAllowed):
    """The company, the role or the platform asks for a second factor, and the person has none yet."""

    rule = "second_factor_required"
    message = _("Please set up a second factor first: your company asks for it.")

    def as_details(self) -> dict[str, Any]:
        return {"rule": self.rule, **self.details}


class NotFound(BusinessError):
    """The row does not exist for this actor: missing and foreign rows look the same."""

    code = "NOT_FOUND_001"
    status = 404
    rule = "not_found"
    message = _("Not found.")


class Duplicate(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "duplicate"
    message = _("This already exists.")


class StaleWrite(BusinessError):
    """Somebody else saved in between (If-Match, form version)."""

    code = "DUPLICATE_001"
    status = 409
    rule = "stale_write"
    message = _("Somebody else has changed this meanwhile. Please look at the new state and try again.")


class Conflict(BusinessError):
    """A scarce thing went to somebody else at the same moment (HTTP 409)."""

    status = 409
    rule = "conflict"
    message = _("This was just taken by somebody else.")


class RateLimited(BusinessError):
    code = "RATE_001"
    status = 429
    rule = "rate_limited"
    message = _("Too many tries. Please wait a moment.")


class Maintenance(BusinessError):
    code = "MAINTENANCE_001"
    status = 503
    rule = "maintenance"
    message = _("We are working on the system. Please come back in a few minutes.")


class IllegalMove(BusinessError):
    """A document was asked for a step that its state does not allow; names the steps that it does allow."""

    rule = "illegal_move"

    def __init__(self, *, action: str, state: str, allowed: Sequence[str], labels: Sequence[Any] = ()) -> None:
        names = ", ".join(str(label) for label in labels) or ", ".join(allowed)
        text = (
            ngettext(
                "Not possible in this state. Possible now: %(names)s.",
                "Not possible in this state. Possible now: %(names)s.",
                len(allowed),
            )
            % {"names": names}
            if allowed
            else _("Not possible in this state: nothing more can be done here.")
        )
        super().__init__(text, details={"action": action, "state": state, "allowed": list(allowed)})
