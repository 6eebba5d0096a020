"""Email through Django's mail backend: SMTP, or a provider's API by django-anymail."""

from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import ClassVar

from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from apps.platform.notifications.senders.base import Message, MessageRefused, SendingFailed

_TIMEOUT_SECONDS = 20


class DjangoEmailSender:
    """A repeated message carries the same Message-ID, by which mail programs know it again."""

    name: ClassVar[str] = "smtp"
    is_repeatable: ClassVar[bool] = True

    def send(self, message: Message) -> str:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        message_id = f"<{message.key}@{domain}>"
        email = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            to=[message.address],
            headers={"Message-ID": message_id, "Content-Language": message.language},
            connection=get_connection(timeout=_TIMEOUT_SECONDS),
        )
        if message.html:
            email.attach_alternative(message.html, "text/html")
        for file in message.attachments:
            email.attach(file.name, file.content, file.content_type)
        try:
            email.send()
        except (SMTPRecipientsRefused, AnymailRecipientsRefused, AnymailInvalidAddress) as error:
            raise MessageRefused(str(error)) from error
        except (SMTPException, AnymailError, OSError) as error:
            raise SendingFailed(str(error)) from error
        return message_id
