"""Terms of use and privacy notice: what people agree to, for everybody to read."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.portal.views import PortalView
from apps.platform.accounts.consents import VERSIONS
from apps.platform.accounts.models import Consent
from apps.platform.system.settings import get_setting

WRITTEN_IN = ("vi", "en")
TEXTS = (Consent.Kind.TERMS.value, Consent.Kind.PRIVACY.value)


class LegalView(PortalView):
    """One text (`kind` comes from the address), written out in each language."""

    portal = "public"
    is_public = True
    template_name = "accounts/legal/page.html"

    @property
    def kind(self) -> str:
        return str(self.kwargs["kind"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw(self.get_context())

    def get_title(self) -> Any:
        return _("Terms of use") if self.kind == Consent.Kind.TERMS else _("Privacy notice")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        language = (get_language() or "").partition("-")[0]
        spoken = language if language in WRITTEN_IN else WRITTEN_IN[0]
        version = VERSIONS[self.kind]
        return super().get_context(
            text=f"accounts/legal/{self.kind}_{spoken}.html",
            version=version,
            in_force=date.fromisoformat(version),
            operator=describe_operator(),
            **extra,
        )


def find_text(kind: str, version: str) -> str:
    """Where the wording `version` of `kind` can be read; empty for wordings that no longer hold and for news."""
    return reverse(kind) if kind in TEXTS and VERSIONS[kind] == version else ""


def describe_operator() -> dict[str, str]:
    """Who runs the site, as platform staff have set it; what is not set is left out of the texts."""
    return {
        "name": get_setting("legal.operator_name") or get_setting("site.name"),
        "address": get_setting("legal.operator_address"),
        "tax_code": get_setting("legal.operator_tax_code"),
        "email": get_setting("legal.privacy_email") or get_setting("site.support_email"),
        "phone": get_setting("site.support_phone"),
    }


urlpatterns = [path(f"{kind}/", LegalView.as_view(), {"kind": kind}, name=kind) for kind in TEXTS]
