"""The message that webhooks send to people."""

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.registry import NotificationType, register

WEBHOOK_DISABLED = register(
    NotificationType(
        code="webhook.disabled",
        label=_("A webhook was switched off"),
        sample=(("webhook", "https://cms.example.vn/hooks"), ("problem", "answered 500")),
    )
)
