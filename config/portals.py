"""The portals, what they show of the platform, and the screens that each app adds in its `portal` module.

An app's `portal` module ends with lists of addresses: `urlpatterns_garage`, `urlpatterns_distributor`,
`urlpatterns_public`, or `urlpatterns` for addresses outside the portals. It is found by its name; nothing is listed here.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from types import ModuleType
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.pages import PortalHomeView
from apps.core.portal.providers import Place, providers
from apps.core.portal.registry import Portal, register_portal
from apps.platform.accounts.pictures import own_picture_url
from apps.platform.audit.history import list_changes
from apps.platform.audit.looking import note_export, note_view
from apps.platform.audit.selectors import timeline
from apps.platform.audit.services import record
from apps.platform.audit.texts import register
from apps.platform.notifications.selectors import count_unread
from apps.platform.organizations.roles import role_label
from apps.platform.organizations.selectors import known_memberships
from apps.platform.organizations.services import build_actor
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
    places: dict[tuple[UUID, UUID | None], Place] = {}
    rows: list[Any] = known_memberships(request.user)
    for row in rows:
        if row.branch is not None:
            options: list[tuple[UUID | None, str]] = [(row.branch_id, row.branch.name)]
        else:
            options = [(None, ""), *((UUID(branch["id"]), branch["name"]) for branch in row.open_branches)]
        for branch_id, name in options:
            places.setdefault((row.organization_id, branch_id), _place(row, branch_id, name))
    return sorted(places.values(), key=lambda place: (place.organization, place.branch))


def _place(row: Any, branch_id: UUID | None, branch: str) -> Place:
    company = row.organization
    return Place(
        id=company.pk,
        organization=company.name,
        kinds=frozenset(company.kinds),
        branch_id=branch_id,
        branch=branch,
        role=role_label(row.role),
        currency=company.currency,
    )


def act_in(request: HttpRequest, organization_id: UUID | None) -> Actor:
    """The person of the request, acting in another company than the chosen one (platform staff)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if organization_id is None or organization_id == actor.organization_id:
        return actor
    return build_actor(
        request.user,
        organization_id=organization_id,
        ip=actor.ip,
        user_agent=actor.user_agent,
        request_id=actor.request_id,
        session_id=actor.session_id,
    )


def note(actor: Actor, action: str, row: Model, fields: Sequence[str]) -> None:
    """Writes what staff changed by hand into the audit log."""
    record(actor, action, row, data={"fields": ", ".join(fields)})


register("staff.added", _("Added by staff"), icon="plus")
register("staff.changed", _("Changed by staff: %(fields)s"), icon="pencil")
register("staff.deleted", _("Deleted by staff"), icon="trash-2")
providers.places = list_places
providers.act_in = act_in
providers.note = note
providers.unread_count = count_unread
providers.picture = own_picture_url
providers.timeline = timeline
providers.viewed = note_view
providers.exported = note_export
providers.changes = list_changes
providers.live_numbers = lambda topics: live_numbers(*topics)
urlpatterns = collect()
