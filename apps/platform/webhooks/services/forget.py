"""What webhooks keep for a time only."""

from datetime import timedelta

from apps.core.clock import now
from apps.platform.system.settings import get_setting
from apps.platform.webhooks.models import WebhookDelivery


def forget_old_deliveries() -> int:
    """Deletes messages older than the setting `webhooks.keep_days`; returns how many."""
    before = now() - timedelta(days=get_setting("webhooks.keep_days"))
    count, _by_table = WebhookDelivery.objects.filter(created_at__lt=before).delete()
    return count
