"""Email by SMTP, or through a provider's API by django-anymail."""

from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any, ClassVar

from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from apps.platform.notifications.senders.base import Message, MessageRefused, SendingFailed

_TIMEOUT_SECONDS = 20


class DjangoEmailSender:
    """A repeated message carries the same Message-ID, by which mail programs know it again."""

    name: ClassVar[str] = "smtp"
    is_repeatable: ClassVar[bool] = True
    backend: ClassVar[str | None] = None

    def send(self, message: Message) -> str:
        email = self.compose(message)
        try:
            email.send()
        except (SMTPRecipientsRefused, AnymailRecipientsRefused, AnymailInvalidAddress) as error:
            raise MessageRefused(str(error)) from error
        except (SMTPException, AnymailError, OSError) as error:
            raise SendingFailed(str(error)) from error
        return self.id_of(email)

    def compose(self, message: Message) -> EmailMultiAlternatives:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{message.key}@{domain}>", "Content-Language": message.language}
        if message.unsubscribe_url:
            # One click, as RFC 8058 asks: the mail program posts to the address by itself.
            headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        email = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            to=[message.address],
            headers=headers,
            connection=get_connection(self.backend, **self.options()),
        )
        if message.html:
            email.attach_alternative(message.html, "text/html")
        for file in message.attachments:
            email.attach(file.name, file.content, file.content_type)
        return email

    def options(self) -> dict[str, Any]:
        return {"timeout": _TIMEOUT_SECONDS}

    def id_of(self, email: EmailMultiAlternatives) -> str:
        return str(email.extra_headers["Message-ID"])


class MailgunSender(DjangoEmailSender):
    """Mailgun's API; its reports carry our key back as a variable of the message."""

    name: ClassVar[str] = "mailgun"
    backend: ClassVar[str | None] = "anymail.backends.mailgun.EmailBackend"

    def compose(self, message: Message) -> EmailMultiAlternatives:
        email = super().compose(message)
        email.metadata = {"delivery": message.key}  # type: ignore[attr-defined]
        return email

    def options(self) -> dict[str, Any]:
        return {}

    def id_of(self, email: EmailMultiAlternatives) -> str:
        return str(email.anymail_status.message_id or "")  # type: ignore[attr-defined]
