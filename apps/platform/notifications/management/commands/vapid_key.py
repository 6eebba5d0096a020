"""Makes the private key with which this server signs for push services."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.platform.notifications.senders.vapid import make_key


class Command(BaseCommand):
    help = "Prints a fresh VAPID_PRIVATE_KEY. A new key ends all subscriptions of browsers."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={make_key()}")
