"""Settings → Messages: every text beside the shipped one, with its values, a live preview and a test to oneself."""

from itertools import groupby
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, NotAllowed, NotFound
from apps.core.portal.own_page import OwnPage
from apps.core.portal.responses import add_toast, redirect_to
from apps.core.portal.settings_tabs import SettingsTabs, register_settings_tab
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.notifications import services
from apps.platform.notifications.models import Channel
from apps.platform.notifications.permissions import NOTIFICATION_EDIT
from apps.platform.notifications.rendering import LANGUAGES
from apps.platform.notifications.services.wording import Preview
from apps.platform.notifications.wordings import Wording, list_wordings

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


class WordingListMixin:
    """All types by category, each with what is changed."""

    title = _("Messages")
    template_name = "notifications/wordings/list.html"
    list_name: ClassVar[str]
    edit_name: ClassVar[str]
    actor: Any

    def get_context(self, **extra: Any) -> dict[str, Any]:
        kinds = []
        for code, group in groupby(list_wordings(self.actor), key=lambda one: one.kind.code):
            rows = list(group)
            kinds.append(
                {
                    "label": rows[0].kind.label or code,
                    "code": code,
                    "category": rows[0].category_label,
                    "channels": [Channel(name).label for name in dict.fromkeys(row.channel for row in rows)],
                    "changed": sum(row.is_changed for row in rows),
                    "url": reverse(self.edit_name, args=[code]),
                }
            )
        context: dict[str, Any] = super().get_context(kinds=kinds, **extra)
        return context


class WordingEditMixin:
    """One type: channel and language by tabs; save, preview, test and reset post to the same address."""

    template_name = "notifications/wordings/edit.html"
    preview_template = "notifications/wordings/preview.html"
    list_name: ClassVar[str]
    edit_name: ClassVar[str]
    actor: Any
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_title(self) -> Any:
        return self.wording.kind.label or self.wording.kind.code

    @property
    def wording(self) -> Wording:
        """The text that the address names; the first channel and the reader's language by themselves."""
        rows = [one for one in list_wordings(self.actor) if one.kind.code == self.kwargs["kind"]]
        if not rows:
            raise NotFound
        asked = self.request.GET
        channel = asked.get("channel", rows[0].channel)
        language = asked.get("language", self.actor.language if self.actor.language in LANGUAGES else LANGUAGES[0])
        found = next((one for one in rows if (one.channel, one.language) == (channel, language)), None)
        if found is None:
            raise NotFound
        return found

    def link(self, channel: str, language: str) -> str:
        return reverse(self.edit_name, args=[self.kwargs["kind"]], query={"channel": channel, "language": language})

    def get_context(self, **extra: Any) -> dict[str, Any]:
        row = self.wording
        values = {"subject": row.subject, "body": row.body, "errors": {}, "error": None, **extra}
        shown = preview_of(row, values["subject"], values["body"])
        context: dict[str, Any] = super().get_context(
            row=row,
            form_url=self.link(row.channel, row.language),
            back_url=reverse(self.list_name),
            channel_tabs=[
                {"label": Channel(name).label, "url": self.link(name, row.language), "active": name == row.channel}
                for name in row.kind.all_channels
            ],
            language_tabs=[
                {"label": LANGUAGE_NAMES[name], "url": self.link(row.channel, name), "active": name == row.language}
                for name in LANGUAGES
            ],
            has_subject=row.channel != Channel.SMS,
            can_test=row.channel != Channel.IN_APP,
            **{**values, **shown},
        )
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.wording
        words = {"subject": request.POST.get("subject", ""), "body": request.POST.get("body", "").replace("\r\n", "\n")}
        step = request.POST.get("step", "")
        if step == "preview":
            return self.draw({"row": row, **words, **preview_of(row, **words)}, template=self.preview_template)
        where = {"kind": row.kind.code, "channel": row.channel, "language": row.language}
        try:
            done = _take_step(self.actor, step, where, words)
        except BadInput as error:
            return self.refuse(words, error=error if not error.errors else None, errors=error.errors)
        except BusinessError as error:
            return self.refuse(words, error=error, errors={})
        if step == "test":
            return add_toast(self.draw(self.get_context(**words)), done)
        return redirect_to(request, self.link(row.channel, row.language), message=done)

    def refuse(self, words: dict[str, str], **faults: Any) -> HttpResponse:
        return self.draw(self.get_context(**words, **faults), status=422)


def preview_of(row: Wording, subject: str, body: str) -> dict[str, Any]:
    """The words with sample values, or what is wrong with them."""
    try:
        preview: Preview | None = services.preview_wording(row.kind.code, row.channel, subject, body)
    except BadInput as error:
        texts = [text for found in error.errors.values() for text in found]
        return {"preview": None, "preview_errors": texts}
    return {"preview": preview, "preview_errors": []}


def _take_step(actor: Any, step: str, where: dict[str, str], words: dict[str, str]) -> Any:
    if step == "reset":
        services.reset_wording(actor, **where)
        return _("The shipped text is back.")
    if step == "test":
        row = services.send_test(actor, **where, **words)
        return _("Sent to %(address)s.") % {"address": row.address if row.channel != Channel.WEB_PUSH else _("browser")}
    services.save_wording(actor, **where, **words)
    return _("Saved.")


class StaffOnly(OwnPage):
    """The texts of all companies: platform staff alone."""

    permission = ANY_MEMBER

    def check_access(self) -> None:
        super().check_access()
        if not self.actor.is_platform_staff or self.actor.organization_id is not None:
            raise NotAllowed


class StaffWordings(WordingListMixin, StaffOnly):
    list_name, edit_name = "staff-messages", "staff-message"


class StaffWording(WordingEditMixin, StaffOnly):
    list_name, edit_name = "staff-messages", "staff-message"


class CompanyWordings(WordingListMixin, SettingsTabs, PortalView):
    permission = NOTIFICATION_EDIT


class CompanyWording(WordingEditMixin, SettingsTabs, PortalView):
    permission = NOTIFICATION_EDIT


def build_urls(key: str) -> list[URLPattern]:
    """The pages of the portal `key`."""
    place = {"portal": key, "list_name": f"{key}:messages", "edit_name": f"{key}:message"}
    return [
        type("Wordings", (CompanyWordings,), place).path("settings/messages/", "messages"),
        type("Wording", (CompanyWording,), place).path("settings/messages/<str:kind>/", "message"),
    ]


register_settings_tab(label=_("Messages"), name="messages", permission=NOTIFICATION_EDIT, order=60)
urlpatterns = [
    path("messages/texts/", StaffWordings.as_view(), name="staff-messages"),
    path("messages/texts/<str:kind>/", StaffWording.as_view(), name="staff-message"),
]
