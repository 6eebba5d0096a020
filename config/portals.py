"""The portals, what they show of the platform, and the screens that each app adds in its `portal` module.

An app's `portal` module ends with lists of addresses: `urlpatterns_garage`, `urlpatterns_distributor`,
`urlpatterns_public`, or `urlpatterns` for addresses outside the portals. It is found by its name; nothing is listed here.
"""

from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from types import ModuleType

from django.apps import apps
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from apps.core.portal.pages import PortalHomeView
from apps.core.portal.providers import Place, providers
from apps.core.portal.registry import Portal, register_portal
from apps.platform.audit.selectors import timeline
from apps.platform.notifications.selectors import count_unread
from apps.platform.organizations.models import Branch, Membership
from apps.platform.organizations.selectors import list_memberships
from apps.platform.realtime.selectors import live_numbers

SHARED = "apps.core.portal.urls"
Addresses = list[URLPattern | URLResolver]

GARAGE = register_portal(
    Portal("garage", _("Garage"), "garage:home", kinds=frozenset({"garage"}), icon="wrench"),
)
DISTRIBUTOR = register_portal(
    Portal("distributor", _("Distributor"), "distributor:home", kinds=frozenset({"distributor"}), icon="warehouse"),
)
PUBLIC = register_portal(
    Portal("public", "Baylink", "public:home", layout="layouts/site.html", requires_login=False),
)


def find_modules() -> list[ModuleType]:
    """The `portal` modules of all apps, lowest layer first."""
    names = [
        f"{config.name}.portal"
        for config in apps.get_app_configs()
        if config.name.startswith("apps.") and config.label != "core"
    ]
    return [import_module(name) for name in names if find_spec(name) is not None]


def collect() -> Addresses:
    """The addresses of all portals, each in its namespace."""
    modules = find_modules()

    def of(attribute: str) -> Addresses:
        return list(chain.from_iterable(getattr(module, attribute, []) for module in modules))

    home = PortalHomeView.path("", "home")
    return [
        path("", include(SHARED)),
        path("garage/", include(([*of("urlpatterns_garage"), home], "garage"))),
        path("distributor/", include(([*of("urlpatterns_distributor"), home], "distributor"))),
        *of("urlpatterns"),
        path("", include((of("urlpatterns_public"), "public"))),
    ]


def list_places(request: HttpRequest) -> list[Place]:
    """The companies and branches in which the person who asks may act."""
    if not request.user.is_authenticated:
        return []
    memberships = list_memberships(request.user)
    everywhere = [row for row in memberships if row.branch_id is None]
    branches: dict[object, list[Branch]] = {}
    for branch in Branch.objects.filter(
        organization_id__in={row.organization_id for row in everywhere}, is_active=True
    ).order_by("name"):
        branches.setdefault(branch.organization_id, []).append(branch)
    places: dict[tuple[object, object], Place] = {}
    for row in memberships:
        options = [row.branch] if row.branch_id else [None, *branches.get(row.organization_id, [])]
        for branch in options:
            key = (row.organization_id, branch.pk if branch else None)
            places.setdefault(key, _place(row, branch))
    return sorted(places.values(), key=lambda place: (place.organization, place.branch))


def _place(row: Membership, branch: Branch | None) -> Place:
    company = row.organization
    return Place(
        id=company.pk,
        organization=company.name,
        kinds=frozenset(company.kinds),
        branch_id=branch.pk if branch else None,
        branch=branch.name if branch else "",
        role=row.role.name,
        currency=company.currency,
    )


providers.places = list_places
providers.unread_count = count_unread
providers.timeline = timeline
providers.live_numbers = lambda topics: live_numbers(*topics)
urlpatterns = collect()
