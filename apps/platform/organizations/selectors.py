"""Reads of companies, branches, roles and memberships."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject, Lower
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.core.text import search_key
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.organizations.roles import NOT_GIVEABLE, is_giveable
from apps.platform.organizations.rules import covers, grants


def list_memberships(user: User) -> "list[Membership]":
    """The memberships of `user` that hold today, in active companies and branches, with company, branch and role.

    `open_branches` of each: the active branches of the company as `{"id", "name"}`, by name.
    """
    branches = Branch.objects.filter(organization=OuterRef("organization"), is_active=True).order_by("name", "pk")
    rows = (
        Membership.objects.active()
        .of_active_companies()
        .filter(user=user)
        .select_related("organization", "branch", "role")
        .annotate(open_branches=ArraySubquery(branches.values(found=JSONObject(id="id", name="name"))))
        .order_by("organization__name", "branch__name", "pk")
    )
    found: list[Membership] = list(rows)
    user.known_memberships = found  # type: ignore[attr-defined]
    return found


def known_memberships(user: User) -> "list[Membership]":
    """The same, as they were last read for this very object: who acts is known before the page is drawn."""
    known: list[Membership] | None = getattr(user, "known_memberships", None)
    return list_memberships(user) if known is None else known


def users_with_permission(organization_id: UUID, permission: str, *, branch_id: UUID | None = None) -> list[User]:
    """The active people of a company who hold `permission`; with `branch_id` those who hold it in that branch."""
    rows = (
        Membership.objects.active()
        .of_active_companies()
        .filter(organization_id=organization_id, user__is_active=True)
        .select_related("user", "role")
        .order_by("user__created_at", "pk")
    )
    if branch_id is not None:
        rows = rows.filter(Q(branch__isnull=True) | Q(branch_id=branch_id))
    people = {row.user_id: row.user for row in rows if grants(row.role.permissions, permission)}
    return list(people.values())


def list_garages() -> QuerySet[Organization]:
    """The garages that the public may book at, each with its open branches (`open_branches`)."""
    branches = Prefetch("branches", Branch.objects.filter(is_active=True).order_by("name"), to_attr="open_branches")
    return (
        Organization.objects.filter(
            kinds__contains=[Organization.Kind.GARAGE],
            status=Organization.Status.ACTIVE,
            setup_step="",
            branches__is_active=True,
        )
        .distinct()
        .order_by("name", "pk")
        .prefetch_related(branches)
    )


def garage_public(slug: str) -> Organization:
    """One of them by its address name, with `open_branches`. Raises NotFound."""
    garage = list_garages().filter(slug=slug).first()
    if garage is None:
        raise NotFound
    return garage


def get_own_organization(actor: Actor) -> Organization:
    """The company in which the actor acts; raises NotFound for an actor without one."""
    organization = find_organization(actor.organization_id)
    if organization is None:
        raise NotFound
    return organization


def find_organization(organization_id: UUID | None) -> Organization | None:
    """The company, or None."""
    return Organization.objects.filter(pk=organization_id).first() if organization_id else None


def find_by_slug(slug: str) -> Organization | None:
    """The company with this address name, or None."""
    return Organization.objects.filter(slug=slug).first()


def find_branch(branch_id: UUID | None) -> Branch | None:
    """The branch, or None."""
    return Branch.objects.filter(pk=branch_id).first() if branch_id else None


def logo_url(organization: Organization) -> str:
    """The public address of the logo, another one for each version of it; empty without a logo."""
    if not organization.logo:
        return ""
    return f"{reverse('organization-logo', args=[organization.slug])}?v={organization.version}"


def list_branches(actor: Actor) -> QuerySet[Branch]:
    """The open branches that the actor reaches."""
    rows = Branch.objects.visible_to(actor).filter(is_active=True).order_by("name")
    return rows if actor.branch_ids is None else rows.filter(pk__in=actor.branch_ids)


def list_staff(actor: Actor) -> QuerySet[Membership]:
    """The memberships of the actor's company that the actor may see, with person, role and branch."""
    return (
        Membership.objects.visible_to(actor)
        .select_related("user", "role", "branch")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def search_staff(rows: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    """Those whose name, email or phone (as people type it) contains every typed word, accents aside."""
    rows = rows.alias(full=Lower(Unaccent(Concat("user__last_name", Value(" "), "user__first_name"))))
    digits = "".join(char for char in text if char.isdigit()).lstrip("0")
    if len(digits) >= 3:
        return rows.filter(user__phone__contains=digits.removeprefix("84"))
    for word in search_key(text).split():
        rows = rows.filter(Q(full__contains=word) | Q(user__email__icontains=word))
    return rows


def list_giveable_roles(actor: Actor) -> list[Role]:
    """The system roles and the company's own that the actor may give: those with no right beyond the actor's own."""
    rows = Role.objects.filter(Q(organization__isnull=True) | Q(organization_id=actor.organization_id)).order_by("code")
    return [row for row in rows if is_giveable(row) and covers(actor.permissions, row.permissions)]


def list_roles(actor: Actor) -> QuerySet[Role]:
    """The roles that members of the actor's company can have, the system's first, with `people`: how many have each."""
    own = Q(memberships__organization_id=actor.organization_id)
    return (
        Role.objects.visible_to(actor)
        .exclude(organization__isnull=True, code__in=NOT_GIVEABLE)
        .annotate(people=Count("memberships__user", filter=own, distinct=True))
        .order_by(F("organization").asc(nulls_first=True), "created_at", "code")
    )


def list_invitations(actor: Actor) -> QuerySet[Invitation]:
    """The invitations of the actor's company that the actor may see, newest first."""
    rows = Invitation.objects.visible_to(actor).select_related("role", "branch", "invited_by", "organization")
    return rows.order_by("-pk")


def list_all_branches(actor: Actor) -> QuerySet[Branch]:
    """All branches of the actor's company, closed ones too, for its settings."""
    return Branch.objects.visible_to(actor).select_related("manager").order_by("name", "pk")


def list_colleagues(actor: Actor) -> QuerySet[User]:
    """The people who work in the actor's company today."""
    rows = Membership.objects.visible_to(actor).active().values("user_id")
    return User.objects.filter(pk__in=rows, is_active=True).order_by("last_name", "first_name", "pk")


def find_unfinished(user_id: UUID | None) -> Organization | None:
    """The company that this person has begun to set up and not finished, or None."""
    if user_id is None:
        return None
    own = Membership.objects.active().filter(user_id=user_id, role__permissions__contains=["*"])
    rows = Organization.objects.exclude(setup_step="").filter(pk__in=own.values("organization_id"))
    return rows.order_by("-created_at").first()


def describe_hours(branch: Branch) -> list[dict[str, str]]:
    """The opening hours by weekday for people: name of the day and its spans, empty when closed."""
    return [
        {
            "label": capfirst(str(WEEKDAYS[day])),
            "text": ", ".join("–".join(span) for span in branch.opening_hours.get(str(day), [])),
        }
        for day in range(7)
    ]
