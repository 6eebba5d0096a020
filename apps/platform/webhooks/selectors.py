"""Reading webhooks. Addresses hear of all branches, so members of a single branch see none."""

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.registry import CATALOGUE, PublicEvent


def list_endpoints(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """The company's addresses, newest first."""
    rows = WebhookEndpoint.objects.visible_to(actor).order_by("-id")
    return rows if actor.branch_ids is None else rows.none()


def list_deliveries(actor: Actor) -> QuerySet[WebhookDelivery]:
    """Messages to the company's addresses, newest first."""
    rows = WebhookDelivery.objects.visible_to(actor).select_related("endpoint").order_by("-id")
    return rows if actor.branch_ids is None else rows.none()


def list_events(actor: Actor) -> list[PublicEvent]:
    """The events to which the actor may subscribe."""
    return [one for _name, one in sorted(CATALOGUE.items()) if actor.can(one.permission)]
