"""All texts that can be changed, as editors and the API show them: own or shipped words, side by side."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.platform.notifications.models import Channel, NotificationTemplate
from apps.platform.notifications.registry import CATEGORIES, TYPES, NotificationType
from apps.platform.notifications.rendering import LANGUAGES, shipped_parts, variables_of
from apps.platform.notifications.services.wording import scope_of

SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one type on one channel in one language; `subject` and `body` are those in force here."""

    kind: NotificationType
    channel: str
    language: str
    subject: str
    body: str
    is_changed: bool

    @property
    def id(self) -> str:
        return SEPARATOR.join((self.kind.code, self.channel, self.language))

    @property
    def shipped_subject(self) -> str:
        return shipped_parts(self.kind.code, self.channel, self.language).subject

    @property
    def shipped_body(self) -> str:
        return shipped_parts(self.kind.code, self.channel, self.language).body

    @property
    def variables(self) -> list[dict[str, Any]]:
        """The values that may be used, each with a sample."""
        samples = sorted(variables_of(self.kind.code).items())
        return [{"name": name, "sample": str(sample), "written": f"{{{{ {name} }}}}"} for name, sample in samples]

    @property
    def category_label(self) -> str:
        return str(CATEGORIES[self.kind.category])


def list_wordings(actor: Actor) -> list[Wording]:
    """Every text that the actor may change, by category, type, channel and language."""
    scope = scope_of(actor)
    own = _own_words(scope)
    kinds = [kind for kind in TYPES.values() if scope is None or not kind.is_mandatory]
    kinds.sort(key=lambda kind: (kind.category, kind.code))
    return [
        _wording(kind, channel, language, own.get((kind.code, channel, language)))
        for kind in kinds
        for channel in Channel.values
        if channel in kind.all_channels
        for language in LANGUAGES
    ]


def find_wording(actor: Actor, kind: str, channel: str, language: str) -> Wording | None:
    """One of them, or None."""
    wanted = SEPARATOR.join((kind, channel, language))
    return next((one for one in list_wordings(actor) if one.id == wanted), None)


def _own_words(scope: UUID | None) -> dict[tuple[str, str, str], NotificationTemplate]:
    of_all = NotificationTemplate.objects.filter(organization__isnull=True)
    rows = of_all if scope is None else NotificationTemplate.objects.filter(organization_id=scope)
    return {(row.type, row.channel, row.language): row for row in rows}


def _wording(kind: NotificationType, channel: str, language: str, own: NotificationTemplate | None) -> Wording:
    if own is not None:
        return Wording(kind, channel, language, own.subject, own.body, is_changed=True)
    shipped = shipped_parts(kind.code, channel, language)
    return Wording(kind, channel, language, shipped.subject, shipped.body, is_changed=False)
