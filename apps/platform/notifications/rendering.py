"""From a type and values to the words: the organization's own wording, the platform's, or the shipped text."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.template import Context, TemplateDoesNotExist, engines
from django.utils import translation

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.core.text import clean_text
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.notifications.models import Channel, NotificationTemplate
from apps.platform.notifications.registry import TYPES
from apps.platform.notifications.sandbox import names_in, render_source

logger = logging.getLogger(__name__)
LANGUAGES = ("vi", "en")
# Added to the values of every message.
_SHARED_SAMPLES: dict[str, str] = {
    "organization_name": "Gara Minh Phát",
    "organization_phone": "028 7300 0101",
    "site_url": "https://baylink.example",
    "url": "https://baylink.example/notifications/",
    "user_name": "Nguyễn Văn An",
}
# A channel without a text of its own says what the bell says.
_BORROWS: dict[str, tuple[str, ...]] = {Channel.TELEGRAM: (Channel.IN_APP,), Channel.WEB_PUSH: (Channel.IN_APP,)}
_REPORT_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


def render(
    code: str, channel: str, language: str, *, context: Mapping[str, Any], organization_id: UUID | None = None
) -> Text:
    """The message in words. A changed wording that does not render is reported and the shipped text is used.

    Raises TemplateDoesNotExist when the type ships no text for the channel.
    """
    own = find_template(code, channel, language, organization_id)
    with translation.override(language):
        if own is not None:
            try:
                return render_wording(code, own.subject, own.body, context)
            except Exception as error:
                logger.exception("wording %s does not render", own.pk)
                _report(own, error)
        return _render_shipped(code, channel, language, context)


def render_wording(code: str, subject: str, body: str, context: Mapping[str, Any]) -> Text:
    """Renders text that staff wrote, with the values of the message and nothing else.

    Raises sandbox.Forbidden, or whatever the template engine says about a mistake in it.
    """
    names = set(variables_of(code))
    values = dict(context)
    return Text(clean_text(render_source(subject, names, values)), render_source(body, names, values).strip())


def variables_of(code: str) -> dict[str, Any]:
    """The values that texts of this type may use, each with a sample: what its owner declared or its texts use."""
    kind = TYPES.get(code)
    return {**_SHARED_SAMPLES, **_used_names(code), **(dict(kind.sample) if kind else {})}


@cache
def _used_names(code: str) -> dict[str, str]:
    found: set[str] = set()
    for channel in Channel.values:
        for language in LANGUAGES:
            found |= names_in(shipped_source(code, channel, language))
    return {name: name for name in sorted(found)}


def find_template(code: str, channel: str, language: str, organization_id: UUID | None) -> NotificationTemplate | None:
    """The changed wording that holds: the organization's before the platform's."""
    rows = NotificationTemplate.objects.filter(
        Q(organization_id=organization_id) | Q(organization__isnull=True),
        type=code,
        channel=channel,
        language=language,
    )
    return rows.order_by(F("organization_id").asc(nulls_last=True)).first()


def shipped_source(code: str, channel: str, language: str) -> str:
    """The shipped text as it stands in its file, for staff who want to change it; empty when there is none."""
    try:
        return str(_shipped(code, channel, language).source)
    except TemplateDoesNotExist:
        return ""


def shipped_parts(code: str, channel: str, language: str) -> Text:
    """The shipped text as source, subject and body apart."""
    source = shipped_source(code, channel, language).strip()
    if channel == Channel.SMS:
        return Text("", source)
    subject, _, body = source.partition("\n")
    return Text(subject.strip(), body.strip())


def _render_shipped(code: str, channel: str, language: str, context: Mapping[str, Any]) -> Text:
    text = _shipped(code, channel, language).render(Context(dict(context), autoescape=False)).strip()
    if channel == Channel.SMS:
        return Text("", text)
    subject, _, body = text.partition("\n")
    return Text(clean_text(subject), body.strip())


def _shipped(code: str, channel: str, language: str) -> Any:
    wanted = [language, *(other for other in LANGUAGES if other != language)]
    sources = [channel, *_BORROWS.get(channel, ())]
    engine = engines["django"].engine  # type: ignore[attr-defined]
    return engine.select_template([f"notifications/{code}/{one}.{other}.txt" for one in sources for other in wanted])


def _report(template: NotificationTemplate, error: Exception) -> None:
    action = "notification_template.broken"
    since = now() - _REPORT_AGAIN_AFTER
    if not AuditLog.objects.filter(action=action, entity_id=template.pk, created_at__gte=since).exists():
        record(system_actor(template.organization_id), action, template, data={"error": str(error)[:300]})
