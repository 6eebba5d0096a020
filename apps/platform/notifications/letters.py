"""The dress of an email: the plain text in a branded page that every mail program shows."""

import re

from django.template.loader import render_to_string
from django.utils import translation

from apps.platform.notifications.models import Delivery

_PARAGRAPHS = re.compile(r"\n\s*\n")
_LINK_ALONE = re.compile(r"^https?://\S+$")


def render_letter(delivery: Delivery) -> str:
    """The HTML of an email. A paragraph that is nothing but an address becomes a button."""
    organization = delivery.organization
    with translation.override(delivery.language):
        return render_to_string(
            "notifications/_base_email.html",
            {
                "subject": delivery.subject,
                "language": delivery.language,
                "organization": organization,
                "color": organization.brand_color if organization else "#0f6e71",
                "blocks": letter_blocks(delivery),
            },
        )


def letter_blocks(delivery: Delivery) -> list[dict[str, str]]:
    """The paragraphs of the text: `link` for one that is nothing but an address."""
    return [_block(text) for text in _PARAGRAPHS.split(delivery.body.strip())]


def _block(text: str) -> dict[str, str]:
    plain = text.strip()
    return {"kind": "link" if _LINK_ALONE.match(plain) else "text", "text": plain}
