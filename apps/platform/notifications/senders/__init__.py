"""Who carries messages out: one class per provider, chosen by setting. Without one, nothing leaves the machine."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.platform.notifications.models import Channel
from apps.platform.notifications.senders.base import Sender
from apps.platform.notifications.senders.email import DjangoEmailSender, MailgunSender
from apps.platform.notifications.senders.esms import EsmsSender
from apps.platform.notifications.senders.inbox import InboxSender
from apps.platform.notifications.senders.telegram import TelegramSender
from apps.platform.notifications.senders.twilio import TwilioSender
from apps.platform.notifications.senders.web_push import WebPushSender

# Channel → the setting that names the provider, and the providers.
PROVIDERS: dict[str, tuple[str, dict[str, type[Sender]]]] = {
    Channel.EMAIL: (
        "EMAIL_PROVIDER",
        {"inbox": InboxSender, "smtp": DjangoEmailSender, "mailgun": MailgunSender},
    ),
    Channel.SMS: ("SMS_PROVIDER", {"inbox": InboxSender, "esms": EsmsSender, "twilio": TwilioSender}),
    Channel.TELEGRAM: ("TELEGRAM_PROVIDER", {"inbox": InboxSender, "telegram": TelegramSender}),
    Channel.WEB_PUSH: ("PUSH_PROVIDER", {"inbox": InboxSender, "web_push": WebPushSender}),
}


def find_sender(channel: str) -> Sender:
    """The sender that the settings name for this channel. Raises ImproperlyConfigured for an unknown name."""
    setting, senders = PROVIDERS[channel]
    name = getattr(settings, setting)
    if name not in senders:
        raise ImproperlyConfigured(f"no provider for {channel} is called {name}; there are {sorted(senders)}")
    return senders[name]()
