"""The frame of the pages of one's own account: sections as tabs, in the dress of the portal in which one works."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError
from apps.core.portal.actions import add_refusal
from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.accounts.models import User
from apps.platform.accounts.pictures import picture_url

SECTIONS: tuple[tuple[str, Any], ...] = (
    ("account", _("Profile")),
    ("account-security", _("Security")),
    ("account-devices", _("Devices")),
    ("account-addresses", _("Addresses")),
    ("notification-preferences", _("Notifications")),
    ("account-privacy", _("Privacy")),
)


class AccountPage(PortalView):
    """One section. `section` names the page that shows it; forms post to addresses of their own and come back to it."""

    permission = ANY_MEMBER
    title = _("My account")
    section: ClassVar[str] = "account"

    @property
    def user(self) -> User:
        """The person of the request; nobody else comes this far."""
        return self.request.user  # type: ignore[return-value]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        portal = next((one for one in find_portals(list_kinds(self.request, self.actor)) if one.kinds), None)
        frame: dict[str, Any] = {"layout": "layouts/site.html"}
        if portal is not None:
            nav = build_nav(portal.key, self.actor, self.request.path)
            frame = {"portal": portal, "nav": nav, "layout": portal.layout}
        tabs = [{"url": reverse(name), "label": label, "active": name == self.section} for name, label in SECTIONS]
        person = {"person": self.user, "picture": picture_url(self.user), "tabs": tabs}
        return {**super().get_context(), **frame, **person, **extra}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The page; `extra` are forms that were refused."""
        return self.draw(self.get_context(**extra), status=status)

    def call(self, form: forms.Form, service: Callable[..., Any], **more: Any) -> Any:
        """What `service` answers to the cleaned data, or None when the form or the service refuses: `form` says why."""
        if not form.is_valid():
            return None
        try:
            return service(self.actor, **form.cleaned_data, **more)
        except BusinessError as error:
            add_refusal(form, error)
            return None

    def go_back(self, message: Any, *, tone: str = "done") -> HttpResponse:
        return redirect_to(self.request, reverse(self.section), message=message, tone=tone)
