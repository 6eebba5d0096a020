"""The development inbox of a demo installation."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from apps.core.portal.views import PortalView
from apps.platform.notifications import inbox


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


urlpatterns = [path("dev/inbox/", InboxView.as_view(), name="dev-inbox")]
