"""A new company, step by step: begun by anybody with an account, left and resumed at will, usable at the end."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.core.errors import BadInput, NotFound
from apps.core.text import clean_text, strip_accents
from apps.platform.accounts.models import User
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.checks import check_kinds, clean_profile
from apps.platform.organizations.errors import SetupUnfinished, TooManyCompanies
from apps.platform.organizations.events import MembershipChanged, OrganizationChanged, OrganizationCreated
from apps.platform.organizations.first_data import FirstChoices, list_first_data
from apps.platform.organizations.models import Branch, Membership, Organization, Role
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.selectors import find_unfinished
from apps.platform.organizations.services.branches import add_branch, update_branch
from apps.platform.organizations.services.companies import lock_own
from apps.platform.organizations.services.roles import load_dealer_roles

STEPS = ("branch", "money", "team", "data")
MOST_COMPANIES = 5
COUNTRIES: dict[str, dict[str, str]] = {
    "VN": {"currency": "VND", "timezone": "Asia/Ho_Chi_Minh", "language": "vi"},
    "IN": {"currency": "INR", "timezone": "Asia/Kolkata", "language": "en"},
}


@transaction.atomic
def begin_company(actor: Actor, *, name: str, kinds: list[str], country: str = "VN", phone: str = "") -> Organization:
    """A new company whose owner is the actor; it is open to its owner at once and to the public when set up.

    Raises NotAllowed for nobody, SetupUnfinished while another one waits to be finished, TooManyCompanies, BadInput.
    """
    owner = User.objects.select_for_update().get(pk=actor.require_user())
    if find_unfinished(owner.pk) is not None:
        raise SetupUnfinished
    own = Membership.objects.filter(user=owner, role__organization__isnull=True, role__code="owner")
    if own.values("organization_id").distinct().count() >= MOST_COMPANIES:
        raise TooManyCompanies
    if country not in COUNTRIES:
        raise BadInput(field="country")
    check_kinds(kinds)
    values = {**COUNTRIES[country], "country": country, "kinds": kinds, "setup_step": STEPS[0]}
    values |= clean_profile({"name": name, "phone": phone}, country)
    organization = Organization.objects.create(**_free_names(str(values["name"])), **values)
    role = Role.objects.get(organization=None, code="owner")
    Membership.objects.create(user=owner, organization=organization, role=role)
    record(actor, "organization.created", organization, data={"kinds": kinds}, label=organization.name)
    where = {"organization_id": organization.pk}
    publish(actor, OrganizationCreated(subject_id=organization.pk, kinds=list(kinds), **where))
    publish(actor, MembershipChanged(subject_id=owner.pk, role=role.code, **where))
    return organization


@transaction.atomic
def save_first_branch(actor: Actor, *, name: str, **details: Any) -> Branch:
    """The first branch, made or corrected. Raises what `add_branch` raises, and NotFound once the set-up is over."""
    organization = _lock_unfinished(actor)
    branch = Branch.objects.filter(organization=organization).order_by("created_at", "pk").first()
    if branch is None:
        return add_branch(actor, code="CN1", name=name, **details)
    return update_branch(actor, branch, name=name, **details)


@transaction.atomic
def advance_setup(actor: Actor, *, done: str) -> Organization:
    """Notes that the step `done` is behind; the set-up resumes at the next one. Going back loses nothing."""
    organization = _lock_unfinished(actor)
    if done not in STEPS[:-1]:
        raise BadInput(field="step")
    position = max(STEPS.index(done) + 1, STEPS.index(organization.setup_step))
    if organization.setup_step != STEPS[position]:
        organization.setup_step = STEPS[position]
        organization.save_changes("setup_step")
    return organization


@transaction.atomic
def finish_setup(actor: Actor, *, bays: int = 2, with_samples: bool = True) -> Organization:
    """Fills in what a company of these kinds starts with and opens it. Raises BadInput without a branch, NotFound twice."""
    organization = _lock_unfinished(actor)
    branch = Branch.objects.filter(organization=organization).order_by("created_at", "pk").first()
    if branch is None:
        raise BadInput(_("Tell us about your first branch before."), field="bays")
    if Organization.Kind.GARAGE in organization.kinds:
        load_dealer_roles(actor)
    choices = FirstChoices(bays=bays, with_samples=with_samples)
    for entry in list_first_data(organization):
        entry.fill(actor, branch, choices)
    organization = lock_row(organization)
    organization.setup_step, organization.onboarded_at = "", now()
    organization.save_changes("setup_step", "onboarded_at")
    record(actor, "organization.set_up", organization)
    publish(
        actor,
        OrganizationChanged(subject_id=organization.pk, organization_id=organization.pk, fields=["onboarded_at"]),
    )
    return organization


def _lock_unfinished(actor: Actor) -> Organization:
    actor.require(SETTINGS_EDIT)
    organization = lock_own(actor)
    if not organization.setup_step:
        raise NotFound
    return organization


def _free_names(name: str) -> dict[str, str]:
    """A code and an address name that nobody has, made of the name."""
    plain = strip_accents(clean_text(name))
    slug = slugify(plain)[:50] or "company"
    letters = "".join(word[0] for word in slug.split("-") if word).upper()[:6] or "C"
    slugs = set(Organization.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    codes = set(Organization.objects.filter(code__startswith=letters).values_list("code", flat=True))
    return {"slug": _first_free(slug, slugs, "-"), "code": _first_free(letters, codes, "")}


def _first_free(base: str, taken: set[str], joint: str) -> str:
    candidates = (base, *(f"{base}{joint}{number}" for number in range(2, len(taken) + 3)))
    return next(text for text in candidates if text not in taken)
