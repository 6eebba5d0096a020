"""Everything that changes notifications, deliveries and preferences."""

from apps.platform.notifications.services.deliver import send_again, send_due_deliveries
from apps.platform.notifications.services.notify import notify_address, notify_users
from apps.platform.notifications.services.read import delete_notification, mark_all_read, mark_read, save_preferences
from apps.platform.notifications.services.wake import wake_sender

__all__ = [
    "delete_notification",
    "mark_all_read",
    "mark_read",
    "notify_address",
    "notify_users",
    "save_preferences",
    "send_again",
    "send_due_deliveries",
    "wake_sender",
]
