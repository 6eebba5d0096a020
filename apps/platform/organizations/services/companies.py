"""Companies: made by platform staff, changed by their owners."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from apps.core.actor import Actor, ActorKind
from apps.core.db import lock_row, translate_violations
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.text import clean_text, strip_accents
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.files.services import store_image
from apps.platform.organizations.checks import check_bank_complete, check_kinds, clean_profile
from apps.platform.organizations.errors import OrganizationCodeTaken
from apps.platform.organizations.events import OrganizationChanged, OrganizationCreated
from apps.platform.organizations.models import Organization
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.selectors import get_own_organization
from apps.platform.organizations.sharing import SHARING, sharing_of

_VIOLATIONS: Mapping[str, Callable[[], Exception]] = {
    "organizations_organization_code_key": lambda: OrganizationCodeTaken(field="code"),
    "organizations_organization_slug_key": lambda: OrganizationCodeTaken(field="slug"),
}


@transaction.atomic
def create_organization(
    actor: Actor,
    *,
    name: str,
    kinds: list[str],
    code: str,
    slug: str = "",
    country: str = "VN",
    currency: str = "VND",
    **profile: Any,
) -> Organization:
    """A new company, for platform staff and the platform itself. `slug` (from the name by default) is its public address.

    Raises NotAllowed for others, BadInput, OrganizationCodeTaken.
    """
    if not (actor.is_platform_staff or actor.kind == ActorKind.SYSTEM):
        raise NotAllowed
    check_kinds(kinds)
    organization = Organization(
        kinds=kinds,
        code=clean_text(code).upper(),
        slug=slug or slugify(strip_accents(name)),
        country=country,
        currency=currency,
        **clean_profile({"name": name, **profile}, country),
    )
    check_bank_complete(organization)
    with translate_violations(_VIOLATIONS):
        organization.save(force_insert=True)
    record(actor, "organization.created", organization, data={"kinds": kinds})
    publish(actor, OrganizationCreated(subject_id=organization.pk, organization_id=organization.pk, kinds=list(kinds)))
    return organization


@transaction.atomic
def update_organization(
    actor: Actor,
    *,
    version: int | None = None,
    logo: Any = None,
    requires_second_factor: bool | None = None,
    **profile: Any,
) -> Organization:
    """Changes the given fields of the profile of the actor's own company, and its logo when there is an upload.

    The logo is written anew from its pixels. Raises NotAllowed, StaleWrite, BadInput (also for what is no picture).
    """
    actor.require(SETTINGS_EDIT)
    organization = lock_own(actor)
    organization.check_version(version)
    changed: dict[str, Any] = {
        name: value
        for name, value in clean_profile(profile, organization.country).items()
        if value != getattr(organization, name)
    }
    if requires_second_factor is not None and requires_second_factor != organization.requires_second_factor:
        changed["requires_second_factor"] = requires_second_factor
    old = {name: getattr(organization, name) for name in changed}
    for name, value in changed.items():
        setattr(organization, name, value)
    check_bank_complete(organization)
    fields = sorted(changed)
    if logo:
        organization.logo = store_image(actor, logo, is_public=True).file.name
        fields.append("logo")
    if fields:
        _save(actor, organization, fields, old=old, new=changed)
    return organization


@transaction.atomic
def update_branch_sharing(actor: Actor, *, version: int | None = None, **shared: bool) -> Organization:
    """What members of one branch see of the others: `stock`, `prices`, `sales`, each yes or no.

    Raises NotAllowed, StaleWrite, BadInput for other names.
    """
    actor.require(SETTINGS_EDIT)
    unknown = set(shared) - set(SHARING)
    if unknown:
        raise BadInput(field=min(unknown))
    organization = lock_own(actor)
    organization.check_version(version)
    old = sharing_of(organization)
    new = {**old, **{name: bool(value) for name, value in shared.items()}}
    if new != old:
        organization.branch_sharing = new
        _save(actor, organization, ["branch_sharing"], old=old, new=new)
    return organization


@transaction.atomic
def set_organization_status(actor: Actor, *, organization_id: UUID, status: str) -> Organization:
    """Suspends a company or opens it again; for platform staff. Its members are out, or in, on their next request."""
    if not actor.is_platform_staff:
        raise NotAllowed
    organization = Organization.objects.select_for_update(of=("self",)).filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    old = organization.status
    organization.status = Organization.Status(status)
    organization.save_changes("status")
    record(actor, f"organization.{organization.status}", organization, old={"status": old}, new={"status": status})
    publish(actor, OrganizationChanged(subject_id=organization.pk, organization_id=organization.pk, fields=["status"]))
    return organization


def lock_own(actor: Actor) -> Organization:
    """The actor's company, locked; raises NotFound for an actor without one."""
    return lock_row(get_own_organization(actor))


def _save(
    actor: Actor,
    organization: Organization,
    fields: list[str],
    *,
    old: dict[str, Any],
    new: dict[str, Any],
) -> None:
    organization.save_changes(*fields)
    record(actor, "organization.changed", organization, old=old, new=new, data={"fields": fields})
    publish(actor, OrganizationChanged(subject_id=organization.pk, organization_id=organization.pk, fields=fields))
