"""The development inbox: nothing leaves, the stored delivery is the message."""

from typing import ClassVar

from apps.platform.notifications.senders.base import Message


class InboxSender:
    name: ClassVar[str] = "inbox"
    is_repeatable: ClassVar[bool] = True

    def send(self, message: Message) -> str:
        return message.key
