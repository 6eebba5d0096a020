"""Sent messages of the company: what became of each, why one failed, and sending it again."""

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import ChoiceFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import BulkAction, Empty
from apps.core.portal.registry import register_nav
from apps.platform.notifications import selectors, services
from apps.platform.notifications.causes import explain
from apps.platform.notifications.models import Channel, Delivery
from apps.platform.notifications.permissions import NOTIFICATION_SEND
from apps.platform.notifications.registry import TYPES

TONES = {"queued": "progress", "sent": "info", "delivered": "done", "failed": "danger", "suppressed": "neutral"}


def type_label(row: Delivery) -> str:
    kind = TYPES.get(row.type)
    return str(kind.label) if kind and kind.label else row.type


def _again(actor: Actor, rows: Sequence[Delivery]) -> str:
    count = services.send_many_again(actor, rows)
    said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    return said % {"count": count}


class DeliveryList(ListScreen):
    """Newest first; the failed ones by the filter."""

    permission = NOTIFICATION_SEND
    title = _("Sent messages")
    selector = staticmethod(selectors.list_deliveries)
    columns = (
        Column("address", _("To"), sub=lambda row: row.get_channel_display()),
        Column("type", _("Message"), value=type_label, sub="subject"),
        Column(
            "state", _("State"), value=lambda row: row.get_state_display(), template="notifications/cell_state.html"
        ),
        Column("cause", _("Cause"), value=explain),
        Column("created_at", _("Time"), kind="datetime", sort="created_at"),
        Column("attempts", _("Tries"), kind="number", is_default=False),
        Column("provider", _("Provider"), is_default=False),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=Delivery.State.choices),
        ChoiceFilter(
            "channel", _("Channel"), choices=[pair for pair in Channel.choices if pair[0] != Channel.IN_APP.value]
        ),
    )
    search = ("address", "subject")
    search_placeholder = _("Address or subject")
    default_sort = "-created_at"
    empty = Empty(_("Nothing sent yet"), _("Emails and SMS of the company appear here."), "send")
    bulk_actions = (BulkAction("again", _("Send again"), _again, permission=NOTIFICATION_SEND, icon="rotate-cw"),)

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:delivery", args=[row.pk])


def _describe(_actor: Actor, row: Delivery) -> dict[str, Any]:
    return {"cause": explain(row), "kind": type_label(row), "tone": TONES.get(row.state, "neutral")}


class DeliveryPage(DetailScreen):
    """One message with its text as far as it is kept, its way, and the cause when it failed."""

    permission = NOTIFICATION_SEND
    selector = staticmethod(selectors.list_deliveries)
    fragments = (Fragment("message", "notifications/delivery.html", _describe),)
    actions = {
        "again": ActionHandler(
            services.send_again,
            label=_("Send again"),
            icon="rotate-cw",
            variant="primary",
            permission=NOTIFICATION_SEND,
            when=lambda row, _actor: row.state == Delivery.State.FAILED and bool(row.body),
            done=_("The message is sent again."),
        )
    }
    list_label = _("Sent messages")

    def get_title(self) -> str:
        return type_label(self.instance)

    def get_subtitle(self) -> str:
        return f"{self.instance.get_channel_display()} · {self.instance.address}"


def build_urls(key: str) -> list[URLPattern]:
    """The pages of the portal `key`."""
    place = {"portal": key}
    rows = type("Deliveries", (DeliveryList,), place)
    page = type("DeliveryOne", (DeliveryPage,), {**place, "list_url_name": f"{key}:deliveries"})
    register_nav(
        portal=key,
        group=_("Company"),
        label=_("Sent messages"),
        url_name=f"{key}:deliveries",
        icon="inbox",
        permission=NOTIFICATION_SEND,
        order=93,
    )
    return [rows.path("messages/", "deliveries"), *page.urls("messages/<uuid:id>/", "delivery")]
