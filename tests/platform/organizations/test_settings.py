"""Settings of a company: branches with hours and manager, what branches see of each other, the second factor."""

from decimal import Decimal

import pytest

from apps.core.errors import BadInput, BusinessError, NotAllowed, StaleWrite
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.services import add_branch, update_branch, update_branch_sharing, update_organization
from apps.platform.organizations.sharing import branch_reach, sharing_of
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
HOURS = {f"opening_hours-{day}": "8:00-12:00, 13:00-17:30" if day < 6 else "" for day in range(7)}


def test_branch_has_kind_manager_hours_and_place() -> None:
    owner = actor_for("owner")
    manager = MembershipFactory(organization_id=owner.organization_id, role=role("manager")).user
    branch = add_branch(
        owner,
        code="td",
        name="Thủ Đức",
        kind="depot",
        manager=manager,
        opening_hours={"0": [["08:00", "12:00"]], "6": []},
        latitude="10.8512345",
        longitude=106,
    )
    branch.refresh_from_db()
    assert (branch.kind, branch.manager, branch.opening_hours) == ("depot", manager, {"0": [["08:00", "12:00"]]})
    assert (branch.latitude, branch.longitude) == (Decimal("10.851234"), Decimal("106.000000"))
    update_branch(owner, branch, manager=None)
    assert AuditLog.objects.get(action="branch.changed").old_values == {"manager": manager.full_name}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"opening_hours": {"7": [["08:00", "12:00"]]}}, "opening_hours"),
        ({"opening_hours": {"0": [["12:00", "08:00"]]}}, "opening_hours"),
        ({"opening_hours": {"0": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "opening_hours"),
        ({"opening_hours": {"0": [["25:00", "26:00"]]}}, "opening_hours"),
        ({"opening_hours": [1]}, "opening_hours"),
        ({"latitude": 91}, "latitude"),
        ({"longitude": "east"}, "longitude"),
        ({"organization": None}, "organization"),
    ],
)
def test_wrong_details_make_no_branch(change: dict, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        add_branch(actor_for("owner"), code="X", name="X", **change)
    assert refusal.value.field == field
    assert not Branch.objects.exists()


def test_code_of_a_branch_is_unique_in_its_company() -> None:
    owner = actor_for("owner")
    add_branch(owner, code="CN1", name="Một")
    with pytest.raises(BusinessError) as refusal:
        add_branch(owner, code="CN1", name="Hai")
    assert refusal.value.field == "code"
    assert Branch.objects.get().name == "Một"
    add_branch(actor_for("owner"), code="CN1", name="Của người khác")


def test_manager_works_in_the_company() -> None:
    owner = actor_for("owner")
    for stranger in (UserFactory(), MembershipFactory().user):
        with pytest.raises(BadInput):
            add_branch(owner, code="X", name="X", manager=stranger)
    assert not Branch.objects.exists()


def test_branches_see_stock_of_each_other_by_default() -> None:
    branch = BranchFactory()
    owner, member = actor_for("owner", branch.organization), actor_for("store_keeper", branch=branch)
    own = frozenset({branch.pk})
    assert sharing_of(branch.organization) == {"stock": True, "prices": False, "sales": False}
    assert [branch_reach(member, what) for what in ("stock", "prices", "sales")] == [None, own, own]
    update_branch_sharing(owner, stock=False, sales=True)
    assert [branch_reach(member, what) for what in ("stock", "prices", "sales")] == [own, own, None]
    assert branch_reach(owner, "stock") is None
    entry = AuditLog.objects.get(action="organization.changed")
    assert entry.new_values == {"stock": False, "prices": False, "sales": True}
    with pytest.raises(BadInput):
        update_branch_sharing(owner, salaries=True)
    with pytest.raises(NotAllowed):
        update_branch_sharing(actor_for("manager", branch.organization), prices=True)
    with pytest.raises(StaleWrite):
        update_branch_sharing(owner, version=1, prices=True)
    branch.organization.refresh_from_db()
    assert sharing_of(branch.organization)["prices"] is False


def test_second_factor_is_asked_of_everybody() -> None:
    owner = actor_for("owner")
    assert update_organization(owner, requires_second_factor=True).requires_second_factor
    assert AuditLog.objects.get().new_values == {"requires_second_factor": True}


def test_pages(portal: str) -> None:
    owner = actor_for("owner", OrganizationFactory(kinds=[portal]))
    client, base = browser_of(owner), f"/{portal}/settings/"
    form = {"code": "td", "name": "Thủ Đức", "kind": "shop", "is_active": "on", "latitude": "10.85", **HOURS}
    assert client.get(f"{base}branches/add/").status_code == 200
    wrong = client.post(f"{base}branches/add/", {**form, "opening_hours-0": "morning"})
    assert wrong.status_code == 422
    assert "morning" in wrong.content.decode()
    made = client.post(f"{base}branches/add/", form)
    branch = Branch.objects.get()
    assert made["Location"] == f"{base}branches/{branch.pk}/"
    assert branch.opening_hours["5"] == [["08:00", "12:00"], ["13:00", "17:30"]]
    assert "08:00–12:00, 13:00–17:30" in client.get(made["Location"]).content.decode()
    assert client.get(f"{base}branches/{branch.pk}/do/change/").status_code == 200
    client.post(f"{base}branches/{branch.pk}/do/change/", {**form, "name": "Thủ Đức 2", "is_active": ""})
    branch.refresh_from_db()
    assert (branch.name, branch.is_active) == ("Thủ Đức 2", False)
    assert "Thủ Đức 2" in client.get(f"{base}branches/").content.decode()
    assert client.get(f"{base}sharing/").status_code == 200
    assert client.post(f"{base}sharing/", {"sales": "on", "version": "1"}).status_code == 302
    company = Organization.objects.get()
    assert sharing_of(company) == {"stock": False, "prices": False, "sales": True}
    assert client.post(f"{base}sharing/", {"version": "1"}).status_code == 409


def test_pages_are_closed_to_others(portal: str) -> None:
    foreign = BranchFactory(organization__kinds=[portal])
    owner = browser_of(actor_for("owner", OrganizationFactory(kinds=[portal])))
    for path in ("", "do/change/"):
        assert owner.get(f"/{portal}/settings/branches/{foreign.pk}/{path}").status_code == 404
    manager = browser_of(actor_for("manager", foreign.organization))
    for path in ("branches/", "branches/add/", f"branches/{foreign.pk}/", "sharing/"):
        assert manager.get(f"/{portal}/settings/{path}").status_code == 403
        assert manager.post(f"/{portal}/settings/{path}", {}).status_code in (403, 405)
