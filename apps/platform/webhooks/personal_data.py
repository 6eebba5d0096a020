"""Deliveries to partners in whose content a person is named."""

from apps.platform.accounts.privacy import LOGS, Erasure, register_eraser
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.webhooks.models import WebhookDelivery


def erase(erasure: Erasure) -> None:
    """The log of deliveries stays, without the person's words."""
    rows = WebhookDelivery.objects.filter(endpoint__organization_id__in=erasure.organization_ids)
    scrub_rows(rows, ("payload", "response_excerpt"), erasure.words)


register_eraser("webhooks", erase, order=LOGS)
