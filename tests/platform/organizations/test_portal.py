"""Staff and settings in the portals: who gets in, what they can do, and what strangers see (nothing)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.platform.organizations.models import Invitation, Membership, Organization
from tests.factories.accounts import UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db


def member_of(organization: Organization, code: str = "owner", **values) -> Membership:
    return MembershipFactory(organization=organization, role=role(code), **values)


def client_of(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


@pytest.mark.parametrize(
    ("code", "staff", "add", "settings"),
    [
        ("owner", 200, 200, 200),
        ("manager", 200, 200, 403),
        ("advisor", 403, 403, 403),
        ("technician", 403, 403, 403),
        ("sales", 403, 403, 403),
    ],
)
def test_rights(portal: str, code: str, staff: int, add: int, settings: int) -> None:
    membership = member_of(OrganizationFactory(kinds=[portal]), code)
    client = client_of(membership)
    found = {
        path: client.get(f"/{portal}/{path}").status_code for path in ("staff/", "staff/invitations/add/", "settings/")
    }
    assert found == {"staff/": staff, "staff/invitations/add/": add, "settings/": settings}
    assert client.get(f"/{portal}/staff/{membership.pk}/").status_code == staff


def test_strangers_and_people_of_another_portal_stay_out(portal: str) -> None:
    for path in ("staff/", "staff/invitations/add/", "settings/"):
        assert Client().get(f"/{portal}/{path}")["Location"].startswith("/login/")
        other = "distributor" if portal == "garage" else "garage"
        assert client_of(member_of(OrganizationFactory(kinds=[other]))).get(f"/{portal}/{path}").status_code == 404


def test_staff_of_others_does_not_exist() -> None:
    own, foreign = member_of(OrganizationFactory()), member_of(OrganizationFactory())
    client = client_of(own)
    page = client.get("/garage/staff/").content.decode()
    assert own.user.email in page
    assert foreign.user.email not in page
    for path in ("", "do/change/", "do/remove/"):
        assert client.get(f"/garage/staff/{foreign.pk}/{path}").status_code == 404
    assert client.post(f"/garage/staff/{foreign.pk}/do/remove/").status_code == 404
    assert Membership.objects.filter(pk=foreign.pk).exists()


def test_branch_manager_sees_their_branch_and_the_whole_company_people() -> None:
    own = BranchFactory()
    other = BranchFactory(organization=own.organization)
    manager = member_of(own.organization, "manager", branch=own)
    there = member_of(own.organization, "technician", branch=other)
    page = client_of(manager).get("/garage/staff/").content.decode()
    assert manager.user.email in page
    assert there.user.email not in page


@pytest.mark.parametrize("text", ["tran thi mai", "Mai", "0901 777 888", "+84901777888", "mai@"])
def test_search(text: str) -> None:
    own = member_of(OrganizationFactory())
    mai = UserFactory(last_name="Trần Thị", first_name="Mai", phone="+84901777888", email="mai@gara.demo")
    member_of(own.organization, "cashier", user=mai)
    page = client_of(own).get("/garage/staff/", {"q": text}, headers={"HX-Request": "true", "HX-Target": "list"})
    assert "0901 777 888" in page.content.decode()
    assert own.user.email not in page.content.decode()


def test_manager_cannot_choose_what_they_may_not_give() -> None:
    branch = BranchFactory()
    foreign = BranchFactory()
    client = client_of(member_of(branch.organization, "manager", branch=branch))
    user = UserFactory()
    for change in ({"role": role("owner").pk}, {"branch": ""}, {"branch": foreign.pk}):
        form = {"phone": user.phone, "role": role("technician").pk, "branch": branch.pk, **change}
        assert client.post("/garage/staff/invitations/add/", form).status_code == 422
    assert not Invitation.objects.exists()


def test_member_is_changed_and_removed(portal: str) -> None:
    owner = member_of(OrganizationFactory(kinds=[portal]))
    member = member_of(owner.organization, "technician")
    client = client_of(owner)
    assert client.get(f"/{portal}/staff/{member.pk}/do/change/").status_code == 200
    client.post(f"/{portal}/staff/{member.pk}/do/change/", {"role": role("cashier").pk, "title": "Thu ngân"})
    member.refresh_from_db()
    assert (member.role.code, member.title) == ("cashier", "Thu ngân")
    assert "Thu ngân" in client.get(f"/{portal}/staff/{member.pk}/").content.decode()
    assert client.post(f"/{portal}/staff/{member.pk}/do/remove/")["Location"] == f"/{portal}/staff/"
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert client.post(f"/{portal}/staff/{owner.pk}/do/remove/").status_code == 422
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_settings_are_saved_once_and_stale_saves_refused(portal: str) -> None:
    owner = member_of(OrganizationFactory(kinds=[portal], tax_code=""))
    client, url = client_of(owner), f"/{portal}/settings/"
    upload = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(upload, "PNG")
    form = {"name": "Tên mới", "tax_code": "0399001018", "brand_color": "#0f766e", "version": "1"}
    logo = SimpleUploadedFile("logo.png", upload.getvalue(), content_type="image/png")
    assert client.post(url, {**form, "logo": logo})["Location"] == url
    organization = Organization.objects.get()
    assert (organization.name, organization.tax_code, organization.version) == ("Tên mới", "0399001018", 2)
    picture = client.get(f"/logos/{organization.slug}")
    assert (picture["Content-Type"], b"".join(picture.streaming_content)[:4]) == ("image/webp", b"RIFF")
    refused = client.post(url, {**form, "name": "Cũ"})
    assert refused.status_code == 409
    wrong = client.post(url, {**form, "version": "2", "tax_code": "0399001019"})
    assert wrong.status_code == 400
    organization.refresh_from_db()
    assert (organization.name, organization.version) == ("Tên mới", 2)


def test_navigation_shows_what_one_may_open() -> None:
    organization = OrganizationFactory()
    owner_page = client_of(member_of(organization)).get("/garage/staff/").content.decode()
    manager_page = client_of(member_of(organization, "manager")).get("/garage/staff/").content.decode()
    assert 'href="/garage/settings/"' in owner_page
    assert 'href="/garage/settings/"' not in manager_page
