"""Who may open which address: a table that people review, and that every new address must join.

`ROUTES=write` writes the table anew from the rights that the code declares; the difference is what has to be looked at.
"""

import json
import os
from pathlib import Path

from apps.platform.organizations.rights import known_codes
from tests.proofs.routes import list_routes
from tests.proofs.targets import kind_of

TABLE = Path(__file__).parent / "routes.json"
WITHOUT_RIGHT = {"public", "authenticated", "staff", "member", "signature", "demo", "nobody"}


PUBLIC = """
GET /
GET /.well-known/jwks.json
GET /.well-known/openid-configuration
GET /a/<token>/
GET /api/docs/
GET /api/docs/redoc/
GET /api/schema/
GET /api/v1/appointments/free-slots
GET /api/v1/categories
GET /api/v1/garages
GET /api/v1/garages/<id>
GET /api/v1/notifications/receipts/esms/<delivery_id>/<token>
GET /api/v1/provinces
GET /api/v1/public/estimates/<token>
GET /api/v1/public/invoices/<token>
GET /api/v1/settings/public
GET /e/<token>/
GET /f/<token>/
GET /files/public/<file_id>/<variant>
GET /g/<slug>/
GET /healthz
GET /i/<token>/
GET /i/<token>/pdf/
GET /i18n/setlang/
GET /join/<token>/
GET /log-in/
GET /login/
GET /login/code/
GET /login/code/enter/
GET /login/identity/
GET /login/identity/callback/
GET /login/second/
GET /logos/<slug>
GET /notifications/unsubscribe/<token>/
GET /oauth/introspect
GET /oauth/revoke
GET /oauth/token
GET /oauth/userinfo
GET /password/forgot/
GET /password/reset/
GET /password/reset/<token>/
GET /privacy/
GET /push-worker.js
GET /readyz
GET /sign-up/
GET /terms/
GET /u/<token>/
GET /verify-email/
POST /a/<token>/
POST /api/v1/appointments
POST /api/v1/auth/forgot-password
POST /api/v1/auth/google
POST /api/v1/auth/login
POST /api/v1/auth/mfa/passkey-options
POST /api/v1/auth/mfa/verify
POST /api/v1/auth/otp/request
POST /api/v1/auth/otp/verify
POST /api/v1/auth/refresh
POST /api/v1/auth/refresh-token
POST /api/v1/auth/register
POST /api/v1/auth/reset-password
POST /api/v1/auth/verify-email
POST /api/v1/invitations/accept
POST /api/v1/notifications/receipts/mailgun
POST /api/v1/notifications/receipts/twilio/<delivery_id>
POST /api/v1/notifications/telegram/updates
POST /api/v1/payments/webhooks/<provider>
POST /api/v1/public/estimates/<token>/decision
POST /api/v1/public/feedback/<token>
POST /e/<token>/
POST /f/<token>/
POST /g/<slug>/
POST /i/<token>/pay/
POST /join/<token>/
POST /language/
POST /login/
POST /login/code/
POST /login/code/enter/
POST /login/second/
POST /login/second/passkey/
POST /logout/
POST /notifications/unsubscribe/<token>/
POST /password/forgot/
POST /password/reset/
POST /password/reset/<token>/
POST /sign-up/
POST /u/<token>/
POST /verify-email/
"""


def declared() -> dict[str, str]:
    return {str(route): route.right for route in list_routes()}


def test_every_address_stands_in_the_reviewed_table() -> None:
    found = declared()
    if os.environ.get("ROUTES") == "write":
        TABLE.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")
    reviewed = json.loads(TABLE.read_text())
    new = {name: right for name, right in found.items() if reviewed.get(name) != right}
    gone = sorted(set(reviewed) - set(found))
    assert (new, gone) == ({}, []), "look at them, then write the table anew with ROUTES=write"


def test_every_right_is_one_that_a_role_can_have() -> None:
    known = known_codes()
    for name, right in declared().items():
        assert right in WITHOUT_RIGHT or right in known, f"{name} asks for {right}"


def test_every_address_of_a_row_says_which_kind() -> None:
    for route in list_routes():
        if route.names:
            kind_of(route)


def test_what_needs_no_log_in_is_known() -> None:
    """A new public address has to be added here too: it is open to the whole internet."""
    public = {name for name, right in declared().items() if right == "public"}
    assert public == set(PUBLIC.split("\n")) - {""}
