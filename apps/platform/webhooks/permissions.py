"""Rights of this app."""

WEBHOOK_EDIT = "webhook.edit"
