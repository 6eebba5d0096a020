"""Webhooks for tests."""

from typing import Any

from apps.core.actor import Actor
from apps.platform.webhooks import services
from apps.platform.webhooks.models import WebhookEndpoint


def endpoint_of(actor: Actor, url: str = "https://cms.example.vn/hooks", **values: Any) -> WebhookEndpoint:
    """An address of the actor's company, told of stock unless `events` says otherwise."""
    return services.add_endpoint(actor, url=url, **{"events": ["inventory.stock_changed"], **values})
