"""Texts as the pages show them: tests name them in English, people read Vietnamese."""

import re
from typing import Any

from django.utils import translation

from apps.core.portal.columns import capitalize


def vi(text: str, context: str = "") -> str:
    """The Vietnamese of a text of the project."""
    with translation.override("vi"):
        return translation.pgettext(context, text) if context else translation.gettext(text)


def label_of(model: Any, state: str) -> str:
    """A state as badges name it."""
    with translation.override("vi"):
        return capitalize(str(model.State(state).label))


def like(text: str) -> re.Pattern[str]:
    """The Vietnamese of a text with `%(name)s` places, whatever stands in them."""
    parts = re.split(r"%\(\w+\)s", vi(text))
    return re.compile(".+".join(re.escape(part) for part in parts))
