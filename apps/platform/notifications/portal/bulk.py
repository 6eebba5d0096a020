"""Mailings: the list, writing one, its progress as it goes out; and what receivers say to it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.core.portal.registry import register_nav
from apps.core.portal.views import PortalView
from apps.platform.notifications import selectors, services
from apps.platform.notifications.audiences import AUDIENCES
from apps.platform.notifications.models import BulkSend, Channel, Delivery
from apps.platform.notifications.permissions import NOTIFICATION_SEND
from apps.platform.notifications.states import BULK_SEND

SENDABLE = (Channel.EMAIL, Channel.SMS, Channel.TELEGRAM)


class BulkForm(forms.Form):
    """What goes to whom, and how fast."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Only you see it."))
    audience = forms.ChoiceField(label=_("Who gets it"))
    channel = forms.ChoiceField(label=_("Channel"), choices=[(one.value, one.label) for one in SENDABLE])
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False, help_text=_("Not for SMS."))
    body = forms.CharField(
        label=_("Text"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Values: {{ name }}, {{ organization_name }}, {{ organization_phone }}."),
    )
    per_minute = forms.IntegerField(label=_("Messages a minute"), min_value=1, max_value=600, initial=60)

    def prepare(self, _actor: Actor, _instance: Any = None) -> None:
        self.fields["audience"].choices = [(one.code, one.label) for one in AUDIENCES.values()]

    @staticmethod
    def initial_of(row: BulkSend) -> Mapping[str, Any]:
        return {name: getattr(row, name) for name in BulkForm.base_fields}


def _audience_of(row: BulkSend) -> str:
    return str(AUDIENCES[row.audience].label) if row.audience in AUDIENCES else row.audience


class BulkList(ListScreen):
    permission = NOTIFICATION_SEND
    title = _("Mailings")
    selector = staticmethod(selectors.list_bulk_sends)
    columns = (
        Column("name", _("Name"), sort="name"),
        Column("state", _("State"), kind="badge", table=BULK_SEND, sort="state"),
        Column("audience", _("Who gets it"), value=_audience_of),
        Column("channel", _("Channel"), value=lambda row: row.get_channel_display()),
        Column("queued", _("Sent"), value=lambda row: f"{row.queued} / {row.total}" if row.total else ""),
        Column("created_at", _("Written"), kind="datetime", sort="created_at"),
    )
    search = ("name", "subject")
    search_placeholder = _("Name or subject")
    default_sort = "-created_at"
    opens = "page"
    empty = Empty(_("No mailings yet"), _("Write to customers who agreed to offers, or to your people."), "send")
    live_topics = staticmethod(lambda actor: [f"bulk-sends:{actor.organization_id}"])

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:bulk-send", args=[row.pk])


class AddBulk(FormScreen):
    permission = NOTIFICATION_SEND
    title = _("Write a mailing")
    form_class = BulkForm
    submit_label = _("Save the draft")

    def save(self, data: Mapping[str, Any]) -> BulkSend:
        return services.create_bulk_send(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:bulk-send", args=[result.pk])


def _describe_progress(_actor: Actor, row: BulkSend) -> dict[str, Any]:
    found = row.deliveries.order_by().values_list("state").annotate(count=Count("id"))
    by_state = dict(found)
    state = Delivery.State
    is_draft = row.state == BulkSend.State.DRAFT
    return {
        "counts": services.count_receivers(row) if is_draft else None,
        "is_draft": is_draft,
        "done": by_state.get(state.SENT, 0) + by_state.get(state.DELIVERED, 0),
        "delivered": by_state.get(state.DELIVERED, 0),
        "failed": by_state.get(state.FAILED, 0),
        "suppressed": by_state.get(state.SUPPRESSED, 0),
        "waiting": by_state.get(state.QUEUED, 0),
        "audience": _audience_of(row),
    }


def _describe_words(_actor: Actor, row: BulkSend) -> dict[str, Any]:
    subject, body = services.preview_bulk(row.channel, row.subject, row.body)
    return {
        "subject": subject,
        "body": body,
        "sms": services.measure_bulk_sms(row, body) if row.channel == Channel.SMS else None,
    }


class BulkPage(DetailScreen):
    """One mailing: how many it reaches, how far it is, what it says."""

    permission = NOTIFICATION_SEND
    selector = staticmethod(selectors.list_bulk_sends)
    table = BULK_SEND
    topics = ("bulk-send:{id}",)
    fragments = (
        Fragment("progress", "notifications/bulk/progress.html", _describe_progress, topics=("bulk-send:{id}",)),
        Fragment("words", "notifications/bulk/words.html", _describe_words),
    )
    list_label = _("Mailings")

    def get_title(self) -> str:
        return str(self.instance.name)

    def get_subtitle(self) -> str:
        return f"{_audience_of(self.instance)} · {self.instance.get_channel_display()}"


ACTIONS = {
    "start": ActionHandler(
        services.start_bulk_send,
        icon="send",
        confirm=_("Start sending? What went out cannot be taken back."),
        done=_("Sending has started."),
    ),
    "pause": ActionHandler(services.pause_bulk_send, icon="pause", done=_("Paused.")),
    "resume": ActionHandler(services.resume_bulk_send, icon="play", done=_("Sending goes on.")),
    "change": ActionHandler(
        services.update_bulk_send,
        form=BulkForm,
        label=_("Change"),
        icon="pencil",
        permission=NOTIFICATION_SEND,
        initial=BulkForm.initial_of,
        when=lambda row, _actor: row.state == BulkSend.State.DRAFT,
        done=_("Saved."),
    ),
    "cancel": ActionHandler(
        services.cancel_bulk_send,
        icon="circle-x",
        confirm=_("Cancel this mailing? Those who have not got it yet will not get it."),
        done=_("Cancelled."),
    ),
}


@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribeView(PortalView):
    """The link in a mailing. Looking changes nothing; mail programs post by themselves when their button is pressed.

    The signed token is the right, so the post needs no other proof.
    """

    is_public = True
    title = _("Unsubscribe")
    template_name = "notifications/unsubscribe.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = services.find_mailing(kwargs["token"])
        return self.draw(self.get_context(company_name=services.sender_of(row), address=row.address, is_done=False))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = services.unsubscribe(kwargs["token"])
        return self.draw(self.get_context(company_name=name, is_done=True))

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return {**super().get_context(**extra), "layout": "layouts/site.html"}


def build_urls(key: str) -> list[URLPattern]:
    """The pages of the portal `key`."""
    place = {"portal": key}
    add = Button(_("Write a mailing"), f"{key}:bulk-send-add", icon="plus", permission=NOTIFICATION_SEND)
    rows = type("Bulks", (BulkList,), {**place, "primary": add})
    new = type("NewBulk", (AddBulk,), {**place, "cancel_url_name": f"{key}:bulk-sends"})
    page = type("Bulk", (BulkPage,), {**place, "actions": ACTIONS, "list_url_name": f"{key}:bulk-sends"})
    register_nav(
        portal=key,
        group=_("Company"),
        label=_("Mailings"),
        url_name=f"{key}:bulk-sends",
        icon="send",
        permission=NOTIFICATION_SEND,
        order=92,
    )
    return [
        rows.path("mailings/", "bulk-sends"),
        new.path("mailings/add/", "bulk-send-add"),
        *page.urls("mailings/<uuid:id>/", "bulk-send"),
    ]


urlpatterns = [
    path("notifications/unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe"),
    # Short, for SMS.
    path("u/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe-short"),
]
