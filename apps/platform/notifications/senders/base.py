"""What a provider must be able to do, and how it says no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol


class SendingFailed(Exception):
    """The provider did not take the message now; it is tried again later, not before `wait_seconds` when it said so."""

    def __init__(self, text: str, *, wait_seconds: int | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(text)


class MessageRefused(SendingFailed):
    """The provider will never take this message (a bad number, a blocked receiver)."""


class AddressGone(MessageRefused):
    """The receiver closed this way: blocked the bot, took back the browser's permission. Nothing is sent there again."""


class OutcomeUnknown(MessageRefused):
    """The provider may have taken the message or not, and would not recognise a second try: a person decides."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """`key` stays the same when the same message is tried again, so that a provider can recognise it.

    `receipt_url` is where the provider reports what became of it; `unsubscribe_url` ends mass mailings to this
    address by one click.
    """

    key: str
    address: str
    language: str
    subject: str
    body: str
    html: str = ""
    url: str = ""
    attachments: Sequence[Attachment] = ()
    receipt_url: str = ""
    unsubscribe_url: str = ""


class Sender(Protocol):
    """`is_repeatable`: sending the same key twice reaches the receiver once, or hardly ever twice."""

    name: ClassVar[str]
    is_repeatable: ClassVar[bool]

    def send(self, message: Message) -> str:
        """Hands the message over; returns the provider's own id. Raises SendingFailed, MessageRefused or AddressGone."""
        ...
