"""A company's own roles: who may make and change them, and how far."""

import pytest

from apps.core.errors import BadInput, NotAllowed, NotFound, StaleWrite
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.organizations.errors import LastOwner, RightsExceeded, RoleInUse, RoleNameTaken, SystemRoleFixed
from apps.platform.organizations.models import Membership, Role
from apps.platform.organizations.selectors import list_giveable_roles, list_roles
from apps.platform.organizations.services import (
    build_actor,
    change_member,
    copy_role,
    create_role,
    delete_role,
    load_dealer_roles,
    role_version,
    save_matrix,
    update_role,
)
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role
from tests.support.api import api_client
from tests.support.portal import browser_of as client_of

pytestmark = pytest.mark.django_db


def deputy_of(organization, *permissions: str, branch=None):
    """A member with just these rights, by a role of the company."""
    own = Role.objects.create(organization=organization, code="deputy", name="Phó", permissions=list(permissions))
    membership = MembershipFactory(organization=organization, role=own, branch=branch)
    return build_actor(membership.user, organization_id=organization.pk)


def test_owner_makes_a_role_and_its_members_get_the_rights_at_once() -> None:
    owner = actor_for("owner")
    made = create_role(owner, name=" Lễ tân ", permissions=["customer.view", "appointment.*", "appointment.view"])
    assert (made.code, made.name, made.permissions) == ("le_tan", "Lễ tân", ["customer.view", "appointment.*"])
    assert made.organization_id == owner.organization_id
    member = MembershipFactory(organization_id=owner.organization_id, role=made)
    assert build_actor(member.user).can("appointment.cancel")
    update_role(owner, made, permissions=["customer.view"])
    assert not build_actor(member.user).can("appointment.cancel")
    entry = AuditLog.objects.get(action="role.changed")
    assert entry.old_values == {"permissions": ["customer.view", "appointment.*"]}
    assert entry.new_values == {"permissions": ["customer.view"]}
    assert OutboxEvent.objects.filter(name="membership.changed", subject_id=member.user_id).count() == 1


