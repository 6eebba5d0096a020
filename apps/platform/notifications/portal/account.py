"""How messages reach me: kinds and channels, quiet hours, my Telegram chat, my browsers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from apps.core.errors import BadInput, BusinessError
from apps.core.portal.account_tabs import list_account_tabs, register_account_tab
from apps.core.portal.actions import add_refusal
from apps.core.portal.own_page import OwnPage
from apps.core.portal.providers import providers
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.notifications import selectors, services
from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import CATEGORIES, MANDATORY
from apps.platform.notifications.senders import vapid
from apps.platform.notifications.services import telegram

register_account_tab(label=_("Notifications"), name="notification-preferences", order=35)
_WORKER = Path("static") / "baylink" / "js" / "push_worker.js"


class QuietForm(forms.Form):
    is_on = forms.BooleanField(label=_("Do not disturb"), required=False)
    begins_at = forms.TimeField(
        label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends_at = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def shown_channels() -> list[Channel]:
    """Those that this installation has at all."""
    missing = set()
    if not telegram.is_available():
        missing.add(Channel.TELEGRAM)
    if not vapid.public_key():
        missing.add(Channel.WEB_PUSH)
    return [channel for channel in Channel if channel not in missing]


class AccountNotificationsView(OwnPage):
    """Everything that a person sets about their messages."""

    title = _("My account")
    template_name = "notifications/screens/preferences.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        number = providers.live_numbers([f"notifications:{self.actor.user_id}"])
        channels = shown_channels()
        link = selectors.telegram_link_of(self.actor)
        return super().get_context(
            rows=_rows(selectors.list_preferences(self.actor), channels),
            channels=[channel.label for channel in channels],
            tabs=list_account_tabs("notification-preferences"),
            telegram_link=link,
            has_telegram=telegram.is_available(),
            bot_name=settings.TELEGRAM_BOT_NAME,
            push_key=vapid.public_key(),
            browsers=selectors.list_browsers(self.actor),
            live_numbers=number,
            **{"quiet_form": self.quiet_form(), "code": "", **extra},
        )

    def quiet_form(self) -> QuietForm:
        hours = selectors.quiet_hours_of(self.actor)
        return QuietForm(initial={"is_on": hours.is_on, "begins_at": hours.begins_at, "ends_at": hours.ends_at})

    def post(self, request: HttpRequest) -> HttpResponse:
        shown = {channel.value for channel in shown_channels()}
        wanted = {
            category: {channel: f"{category}:{channel}" in request.POST for channel in channels if channel in shown}
            for category, channels in selectors.list_preferences(self.actor).items()
            if category not in MANDATORY
        }
        services.save_preferences(self.actor, wanted=wanted)
        return back(request, _("Saved."))


def back(request: HttpRequest, message: Any = "") -> HttpResponse:
    return redirect_to(request, reverse("account-notifications"), message=message)


def _rows(chosen: dict[str, dict[str, bool]], channels: list[Channel]) -> list[dict[str, Any]]:
    return [
        {
            "label": CATEGORIES[category],
            "is_mandatory": category in MANDATORY,
            "cells": [
                {"name": f"{category}:{channel.value}", "label": channel.label, "wanted": own.get(channel.value)}
                for channel in channels
            ],
        }
        for category, own in chosen.items()
    ]


class QuietHoursView(AccountNotificationsView):
    """Keeps the quiet hours."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = QuietForm(request.POST)
        if form.is_valid():
            try:
                services.save_quiet_hours(self.actor, **form.cleaned_data)
            except BusinessError as error:
                add_refusal(form, error)
            else:
                return back(request, _("Saved."))
        return self.draw(self.get_context(quiet_form=form), status=422)


class TelegramCodeView(AccountNotificationsView):
    """Shows a fresh code: this page alone ever shows it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        code = services.make_telegram_code(self.actor)
        return self.draw(self.get_context(code=code, code_url=telegram.chat_address(code)))


class TelegramEndView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.unlink_telegram(self.actor)
        return back(request, _("Telegram is no longer linked."))


class BrowserView(PortalView):
    """The page's script tells of this browser's subscription, or that it ended."""

    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        data = _read_subscription(request.body)
        if data.pop("gone", False):
            services.unsubscribe_browser(self.actor, endpoint=data["endpoint"])
        else:
            services.subscribe_browser(self.actor, device=_device(request), **data)
        return JsonResponse({})


class BrowserEndView(PortalView):
    """Forgets another browser of mine."""

    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.unsubscribe_browser(self.actor, endpoint=request.POST.get("endpoint", ""))
        return back(request, _("This browser gets no more messages."))


def _read_subscription(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body[:4096])
        if value.get("gone"):
            return {"gone": True, "endpoint": str(value["endpoint"])}
        keys = value["keys"]
        return {"endpoint": str(value["endpoint"]), "p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput from error


def _device(request: HttpRequest) -> str:
    agent = request.headers.get("User-Agent", "")
    browser = next((name for name in ("Edg", "Firefox", "Chrome", "Safari") if name in agent), "")
    system = next((name for name in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux") if name in agent), "")
    return " · ".join(part for part in (browser.replace("Edg", "Edge"), system) if part)


@require_GET
def push_worker(_request: HttpRequest) -> HttpResponse:
    """The browser's part of push messages; at the root, so that its address never changes."""
    response = HttpResponse(_worker_text(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker_text() -> str:
    return (Path(settings.BASE_DIR) / _WORKER).read_text(encoding="utf-8")


urlpatterns = [
    path("account/notifications/", AccountNotificationsView.as_view(), name="account-notifications"),
    path("account/notifications/quiet-hours/", QuietHoursView.as_view(), name="account-quiet-hours"),
    path("account/notifications/telegram/", TelegramCodeView.as_view(), name="account-telegram"),
    path("account/notifications/telegram/end/", TelegramEndView.as_view(), name="account-telegram-end"),
    path("account/notifications/browser/", BrowserView.as_view(), name="account-browser"),
    path("account/notifications/browser/end/", BrowserEndView.as_view(), name="account-browser-end"),
    path("notifications/preferences/", AccountNotificationsView.as_view(), name="notification-preferences"),
    path("push-worker.js", push_worker, name="push-worker"),
]
