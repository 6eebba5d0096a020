"""The list behind the bell: everything or the unread, read one or all, delete."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from apps.core.portal.own_page import OwnPage
from apps.core.portal.providers import providers
from apps.core.portal.responses import safe_next
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.notifications import selectors, services

PAGE_SIZE = 30
UNREAD = "unread"


class NotificationsView(OwnPage):
    """Everything in the bell, newest first."""

    title = _("Notifications")
    template_name = "notifications/screens/page.html"
    fragment_template_name = "notifications/screens/list.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        number = providers.live_numbers([f"notifications:{self.actor.user_id}"])
        only_unread = self.request.GET.get("show") == UNREAD
        rows = selectors.list_notifications(self.actor)
        unread = selectors.count_unread(self.actor)
        page = Paginator(rows.filter(read_at__isnull=True) if only_unread else rows, PAGE_SIZE)
        return super().get_context(
            page=page.get_page(self.request.GET.get("page")),
            unread=unread,
            only_unread=only_unread,
            tabs=_tabs(unread, only_unread=only_unread),
            live_numbers=number,
            **extra,
        )


def _tabs(unread: int, *, only_unread: bool) -> list[dict[str, Any]]:
    url = reverse("notifications")
    return [
        {"label": _("All"), "url": url, "active": not only_unread},
        {
            "label": _("Unread"),
            "url": f"{url}?show={UNREAD}",
            "active": only_unread,
            "count": unread,
            "tone": "attention",
        },
    ]


class OpenView(PortalView):
    """Goes where a notification leads and marks it as read."""

    permission = ANY_MEMBER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = services.mark_read(self.actor, kwargs["notification_id"])
        own = reverse("notifications")
        is_ours = url_has_allowed_host_and_scheme(row.url, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(row.url if row.url and is_ours else own)


class ReadView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notification_id: UUID) -> HttpResponse:
        services.mark_read(self.actor, notification_id)
        return HttpResponseRedirect(safe_next(request, reverse("notifications")))


class ReadAllView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.mark_all_read(self.actor)
        return HttpResponseRedirect(safe_next(request, reverse("notifications")))


class DeleteView(PortalView):
    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notification_id: UUID) -> HttpResponse:
        services.delete_notification(self.actor, notification_id)
        return HttpResponseRedirect(safe_next(request, reverse("notifications")))


urlpatterns = [
    path("notifications/", NotificationsView.as_view(), name="notifications"),
    path("notifications/read-all/", ReadAllView.as_view(), name="notifications-read-all"),
    path("notifications/<uuid:notification_id>/open/", OpenView.as_view(), name="notification-open"),
    path("notifications/<uuid:notification_id>/read/", ReadView.as_view(), name="notification-read"),
    path("notifications/<uuid:notification_id>/delete/", DeleteView.as_view(), name="notification-delete"),
]