@pytest.mark.parametrize("code", ["manager", "advisor", "technician"])
def test_roles_are_the_owners(code: str) -> None:
    actor = actor_for(code)
    own = Role.objects.create(organization_id=actor.organization_id, code="own", name="Own", permissions=[])
    for attempt in (
        lambda: create_role(actor, name="X", permissions=[]),
        lambda: copy_role(actor, role("technician")),
        lambda: update_role(actor, own, name="Mine"),
        lambda: delete_role(actor, own),
        lambda: save_matrix(actor, rights={own.pk: []}, seen={}),
        lambda: load_dealer_roles(actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert list(Role.objects.exclude(organization=None).values_list("name", flat=True)) == ["Own"]


def test_nobody_gives_or_takes_rights_that_they_do_not_have() -> None:
    organization = OrganizationFactory()
    deputy = deputy_of(organization, "role.edit", "staff.*", "customer.*", "task.view")
    strong = Role.objects.create(organization=organization, code="s", name="Strong", permissions=["invoice.*"])
    for rights in (["*"], ["invoice.view"], ["task.*"], ["settings.edit"]):
        with pytest.raises(RightsExceeded):
            create_role(deputy, name="Climber", permissions=rights)
    own = Role.objects.get(code="deputy")
    for attempt in (
        lambda: update_role(deputy, own, permissions=["*"]),
        lambda: update_role(deputy, strong, permissions=[]),
        lambda: update_role(deputy, strong, name="Weak"),
        lambda: delete_role(deputy, strong),
        lambda: copy_role(deputy, role("owner")),
        lambda: save_matrix(deputy, rights={own.pk: ["invoice.cancel"]}, seen={}),
    ):
        with pytest.raises(RightsExceeded):
            attempt()
    assert not Role.objects.filter(name="Climber").exists()
    strong.refresh_from_db()
    assert (strong.name, strong.permissions) == ("Strong", ["invoice.*"])
    assert create_role(deputy, name="Fine", permissions=["customer.view"]).permissions == ["customer.view"]


def test_rights_in_one_branch_change_no_role() -> None:
    branch = BranchFactory()
    deputy = deputy_of(branch.organization, "role.edit", "customer.*", branch=branch)
    with pytest.raises(RightsExceeded):
        create_role(deputy, name="Everywhere", permissions=["customer.view"])
    assert Role.objects.exclude(organization=None).count() == 1


def test_roles_of_the_system_and_of_others_stay() -> None:
    owner, foreign = (
        actor_for("owner"),
        Role.objects.create(organization=OrganizationFactory(), code="f", name="Foreign", permissions=[]),
    )
    for attempt in (lambda: update_role(owner, role("technician"), name="X"), lambda: delete_role(owner, role("qc"))):
        with pytest.raises(SystemRoleFixed):
            attempt()
    for attempt in (
        lambda: update_role(owner, foreign, name="X"),
        lambda: delete_role(owner, foreign),
        lambda: copy_role(owner, foreign),
        lambda: save_matrix(owner, rights={foreign.pk: []}, seen={}),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert foreign not in list_roles(owner)
    assert not {"platform_admin", "customer", "cart_device"} & {row.code for row in list_giveable_roles(owner)}


def test_copy_has_the_same_rights_and_another_name() -> None:
    owner = actor_for("owner")
    copied = copy_role(owner, role("technician"))
    assert copied.name == "Kỹ thuật viên (bản sao)"
    assert set(copied.permissions) == set(role("technician").permissions)
    assert copy_role(owner, copied, name="Thợ phụ").permissions == copied.permissions
    with pytest.raises(RoleNameTaken):
        copy_role(owner, copied, name="thợ PHỤ")


def test_wrong_input_makes_no_role() -> None:
    owner = actor_for("owner")
    for values, field in (({"name": " "}, "name"), ({"name": "X", "permissions": ["order.fly"]}, "permissions")):
        with pytest.raises(BadInput) as refusal:
            create_role(owner, **values)
        assert refusal.value.field == field
    assert not Role.objects.exclude(organization=None).exists()


def test_role_in_use_stays() -> None:
    owner = actor_for("owner")
    own = create_role(owner, name="Lễ tân", permissions=["customer.view"])
    member = MembershipFactory(organization_id=owner.organization_id, role=own)
    with pytest.raises(RoleInUse):
        delete_role(owner, own)
    member.delete()
    delete_role(owner, own)
    assert not Role.objects.exclude(organization=None).exists()
    assert AuditLog.objects.get(action="role.deleted").old_values["name"] == "Lễ tân"


def test_last_owner_by_an_own_role_stays() -> None:
    owner = actor_for("owner")
    boss = copy_role(owner, role("owner"), name="Chủ")
    own = Membership.objects.get(user_id=owner.user_id)
    change_member(owner, own, role=boss, branch=None)
    with pytest.raises(LastOwner):
        update_role(owner, boss, permissions=["customer.*"])
    boss.refresh_from_db()
    assert boss.permissions == ["*"]


def test_matrix_is_saved_whole_and_stale_ones_refused() -> None:
    owner = actor_for("owner")
    first = create_role(owner, name="Một", permissions=["task.*", "order.view"])
    second = create_role(owner, name="Hai", permissions=[])
    seen = {row.pk: role_version(row) for row in (first, second)}
    rights = {first.pk: ["task.view", "task.work"], second.pk: ["order.view"]}
    assert save_matrix(owner, rights=rights, seen=seen) != []
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.permissions, second.permissions) == (["task.*"], ["order.view"])
    with pytest.raises(StaleWrite):
        save_matrix(owner, rights={first.pk: [], second.pk: []}, seen=seen)
    second.refresh_from_db()
    assert second.permissions == ["order.view"]


def test_dealer_roles_are_loaded_once() -> None:
    owner = actor_for("owner")
    assert {row.code for row in load_dealer_roles(owner)} == {"service_centre_manager", "engineer", "customer_advisor"}
    assert load_dealer_roles(owner) == []
    manager = Role.objects.get(organization_id=owner.organization_id, code="service_centre_manager")
    assert "staff.*" in manager.permissions
    update_role(owner, manager, permissions=["report.view"])
    assert load_dealer_roles(owner) == []


def test_matrix_page_shows_and_saves(portal: str) -> None:
    owner = actor_for("owner", OrganizationFactory(kinds=[portal]))
    own = create_role(owner, name="Lễ tân", permissions=["customer.view"])
    client = client_of(owner)
    url = f"/{portal}/settings/roles/"
    page = client.get(url).content.decode()
    assert "Lễ tân" in page
    assert "Kỹ thuật viên" in page
    assert f'name="rights-{own.pk}" value="customer.view"' in page
    form = {f"seen-{own.pk}": role_version(own), f"rights-{own.pk}": ["customer.view", "customer.edit"]}
    assert client.post(url, form).status_code == 302
    own.refresh_from_db()
    assert own.permissions == ["customer.view", "customer.edit"]
    assert client.post(url, {**form, f"rights-{own.pk}": []}).status_code == 409
    system = role("technician")
    client.post(url, {f"seen-{system.pk}": "", f"rights-{system.pk}": ["customer.view"]})
    assert role("technician").permissions == system.permissions


def test_role_pages(portal: str) -> None:
    owner = actor_for("owner", OrganizationFactory(kinds=[portal]))
    client = client_of(owner)
    base = f"/{portal}/settings/roles/"
    made = client.post(f"{base}add/", {"name": "Lễ tân", "permissions": ["customer.view", "task.view"]})
    own = Role.objects.get(organization_id=owner.organization_id)
    assert made["Location"] == f"{base}{own.pk}/"
    assert client.get(f"{base}{own.pk}/").status_code == 200
    assert client.get(f"{base}{own.pk}/do/edit/").status_code == 200
    form = {"name": "Tiếp tân", "permissions": ["task.view"], "seen": role_version(own)}
    assert client.post(f"{base}{own.pk}/do/edit/", form).status_code == 302
    own.refresh_from_db()
    assert (own.name, own.permissions) == ("Tiếp tân", ["task.view"])
    assert client.post(f"{base}{role('qc').pk}/do/copy/", {"name": "QC hai"}).status_code == 302
    assert client.post(f"{base}{own.pk}/do/delete/").status_code == 302
    assert list(Role.objects.exclude(organization=None).values_list("name", flat=True)) == ["QC hai"]


def test_pages_of_roles_are_closed_to_others() -> None:
    owner = actor_for("owner")
    foreign = create_role(actor_for("owner"), name="Foreign", permissions=[])
    for path in ("", "do/edit/", "do/copy/"):
        assert client_of(owner).get(f"/garage/settings/roles/{foreign.pk}/{path}").status_code == 404
    assert client_of(owner).post(f"/garage/settings/roles/{foreign.pk}/do/delete/").status_code == 404
    manager = client_of(actor_for("manager"))
    for path in ("", "add/", f"{role('qc').pk}/"):
        assert manager.get(f"/garage/settings/roles/{path}").status_code == 403
    assert Role.objects.filter(pk=foreign.pk).exists()


def test_roles_over_rest() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    made = client.post("/api/v1/roles", {"name": "Lễ tân", "permissions": ["customer.view"]}, format="json")
    assert made.status_code == 201, made.json()
    url = f"/api/v1/roles/{made.json()['data']['id']}"
    body = {"name": "Tiếp tân", "permissions": ["task.*"], "requiresSecondFactor": True}
    changed = client.put(url, body, format="json")
    assert changed.json()["data"]["permissions"] == ["task.*"]
    listed = client.get("/api/v1/roles", {"limit": 100}).json()["data"]
    assert [row["name"] for row in listed if not row["isSystem"]] == ["Tiếp tân"]
    assert client.put(f"/api/v1/roles/{role('qc').pk}", body, format="json").status_code == 403
    assert client.put(f"/api/v1/roles/{role('qc').pk}/copy", {}, format="json").status_code == 200
    assert client.delete(url).status_code == 204
    areas = client.get("/api/v1/roles/rights").json()["data"]
    rights = {right["code"]: right["label"] for area in areas for right in area["rights"]}
    assert rights["role.edit"] == "Sửa vai trò"


def test_rest_refuses_escalation_and_strangers() -> None:
    organization = OrganizationFactory()
    deputy = deputy_of(organization, "role.edit", "staff.view")
    body = {"name": "Climber", "permissions": ["*"]}
    assert api_client(actor=deputy).post("/api/v1/roles", body, format="json").status_code == 403
    assert api_client().get("/api/v1/roles").status_code == 401
    assert api_client(UserFactory()).get("/api/v1/roles").status_code == 403
    manager = api_client(actor=actor_for("manager"))
    own = Role.objects.get(code="deputy")
    assert manager.get(f"/api/v1/roles/{own.pk}").status_code == 404
    assert manager.post("/api/v1/roles", body, format="json").status_code == 403
    assert Role.objects.exclude(organization=None).count() == 1
