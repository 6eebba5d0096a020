"""What webhooks keep for a time only."""

from datetime import datetime

from apps.platform.webhooks.models import WebhookDelivery


def forget_old_deliveries(*, before: datetime) -> int:
    """Deletes the messages made before that moment; returns how many."""
    count, _by_table = WebhookDelivery.objects.filter(created_at__lt=before).delete()
    return count
