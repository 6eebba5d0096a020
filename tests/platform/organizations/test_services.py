"""Companies, branches and members: what may be changed, by whom, and what stays as it was."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from apps.core.actor import system_actor
from apps.core.clock import local_date
from apps.core.errors import BadInput, NotAllowed, NotFound, StaleWrite
from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.files.models import StoredFile
from apps.platform.organizations.errors import (
    AlreadyMember,
    BranchCodeTaken,
    InviteFirst,
    LastOwner,
    OrganizationCodeTaken,
    RightsExceeded,
)
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization
from apps.platform.organizations.selectors import (
    garage_public,
    list_branches,
    list_garages,
    list_giveable_roles,
    list_memberships,
    list_staff,
    users_with_permission,
)
from apps.platform.organizations.services import (
    add_branch,
    add_member,
    add_staff,
    build_actor,
    change_member,
    create_organization,
    remove_member,
    set_organization_status,
    update_branch,
    update_organization,
)
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db
PROFILE = {"tax_code": "0399 001018", "phone": "028 7300 0101", "brand_color": "#0F766E"}


def test_platform_makes_a_company_in_its_one_spelling() -> None:
    made = create_organization(system_actor(), name=" Gara  Đức Phát ", kinds=["garage"], code="dp", **PROFILE)
    made.refresh_from_db()
    assert (made.name, made.code, made.slug) == ("Gara Đức Phát", "DP", "gara-duc-phat")
    assert (made.tax_code, made.phone, made.brand_color) == ("0399001018", "+842873000101", "#0f766e")
    assert (OutboxEvent.objects.get().name, AuditLog.objects.get().action) == (
        "organization.created",
        "organization.created",
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tax_code": "0399001019"}, "tax_code"),
        ({"brand_color": "teal"}, "brand_color"),
        ({"phone": "12"}, "phone"),
        ({"bank_bin": "970436"}, "bank_account"),
        ({"bank_bin": "1", "bank_account": "0071009900123", "bank_account_name": "A"}, "bank_bin"),
        ({"timezone": "Mars/North"}, "timezone"),
        ({"language": "fr"}, "language"),
        ({"status": "suspended"}, "status"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["airline"]}, "kinds"),
        ({"name": " "}, "name"),
    ],
)
def test_wrong_data_makes_no_company(change: dict, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        create_organization(system_actor(), **{"name": "Gara", "kinds": ["garage"], "code": "G", **PROFILE, **change})
    assert refusal.value.field == field
    assert not Organization.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_indian_company_has_its_own_tax_rule() -> None:
    values = {"name": "Sharma Motors", "kinds": ["garage"], "code": "SM", "country": "IN", "currency": "INR"}
    made = create_organization(system_actor(), tax_code="27aapfu0939f1zv", **values)
    assert made.tax_code == "27AAPFU0939F1ZV"


def test_codes_and_address_names_are_unique() -> None:
    OrganizationFactory(code="MP", slug="minh-phat")
    for code, slug, field in (("mp", "other", "code"), ("X", "minh-phat", "slug")):
        with pytest.raises(OrganizationCodeTaken) as refusal:
            create_organization(system_actor(), name="Minh Phát", kinds=["garage"], code=code, slug=slug)
        assert refusal.value.field == field
    assert Organization.objects.count() == 1


def test_owners_make_no_companies() -> None:
    with pytest.raises(NotAllowed):
        create_organization(actor_for("owner"), name="Second", kinds=["garage"], code="S")
    assert Organization.objects.count() == 1


def test_owner_changes_the_profile_of_their_company_only() -> None:
    actor, other = actor_for("owner"), OrganizationFactory()
    changed = update_organization(actor, version=1, name="Tên mới", bank_bin="", brand_color="#112233")
    assert (changed.pk, changed.version, changed.name) == (actor.organization_id, 2, "Tên mới")
    entry = AuditLog.objects.get()
    assert entry.new_values == {"name": "Tên mới", "brand_color": "#112233"}
    with pytest.raises(StaleWrite):
        update_organization(actor, version=1, name="Cũ")
    other.refresh_from_db()
    assert other.version == 1


def test_bank_holder_is_written_as_banks_do() -> None:
    changed = update_organization(
        actor_for("owner"), bank_bin="970436", bank_account="0071 0099 00123", bank_account_name="Cty Đức Phát"
    )
    assert (changed.bank_account, changed.bank_account_name) == ("0071009900123", "CTY DUC PHAT")


def test_nothing_changed_is_nothing_written() -> None:
    actor = actor_for("owner")
    name = Organization.objects.get().name
    assert update_organization(actor, name=name).version == 1
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize("code", ["manager", "advisor", "technician", "cashier"])
def test_settings_are_the_owners(code: str) -> None:
    actor = actor_for(code)
    with pytest.raises(NotAllowed):
        update_organization(actor, name="Mine now")
    with pytest.raises(NotAllowed):
        add_branch(actor, code="X", name="X")
    assert Organization.objects.get().version == 1
    assert not Branch.objects.exists()


def test_logo_is_written_anew() -> None:
    actor = actor_for("owner")
    upload = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(upload, "PNG")
    organization = update_organization(actor, logo=upload)
    assert organization.logo.name.endswith(".webp")
    assert Image.open(organization.logo.open()).size == (40, 20)
    with pytest.raises(BadInput):
        update_organization(actor, logo=io.BytesIO(b"<svg onload=alert(1)>"))
    assert StoredFile.objects.count() == 1


def test_suspension_is_for_platform_staff_and_shuts_members_out() -> None:
    membership = MembershipFactory()
    owner = build_actor(membership.user)
    with pytest.raises(NotAllowed):
        set_organization_status(owner, organization_id=membership.organization_id, status="suspended")
    staff = build_actor(UserFactory(is_staff=True))
    set_organization_status(staff, organization_id=membership.organization_id, status="suspended")
    assert list_memberships(membership.user) == []
    assert build_actor(membership.user).organization_id is None


def test_branches_belong_to_the_actors_company() -> None:
    actor = actor_for("owner")
    branch = add_branch(actor, code="tb", name="Tân Bình", phone="028 7300 0111")
    assert (branch.organization_id, branch.code, branch.phone) == (actor.organization_id, "TB", "+842873000111")
    with pytest.raises(BranchCodeTaken):
        add_branch(actor, code="TB", name="Another")
    assert update_branch(actor, branch, version=1, name="Tân Bình 2").version == 2
    foreign = BranchFactory()
    with pytest.raises(NotFound):
        update_branch(actor, foreign, name="Mine")
    foreign.refresh_from_db()
    assert foreign.version == 1
    assert list(list_branches(actor)) == [branch]


def test_member_is_added_once() -> None:
    actor = actor_for("manager")
    user = MembershipFactory(organization_id=actor.organization_id, role=role("cashier")).user
    membership = add_member(actor, user=user, role=role("technician"), title="Thợ máy")
    assert build_actor(user).can("task.work")
    assert AuditLog.objects.get().data == {
        "name": user.full_name,
        "role": "technician",
        "role_name": "Kỹ thuật viên",
        "branch": "",
    }
    assert OutboxEvent.objects.get().payload["role"] == "technician"
    with pytest.raises(AlreadyMember):
        add_member(actor, user=user, role=role("technician"))
    assert list(Membership.objects.filter(user=user, role__code="technician")) == [membership]


def test_nobody_becomes_a_member_unasked() -> None:
    actor, user = actor_for("owner"), UserFactory()
    left = MembershipFactory(organization_id=actor.organization_id, active_to=local_date() - timedelta(days=1)).user
    for person in (user, left):
        with pytest.raises(InviteFirst):
            add_member(actor, user=person, role=role("technician"))
    assert not Membership.objects.filter(user=user).exists()
    assert Membership.objects.filter(user=left).count() == 1


def test_nobody_gives_more_than_they_have() -> None:
    manager, branch_manager = actor_for("manager"), actor_for("manager", branch=BranchFactory())
    other = BranchFactory(organization_id=branch_manager.organization_id)
    user = UserFactory()
    for actor, code, branch in (
        (manager, "owner", None),
        (branch_manager, "advisor", None),
        (branch_manager, "advisor", other),
    ):
        with pytest.raises(RightsExceeded):
            add_member(actor, user=user, role=role(code), branch=branch)
    with pytest.raises(NotAllowed):
        add_member(actor_for("advisor"), user=user, role=role("technician"))
    with pytest.raises(NotFound):
        add_member(manager, user=user, role=role("technician"), branch=other)
    assert not Membership.objects.filter(user=user).exists()
    codes = {row.code for row in list_giveable_roles(manager)}
    assert "owner" not in codes
    assert {"manager", "technician", "cashier"} <= codes


def test_strangers_are_invited_alike_and_colleagues_get_the_role() -> None:
    actor = actor_for("owner")
    known = UserFactory(phone="+84901234567", email="lan@gara.demo")
    colleague = MembershipFactory(organization_id=actor.organization_id, role=role("cashier")).user
    invited = [
        add_staff(actor, role=role("advisor"), phone="0901234567", name="Lan"),
        add_staff(actor, role=role("advisor"), phone="0907654321", name="Lan"),
        add_staff(actor, role=role("advisor"), email="LAN@gara.demo"),
        add_staff(actor, role=role("advisor"), email="nobody@gara.demo"),
    ]
    assert {type(one) for one in invited} == {Invitation}
    assert {one.state for one in invited} == {"open"}
    assert not Membership.objects.filter(user=known).exists()
    assert not User.objects.filter(email="nobody@gara.demo").exists()
    added = add_staff(actor, role=role("advisor"), email=colleague.email)
    assert isinstance(added, Membership)
    assert (added.user, added.role.code) == (colleague, "advisor")
    with pytest.raises(RightsExceeded):
        add_staff(actor_for("manager"), role=role("owner"), email="x@gara.demo")
    assert not Invitation.objects.filter(email="x@gara.demo").exists()


def test_manager_cannot_touch_the_owner() -> None:
    manager = actor_for("manager")
    owner = MembershipFactory(organization_id=manager.organization_id)
    for change in (
        lambda: remove_member(manager, owner),
        lambda: change_member(manager, owner, role=role("technician"), branch=None),
    ):
        with pytest.raises(RightsExceeded):
            change()
    owner.refresh_from_db()
    assert owner.role.code == "owner"


def test_last_owner_stays() -> None:
    actor = actor_for("owner")
    own = Membership.objects.get()
    with pytest.raises(LastOwner):
        remove_member(actor, own)
    with pytest.raises(LastOwner):
        change_member(actor, own, role=role("manager"), branch=None)
    assert Membership.objects.get().role.code == "owner"
    MembershipFactory(organization_id=actor.organization_id)
    remove_member(actor, own)
    assert not Membership.objects.filter(pk=own.pk).exists()
    assert build_actor(own.user).organization_id is None


def test_members_of_others_do_not_exist() -> None:
    actor, foreign = actor_for("owner"), MembershipFactory()
    with pytest.raises(NotFound):
        remove_member(actor, foreign)
    with pytest.raises(NotFound):
        change_member(actor, foreign, role=role("technician"), branch=None)
    assert [row.user_id for row in list_staff(actor)] == [actor.user_id]
    assert not list_staff(replace(actor, organization_id=None)).exists()


def test_people_are_found_by_right_and_branch() -> None:
    branch = BranchFactory()
    other = BranchFactory(organization=branch.organization)
    owner = MembershipFactory(organization=branch.organization).user
    here = MembershipFactory(branch=branch, role=role("cashier")).user
    there = MembershipFactory(branch=other, role=role("cashier")).user
    MembershipFactory(branch=branch, role=role("technician"))
    MembershipFactory(branch=branch, role=role("cashier"), user=UserFactory(is_active=False))
    MembershipFactory(role=role("cashier"))
    organization_id = branch.organization_id
    assert users_with_permission(organization_id, "payment.receive") == [owner, here, there]
    assert users_with_permission(organization_id, "payment.receive", branch_id=branch.pk) == [owner, here]
    assert users_with_permission(organization_id, "settings.edit") == [owner]


def test_public_sees_open_garages_only() -> None:
    branch = BranchFactory(organization__slug="minh-phat")
    BranchFactory(organization=branch.organization, is_active=False)
    BranchFactory(organization__kinds=["distributor"])
    BranchFactory(organization__status="suspended", organization__slug="closed")
    OrganizationFactory()
    assert list(list_garages()) == [branch.organization]
    assert garage_public("minh-phat").open_branches == [branch]
    for slug in ("closed", "none"):
        with pytest.raises(NotFound):
            garage_public(slug)
