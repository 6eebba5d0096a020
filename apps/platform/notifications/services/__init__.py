"""Everything that changes notifications, deliveries, preferences and linked channels."""

from apps.platform.notifications.services.bulk import (
    BULK_VALUES,
    cancel_bulk_send,
    count_receivers,
    create_bulk_send,
    measure_bulk_sms,
    pause_bulk_send,
    preview_bulk,
    resume_bulk_send,
    start_bulk_send,
    update_bulk_send,
)
from apps.platform.notifications.services.deliver import send_again, send_due_deliveries, send_many_again
from apps.platform.notifications.services.notify import notify_address, notify_users
from apps.platform.notifications.services.opt_out import find_mailing, sender_of, unsubscribe
from apps.platform.notifications.services.outcome import record_receipt
from apps.platform.notifications.services.push import subscribe_browser, unsubscribe_browser
from apps.platform.notifications.services.quiet import save_quiet_hours
from apps.platform.notifications.services.read import delete_notification, mark_all_read, mark_read, save_preferences
from apps.platform.notifications.services.telegram import make_telegram_code, read_update, unlink_telegram
from apps.platform.notifications.services.wake import wake_sender
from apps.platform.notifications.services.wording import preview_wording, reset_wording, save_wording, send_test

__all__ = [
    "BULK_VALUES",
    "cancel_bulk_send",
    "count_receivers",
    "create_bulk_send",
    "delete_notification",
    "find_mailing",
    "make_telegram_code",
    "mark_all_read",
    "mark_read",
    "measure_bulk_sms",
    "notify_address",
    "notify_users",
    "pause_bulk_send",
    "preview_bulk",
    "preview_wording",
    "read_update",
    "record_receipt",
    "reset_wording",
    "resume_bulk_send",
    "save_preferences",
    "save_quiet_hours",
    "save_wording",
    "send_again",
    "send_due_deliveries",
    "send_many_again",
    "send_test",
    "sender_of",
    "start_bulk_send",
    "subscribe_browser",
    "unlink_telegram",
    "unsubscribe",
    "unsubscribe_browser",
    "update_bulk_send",
    "wake_sender",
]
