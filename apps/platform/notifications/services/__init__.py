"""Everything that changes notifications, deliveries and preferences."""

from apps.platform.notifications.services.notify import notify_address, notify_users
from apps.platform.notifications.services.wake import wake_sender

__all__ = ["notify_address", "notify_users", "wake_sender"]
