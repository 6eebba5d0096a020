"""Who carries messages out: one class per provider, chosen by setting. Without one, nothing leaves the machine."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.platform.notifications.models import Channel
from apps.platform.notifications.senders.base import EmailSender, SmsSender
from apps.platform.notifications.senders.email import DjangoEmailSender
from apps.platform.notifications.senders.esms import EsmsSender
from apps.platform.notifications.senders.inbox import InboxSender
from apps.platform.notifications.senders.twilio import TwilioSender

EMAIL_SENDERS: dict[str, type[EmailSender]] = {"inbox": InboxSender, "smtp": DjangoEmailSender}
SMS_SENDERS: dict[str, type[SmsSender]] = {"inbox": InboxSender, "esms": EsmsSender, "twilio": TwilioSender}


def find_sender(channel: str) -> EmailSender | SmsSender:
    """The sender that the settings name for this channel. Raises ImproperlyConfigured for an unknown name."""
    senders: dict[str, type] = EMAIL_SENDERS if channel == Channel.EMAIL else SMS_SENDERS
    name = settings.EMAIL_PROVIDER if channel == Channel.EMAIL else settings.SMS_PROVIDER
    if name not in senders:
        raise ImproperlyConfigured(f"no provider for {channel} is called {name}; there are {sorted(senders)}")
    sender: EmailSender | SmsSender = senders[name]()
    return sender
