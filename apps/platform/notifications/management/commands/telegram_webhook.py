"""Tells Telegram where the bot's messages go."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from apps.platform.notifications.senders.base import SendingFailed
from apps.platform.notifications.senders.telegram import call


class Command(BaseCommand):
    help = "Registers this installation's address (SITE_URL) and TELEGRAM_WEBHOOK_SECRET with the bot."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TELEGRAM_BOT_TOKEN or not settings.TELEGRAM_WEBHOOK_SECRET:
            raise CommandError("TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET must be set")
        url = f"{settings.SITE_URL.rstrip('/')}{reverse('telegram-updates')}"
        try:
            status, answer = call(
                "setWebhook",
                url=url,
                secret_token=settings.TELEGRAM_WEBHOOK_SECRET,
                allowed_updates=["message", "my_chat_member"],
            )
        except SendingFailed as error:
            raise CommandError(str(error)) from error
        if not answer.get("ok"):
            raise CommandError(f"Telegram {status}: {answer.get('description', '')}")
        self.stdout.write(f"Telegram calls {url}")
