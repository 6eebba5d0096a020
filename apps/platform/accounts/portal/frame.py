"""The frame of the pages of one's own account: sections as tabs, in the dress of the portal in which one works."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError
from apps.core.portal.account_tabs import list_account_tabs, register_account_tab
from apps.core.portal.actions import add_refusal
from apps.core.portal.own_page import OwnPage
from apps.core.portal.responses import redirect_to
from apps.platform.accounts.models import User
from apps.platform.accounts.pictures import picture_url

for order, (name, label) in enumerate(
    (
        ("account", _("Profile")),
        ("account-security", _("Security")),
        ("account-devices", _("Devices")),
        ("account-addresses", _("Addresses")),
        ("account-privacy", _("Privacy")),
    )
):
    register_account_tab(label=label, name=name, order=10 * order)


class AccountPage(OwnPage):
    """One section. `section` names the page that shows it; forms post to addresses of their own and come back to it."""

    title = _("My account")
    section: ClassVar[str] = "account"

    @property
    def user(self) -> User:
        """The person of the request; nobody else comes this far."""
        return self.request.user

    def get_context(self, **extra: Any) -> dict[str, Any]:
        person = {"person": self.user, "picture": picture_url(self.user), "tabs": list_account_tabs(self.section)}
        return {**super().get_context(**person), **extra}

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
