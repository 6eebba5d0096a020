"""Which row stands behind the placeholder of an address."""

import re
from contextlib import suppress
from uuid import UUID

from apps.core.ids import uuid7
from apps.platform.files.links import sign
from tests.proofs.routes import Route, list_routes
from tests.proofs.worlds import Side

# First match wins.
KINDS: tuple[tuple[str, str], ...] = (
    (r"^api/v1/customers/<id>", "customer"),
    (r"^api/v1/vehicles/<id>", "vehicle"),
    (r"^api/v1/appointments/<id>", "appointment"),
    (r"^api/v1/(workshop/job-cards|repair-orders)/<id>", "job_card"),
    (r"^api/v1/tasks/<id>", "task"),
    (r"^api/v1/feedback/<id>", "feedback"),
    (r"^api/v1/products/<id>", "product"),
    (r"^api/v1/variants/<id>", "variant"),
    (r"^api/v1/inventory/movements/<id>", "movement"),
    (r"^api/v1/inventory/warehouses/<id>", "warehouse"),
    (r"^api/v1/inventory/<id>", "level"),
    (r"^api/v1/payments/<id>", "payment"),
    (r"^api/v1/invoices/<id>", "invoice"),
    (r"^api/v1/invoices/<document_id>", "invoice"),
    (r"^api/v1/invoices/from-", "job_card"),
    (r"^api/v1/orders/<(order_)?id>", "order"),
    (r"^api/v1/files/<id>", "file"),
    (r"^api/v1/notifications/history/<id>", "delivery"),
    (r"^api/v1/notifications/<id>", "notification"),
    (r"^api/v1/auth/sessions/<id>", "session"),
    (r"^garage/customers/<id>", "customer"),
    (r"^garage/vehicles/<id>", "vehicle"),
    (r"^garage/(appointments|calendar|check-in)/.*<id>", "appointment"),
    (r"^garage/job-cards/.*<id>", "job_card"),
    (r"^garage/(tech|tasks|work)/.*<id>", "job_card"),
    (r"^garage/invoices/<id>/edit", "draft"),
    (r"^garage/invoices/<id>", "invoice"),
    (r"^garage/payments/<id>", "payment"),
    (r"^(garage|distributor)/orders/.*<id>", "order"),
    (r"^garage/feedback/<id>", "feedback"),
    (r"^(garage|distributor)/staff/<id>", "member"),
    (r"^(garage|distributor)/products/.*<id>", "product"),
    (r"^(garage|distributor)/variants/.*<id>", "variant"),
    (r"^(garage|distributor)/(inventory|stock)/.*<id>", "level"),
    (r"^(garage|distributor)/warehouses/.*<id>", "warehouse"),
    (r"^(garage|distributor)/shipments/.*<id>", "shipment"),
    (r"^(garage|distributor)/price-lists/.*<id>", "price_list"),
    (r"^account/sessions/<id>", "session"),
    (r"^(api/v1/users/me|account)/addresses/<id>", "address"),
    (r"^account/privacy/data/<id>", "download"),
    (r"^api/v1/(admin/)?users/<id>", "person"),
    (r"^(api/v1/auth/mfa/passkeys|account/second-factor/passkey)/<id>", "passkey"),
    (r"^account/second-factor/identities/<id>", "identity"),
    (r"^account/second-factor/apps/<id>", "partner_program"),
    (r"^notifications/<notification_id>", "notification"),
    (r"^(api/v1|account)/jobs/<id>", "job"),
    (r"^api/v1/admin/audit-logs/<id>", "audit_entry"),
    (r"^api/v1/admin/service-centers/<id>", "branch"),
    (r"^api/v1/grants/of/<user_id>", "person"),
    (r"^api/v1/invitations/<id>", "invitation"),
    (r"^api/v1/members/<id>", "member"),
    (r"^api/v1/roles/<id>", "role"),
    (r"^(api/v1|(garage|distributor)/settings)/webhooks/.*deliveries/<(delivery_)?id>", "webhook_delivery"),
    (r"^(api/v1|(garage|distributor)/settings)/webhooks/<(webhook_)?id>", "webhook"),
    (r"^(garage|distributor|api/v1/notifications)/mailings/<id>", "bulk_send"),
    (r"^(garage|distributor)/messages/<id>", "delivery"),
    (r"^(garage|distributor)/settings/audit/<id>", "audit_entry"),
    (r"^(garage|distributor)/settings/branches/<id>", "branch"),
    (r"^(garage|distributor)/settings/roles/<id>", "role"),
    (r"^(garage|distributor)/staff/invitations/<id>", "invitation"),
    (r"^files/", "file"),
)
# Addresses whose secret is the key; they are proven apart.
SECRETS = re.compile(r"<(token|key|link_id)>")
# What everybody may look at or what belongs to the platform.
COMMON = re.compile(
    r"^(api/v1/admin/(jobs|notification-templates)/|api/v1/notifications/receipts/|messages/texts/|"
    r"(garage|distributor)/settings/messages/<kind>|garage/marketplace/parts/|api/v1/garages/|api/v1/categories/|g/<slug>|logos/<slug>|api/v1/payments/webhooks/|people/<user_id>/picture/)"
)


class UnknownKindError(AssertionError):
    """An address names a row of which nobody said what it is."""


def kind_of(route: Route) -> str | None:
    """The kind of row that the address names; None for secrets and common things. Raises UnknownKindError."""
    if SECRETS.search(route.path) or COMMON.match(route.path):
        return None
    for pattern, kind in KINDS:
        if re.search(pattern, route.path):
            return kind
    raise UnknownKindError(f"/{route.path} names a row: say which kind in {__name__}.KINDS")


def list_row_routes() -> list[Route]:
    """The addresses that name a row; what is unknown is for the test of the table to tell."""
    found = []
    for route in list_routes():
        with suppress(UnknownKindError):
            if route.names and kind_of(route):
                found.append(route)
    return found


def row_of(route: Route, side: Side) -> UUID:
    """The id of the side's row for this address."""
    kind = kind_of(route) or ""
    if route.path.startswith("distributor/") and kind in side.sold:
        return side.sold[kind].pk
    return side.rows[kind].pk


def address(route: Route, row_id: UUID, side: Side | None = None) -> str:
    """The address of the route for that row; further placeholders are filled with the side's own or random ids."""
    values = dict.fromkeys(route.names, row_id)
    if "estimate_id" in values:
        values["estimate_id"] = side.rows["estimate"].pk if side else uuid7()
    side_row = "webhook" if "webhook_id" in values else "webhook_delivery" if "delivery_id" in values else ""
    if side_row:
        own = side and (side.sold if route.path.startswith("distributor/") else side.rows)
        other = own[side_row].pk if own else uuid7()
        if side_row == "webhook":
            values["webhook_id"] = other
        elif own:
            values["id"], values["delivery_id"] = own["webhook"].pk, row_id
    if "source" in values:
        values["source"] = "job-card"
    if "signature" in values:
        values.update(signature=sign(uuid7(), "full"), variant="full")
    return route.fill(values)
