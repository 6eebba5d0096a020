"""The list of one's own notifications, its preferences, and the development inbox."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.notifications import inbox, selectors, services
from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import CATEGORIES, MANDATORY

PAGE_SIZE = 30


class OwnPage(PortalView):
    """A page about oneself, in the dress of the portal in which one works."""

    permission = ANY_MEMBER

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(**extra)
        kinds = list_kinds(self.request, self.actor)
        portal = next((one for one in find_portals(kinds) if one.kinds), None)
        if portal is None:
            return {**context, "layout": "layouts/site.html"}
        nav = build_nav(portal.key, self.actor, self.request.path)
        return {**context, "portal": portal, "nav": nav, "layout": portal.layout}


class NotificationsView(OwnPage):
    """Everything in the bell, newest first."""

    title = _("Notifications")
    template_name = "notifications/screens/page.html"
    fragment_template_name = "notifications/screens/list.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        rows = selectors.list_notifications(self.actor)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context(page=page, unread=selectors.count_unread(self.actor), **extra)


class OpenView(PortalView):
    """Goes where a notification leads and marks it as read."""

    permission = ANY_MEMBER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = services.mark_read(self.actor, kwargs["notification_id"])
        own = reverse("notifications")
        is_ours = url_has_allowed_host_and_scheme(row.url, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(row.url if row.url and is_ours else own)


class ReadAllView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.mark_all_read(self.actor)
        return HttpResponseRedirect(reverse("notifications"))


class DeleteView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notification_id: UUID) -> HttpResponse:
        services.delete_notification(self.actor, notification_id)
        return HttpResponseRedirect(reverse("notifications"))


class PreferencesView(OwnPage):
    """Which kinds of messages reach me on which channel."""

    title = _("Notification settings")
    template_name = "notifications/screens/preferences.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        chosen = selectors.list_preferences(self.actor)
        rows = [
            {
                "label": CATEGORIES[category],
                "is_mandatory": category in MANDATORY,
                "cells": [
                    {"name": f"{category}:{channel.value}", "label": channel.label, "wanted": own.get(channel.value)}
                    for channel in Channel
                ],
            }
            for category, own in chosen.items()
        ]
        return super().get_context(rows=rows, channels=[channel.label for channel in Channel], **extra)

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = {
            category: {channel: f"{category}:{channel}" in request.POST for channel in channels}
            for category, channels in selectors.list_preferences(self.actor).items()
            if category not in MANDATORY
        }
        services.save_preferences(self.actor, wanted=wanted)
        return redirect_to(request, reverse("notification-preferences"), message=_("Saved."))


class InboxView(PortalView):
    """What a demo installation would have sent, as its receivers would see it."""

    is_public = True
    title = _("Development inbox")
    template_name = "notifications/inbox/page.html"
    fragment_template_name = "notifications/inbox/messages.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        address = self.request.GET.get("address", "")
        return super().get_context(
            chosen=address,
            topic=inbox.TOPIC,
            letterboxes=inbox.list_letterboxes(address),
            messages_shown=[inbox.describe(row) for row in inbox.list_messages(address)],
            layout="layouts/site.html",
            **extra,
        )


urlpatterns = [
    path("notifications/", NotificationsView.as_view(), name="notifications"),
    path("notifications/read-all/", ReadAllView.as_view(), name="notifications-read-all"),
    path("notifications/preferences/", PreferencesView.as_view(), name="notification-preferences"),
    path("notifications/<uuid:notification_id>/open/", OpenView.as_view(), name="notification-open"),
    path("notifications/<uuid:notification_id>/delete/", DeleteView.as_view(), name="notification-delete"),
    path("dev/inbox/", InboxView.as_view(), name="dev-inbox"),
]
