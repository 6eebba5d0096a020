"""The portal screens of companies: staff, settings, roles. The same in each portal for a company's people."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apps.core.portal.registry import register_nav
from apps.platform.organizations.permissions import ROLE_EDIT, SETTINGS_EDIT, STAFF_VIEW
from apps.platform.organizations.portal import branches, company, invitations, roles, staff, start
from apps.platform.organizations.portal.join import JoinView
from apps.platform.organizations.portal.logo import show_logo

__all__ = ["urlpatterns", "urlpatterns_distributor", "urlpatterns_garage"]
SCREENS = (invitations, staff, branches, company, roles)
NAVIGATION = (
    (_("Staff"), "staff", "users", STAFF_VIEW, 90),
    (_("Roles"), "roles", "shield-check", ROLE_EDIT, 94),
    (_("Settings"), "settings", "settings", SETTINGS_EDIT, 95),
)


def build_urls(key: str) -> list[URLPattern]:
    """The addresses of the portal `key`."""
    return [url for screens in SCREENS for url in screens.build_urls(key)]


def add_to_navigation(key: str) -> None:
    """The company's own pages at the end of the rail of the portal `key`."""
    for label, name, icon, permission, order in NAVIGATION:
        register_nav(
            portal=key,
            group=_("Company"),
            label=label,
            url_name=f"{key}:{name}",
            icon=icon,
            permission=permission,
            order=order,
        )


urlpatterns = [
    path("logos/<slug:slug>", show_logo, name="organization-logo"),
    path("join/<str:token>/", JoinView.as_view(), name="join"),
    *start.urlpatterns,
]
urlpatterns_garage = build_urls("garage")
urlpatterns_distributor = build_urls("distributor")
for portal_key in ("garage", "distributor"):
    add_to_navigation(portal_key)
