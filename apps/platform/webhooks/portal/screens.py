"""The list of webhooks, one webhook with its log, and its secret."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.errors import BusinessError
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.core.portal.responses import redirect_to
from apps.core.portal.settings_tabs import SettingsTabs, register_settings_tab
from apps.core.portal.views import PortalView
from apps.platform.webhooks import selectors, services
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.permissions import WEBHOOK_EDIT
from apps.platform.webhooks.portal.forms import WebhookForm
from apps.platform.webhooks.registry import CATALOGUE

_SHOWN = 50
PROBLEMS = {
    "no answer in time": _("No answer in time"),
    "redirects are not followed": _("Redirects are not followed"),
    "the webhook was switched off": _("The webhook was switched off"),
}


def _state_of(row: WebhookEndpoint) -> str:
    return str(_("On") if row.is_active else _("Off"))


class WebhookList(SettingsTabs, ListScreen):
    """Which other systems are told, and whether they listen."""

    permission = WEBHOOK_EDIT
    template_name = "webhooks/list.html"
    title = _("Webhooks")
    selector = staticmethod(selectors.list_endpoints)
    columns = (
        Column("name", _("Webhook"), value=str, sub="url", sort=("description", "url"), css="break-all"),
        Column("events", _("Events"), value=lambda row: len(row.events), kind="number"),
        Column("state", _("State"), value=_state_of, template="webhooks/cell_state.html"),
        Column("last_success_at", _("Last success"), kind="datetime", sort="last_success_at"),
    )
    search = ("url", "description")
    search_placeholder = _("Name or address")
    opens = "page"
    empty = Empty(
        _("No webhooks yet"), _("Let your website or bookkeeping know at once when something happens here."), "webhook"
    )

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:webhook", args=[row.pk])


class AddWebhook(FormScreen):
    permission = WEBHOOK_EDIT
    title = _("Add a webhook")
    form_class = WebhookForm
    submit_label = _("Add")

    def save(self, data: Mapping[str, Any]) -> WebhookEndpoint:
        return services.add_endpoint(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:webhook", args=[result.pk])


def _describe(_actor: Actor, row: WebhookEndpoint) -> dict[str, Any]:
    return {"events": [{"name": name, "label": CATALOGUE[name].label} for name in row.events if name in CATALOGUE]}


def _list_messages(actor: Actor, row: WebhookEndpoint) -> dict[str, Any]:
    rows = list(selectors.list_deliveries(actor).filter(endpoint=row)[:_SHOWN])
    shown = [
        {"row": one, "content": json.dumps(one.payload, ensure_ascii=False), "problem": _explain(one)} for one in rows
    ]
    return {"deliveries": shown, "is_cut": len(rows) == _SHOWN}


def _explain(row: WebhookDelivery) -> Any:
    """What went wrong, for people; nothing where the status says it already."""
    if row.last_status is not None and not 300 <= row.last_status < 400:
        return ""
    return PROBLEMS.get(row.error, row.error)


class WebhookPage(DetailScreen):
    """One address: what it is told, whether it listens, and its last messages."""

    permission = WEBHOOK_EDIT
    selector = staticmethod(selectors.list_endpoints)
    list_label = _("Webhooks")
    topics = ("webhook:{id}",)
    fragments = (
        Fragment("facts", "webhooks/facts.html", _describe),
        Fragment("messages", "webhooks/messages.html", _list_messages),
    )

    def get_subtitle(self) -> str:
        return str(self.instance.url)


class SecretView(PortalView):
    """The secret, shown because somebody asked for it by a click."""

    permission = WEBHOOK_EDIT
    http_method_names = ["post"]
    title = _("Secret")
    template_name = "webhooks/secret.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_visible(selectors.list_endpoints(self.actor), self.actor, kwargs["id"])
        secret = services.reveal_secret(self.actor, row)
        back = reverse(f"{self.portal}:webhook", args=[row.pk])
        return self.draw(self.get_context(webhook=row, secret=secret, back_url=back))


class SendAgainView(PortalView):
    """One message once more."""

    permission = WEBHOOK_EDIT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = selectors.list_deliveries(self.actor).filter(endpoint_id=kwargs["id"])
        row = get_visible(rows, self.actor, kwargs["delivery_id"])
        back = reverse(f"{self.portal}:webhook", args=[row.endpoint_id])
        try:
            services.redeliver(self.actor, row)
        except BusinessError as error:
            return redirect_to(request, back, message=error, tone="danger")
        return redirect_to(request, back, message=_("The message is sent again."))


def list_actions(key: str) -> dict[str, ActionHandler]:
    """The buttons of a webhook in the portal `key`."""

    def when(is_active: bool) -> Any:
        return lambda row, _actor: row.is_active is is_active

    return {
        "test": ActionHandler(
            services.send_test,
            label=_("Send a test"),
            icon="send",
            variant="primary",
            when=when(True),
            done=_("A test message is on its way."),
        ),
        "edit": ActionHandler(
            services.update_endpoint,
            form=WebhookForm,
            label=_("Change"),
            icon="pencil",
            initial=WebhookForm.initial_of,
            done=_("Saved."),
        ),
        "rotate": ActionHandler(
            services.rotate_secret,
            label=_("New secret"),
            icon="rotate-cw",
            confirm=_("Make a new secret? The old one is good for another 24 hours."),
            done=_("The secret is a new one. The old one is good for another 24 hours."),
        ),
        "on": ActionHandler(
            services.switch_on, label=_("Switch on"), icon="power", variant="primary", when=when(False), done=_("On.")
        ),
        "off": ActionHandler(
            services.switch_off,
            label=_("Switch off"),
            icon="circle-x",
            when=when(True),
            confirm=_("Switch off? Messages that wait are given up."),
            done=_("Off."),
        ),
        "remove": ActionHandler(
            services.remove_endpoint,
            label=_("Remove"),
            icon="trash-2",
            variant="danger",
            confirm=_("Remove this webhook with its log?"),
            go_to=lambda _result: reverse(f"{key}:webhooks"),
            done=_("Removed."),
        ),
    }


def build_urls(key: str) -> list[URLPattern]:
    """The screens of webhooks in the portal `key`."""
    place = {"portal": key}
    add = Button(_("Add a webhook"), f"{key}:webhook-add", icon="plus", permission=WEBHOOK_EDIT, opens="drawer")
    rows = type("Webhooks", (WebhookList,), {**place, "primary": add})
    new = type("NewWebhook", (AddWebhook,), {**place, "cancel_url_name": f"{key}:webhooks"})
    page = type("Webhook", (WebhookPage,), {**place, "actions": list_actions(key), "list_url_name": f"{key}:webhooks"})
    secret = type("WebhookSecret", (SecretView,), place)
    again = type("WebhookAgain", (SendAgainView,), place)
    return [
        rows.path("settings/webhooks/", "webhooks"),
        new.path("settings/webhooks/add/", "webhook-add"),
        *page.urls("settings/webhooks/<uuid:id>/", "webhook"),
        secret.path("settings/webhooks/<uuid:id>/secret/", "webhook-secret"),
        again.path("settings/webhooks/<uuid:id>/deliveries/<uuid:delivery_id>/again/", "webhook-again"),
    ]


register_settings_tab(label=_("Webhooks"), name="webhooks", permission=WEBHOOK_EDIT, order=80)
