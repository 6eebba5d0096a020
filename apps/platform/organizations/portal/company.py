"""The company's own settings: profile, bank account, logo."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.portal.forms import FormScreen
from apps.platform.organizations import selectors, services
from apps.platform.organizations.forms import CompanyForm
from apps.platform.organizations.models import Organization
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.portal.tabs import SettingsPage


class CompanySettings(SettingsPage, FormScreen):
    permission = SETTINGS_EDIT
    title = _("Company settings")
    form_class = CompanyForm

    def get_organization(self) -> Organization:
        return selectors.get_own_organization(self.actor)

    def get_initial(self) -> Mapping[str, Any]:
        organization = self.get_organization()
        return {name: getattr(organization, name) for name in self.form_class.base_fields if name != "logo"}

    def get_version(self) -> int:
        return self.get_organization().version

    def save(self, data: Mapping[str, Any]) -> Organization:
        return services.update_organization(self.actor, version=self.version, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:settings")


def build_urls(key: str) -> list[URLPattern]:
    """The settings of the company in the portal `key`."""
    company = type("Company", (CompanySettings,), {"portal": key})
    return [company.path("settings/", "settings")]
