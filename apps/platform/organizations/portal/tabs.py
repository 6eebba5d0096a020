"""The company's own pages of the settings, one tab each."""

from django.utils.translation import gettext_lazy as _

from apps.core.portal.settings_tabs import SettingsTabs, register_settings_tab
from apps.platform.organizations.permissions import ROLE_EDIT, SETTINGS_EDIT

register_settings_tab(label=_("Company"), name="settings", permission=SETTINGS_EDIT, order=10)
register_settings_tab(label=_("Branches"), name="branches", permission=SETTINGS_EDIT, order=20)
register_settings_tab(label=_("Roles"), name="roles", permission=ROLE_EDIT, order=30)
register_settings_tab(label=_("Between branches"), name="settings-sharing", permission=SETTINGS_EDIT, order=40)


class SettingsPage(SettingsTabs):
    """Mixed into the screens of the settings: puts the tabs on top."""

    template_name = "organizations/settings/form.html"
