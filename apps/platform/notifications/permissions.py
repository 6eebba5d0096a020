"""Rights of this app."""

NOTIFICATION_EDIT = "notification.edit"
NOTIFICATION_SEND = "notification.send"
