"""The three companies with their branches, people, bays and stores, and the platform's administrator."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from apps.demo import fixtures
from apps.demo.world import World
from apps.engines.inventory.models import Warehouse
from apps.engines.scheduling.models import Resource, WorkingHours
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Branch, Membership, Organization, Role

PASSWORD = "baylink-demo"  # noqa: S105 - printed for everybody who looks at a demo
ADMINISTRATOR = "admin@baylink.demo"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROLES = {"accounts": "accountant"}
# Who serves one place; the others see the whole company.
LOCAL_ROLES = {"advisor", "technician", "warehouse"}
Span = tuple[time, time]


@dataclass
class Site:
    """A branch with its store, bays, hours by weekday and people by role."""

    branch: Branch
    warehouse: Warehouse
    hours: list[list[Span]]
    bays: list[Resource] = field(default_factory=list)
    people: dict[str, list[User]] = field(default_factory=dict)
    skills: dict[UUID, list[str]] = field(default_factory=dict)

    def opening(self, day: date) -> list[Span]:
        """When the branch is open on that day; empty on holidays."""
        return [] if day in fixtures.holidays() else self.hours[day.weekday()]

    def person(self, role: str) -> User:
        return self.people[role][0]


@dataclass
class Company:
    organization: Organization
    sites: list[Site]
    staff: dict[str, User]

    @property
    def slug(self) -> str:
        return self.organization.slug

    def site(self, code: str) -> Site:
        return next(site for site in self.sites if site.branch.code == code)


def make_companies(world: World) -> dict[str, Company]:
    """All companies by slug, waiting to be written, and the administrator."""
    password = make_password(PASSWORD)
    roles = {role.code: role for role in Role.objects.filter(organization=None)}
    at = world.beginning
    world.new(
        User,
        email=ADMINISTRATOR,
        phone="+84900000000",
        first_name="Quản trị",
        last_name="Baylink",
        password=password,
        is_staff=True,
        is_superuser=True,
        email_verified_at=at,
        phone_verified_at=at,
    )
    rows = fixtures.read("demo/companies")["companies"]
    return {row["slug"]: _company(world, row, roles, password) for row in rows}


def _company(world: World, row: dict[str, Any], roles: dict[str, Role], password: str) -> Company:
    bank = next(account for account in row["bank_accounts"] if account["is_default"])
    organization = world.new(
        Organization,
        kinds=[row["kind"]],
        name=row["name"],
        legal_name=row["legal_name"],
        code="".join(word[0] for word in row["slug"].split("-")).upper(),
        slug=row["slug"],
        tax_code=row["tax_code"],
        brand_color=row["brand_colour"].lower(),
        phone=row["phone"],
        email=row["email"],
        address=fixtures.address_text(row["branches"][0]["address"]),
        bank_bin=bank["bin"],
        bank_account=bank["account_number"],
        bank_account_name=bank["account_name"],
    )
    sites = [_site(world, organization, branch) for branch in row["branches"]]
    company = Company(organization, sites, {})
    for person in row["staff"]:
        company.staff[person["login"]] = _employ(world, company, person, roles, password)
    return company


def _site(world: World, organization: Organization, row: dict[str, Any]) -> Site:
    address = row["address"]
    branch = world.new(
        Branch,
        organization=organization,
        code=row["code"],
        name=row["name"],
        address=fixtures.address_text(address),
        province=fixtures.provinces()[address["province"]]["name"],
        ward=fixtures.wards()[address["ward"]]["full_name"],
        phone=row["phone"],
        email=row["email"],
        opening_hours={str(number): row["opening_hours"][day] for number, day in enumerate(WEEKDAYS)},
    )
    is_garage = "bays" in row
    warehouse = world.new(
        Warehouse,
        organization=organization,
        branch=branch,
        code=f"K-{row['code']}",
        name=f"Kho {branch.name}" if is_garage else branch.name,
        kind=Warehouse.Kind.SERVICE_CENTRE if is_garage else Warehouse.Kind.CENTRAL,
        address=branch.address,
    )
    hours = [
        [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in row["opening_hours"][day]]
        for day in WEEKDAYS
    ]
    site = Site(branch, warehouse, hours)
    for position, bay in enumerate(row.get("bays", [])):
        site.bays.append(_bay(world, site, position, bay["name"]))
    return site


def _bay(world: World, site: Site, position: int, name: str) -> Resource:
    branch = site.branch
    bay = world.new(
        Resource, organization=branch.organization, branch=branch, kind=Resource.Kind.BAY, name=name, position=position
    )
    for weekday, spans in enumerate(site.hours):
        for start, end in spans:
            world.new(WorkingHours, resource=bay, weekday=weekday, starts_at=start, ends_at=end)
    return bay


def _employ(world: World, company: Company, row: dict[str, Any], roles: dict[str, Role], password: str) -> User:
    user = world.new(
        User,
        email=row["email"],
        phone=row["phone"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        gender=row["gender"],
        password=password,
        email_verified_at=world.beginning,
        phone_verified_at=world.beginning,
    )
    sites = [company.site(code) for code in row["branches"]]
    for site in sites:
        site.people.setdefault(row["role"], []).append(user)
        site.skills[user.pk] = row.get("skills", [])
    is_everywhere = len(sites) == len(company.sites) and row["role"] not in LOCAL_ROLES
    for branch in [None] if is_everywhere else [site.branch for site in sites]:
        world.new(
            Membership,
            user=user,
            organization=company.organization,
            branch=branch,
            role=roles[ROLES.get(row["role"], row["role"])],
            title=row["title_vi"],
            active_from=world.beginning.date(),
        )
    return user
