"""The guided set-up: from an account to a usable portal, each step saved, left and resumed."""

from time import monotonic

import pytest
from django.test import Client

from apps.core.actor import ANONYMOUS
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.portal.registry import NAV
from apps.core.testing.relay import run_relay
from apps.engines.catalog.models import Category
from apps.engines.inventory.models import Warehouse
from apps.engines.scheduling.models import Resource, WorkingHours
from apps.platform.accounts.models import User
from apps.platform.notifications.models import Delivery
from apps.platform.organizations.errors import SetupUnfinished, TooManyCompanies
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization, Role
from apps.platform.organizations.selectors import list_garages
from apps.platform.organizations.services import (
    advance_setup,
    begin_company,
    build_actor,
    finish_setup,
    save_first_branch,
)
from apps.verticals.workshop.models import InspectionTemplate, LabourOperation, ServicePackage
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db
BRANCH = {
    "name": "Gara Sao Mai Thủ Đức",
    "address": "12 Võ Văn Ngân",
    "ward": "Phường Thủ Đức",
    "province": "TP. Hồ Chí Minh",
    "phone": "028 7300 0222",
    "days": ["0", "1", "2", "3", "4", "5"],
    "hours": "8:00-12:00, 13h-17h30",
}
MONEY = {
    "tax_code": "0399001018",
    "bank_bin": "970436",
    "bank_account": "0071 0099 00123",
    "bank_account_name": "Gara Sao Mai",
}


def browser(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or UserFactory(), backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


def go(client: Client, step: str, form: dict) -> str:
    """Posts a step; the address it leads to, after the detours of /start/."""
    answer = client.post(f"/start/{step}", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return client.get(answer["Location"]).headers.get("Location", answer["Location"])


def walk(client: Client, kind: str, *, data: dict) -> None:
    """All five steps."""
    assert client.get("/start/").status_code == 200
    started = go(client, "", {"name": "Gara Sao Mai", "kinds": [kind], "country": "VN"})
    assert started == "/start/branch/"
    assert go(client, "branch/", BRANCH) == "/start/money/"
    assert go(client, "money/", MONEY) == "/start/team/"
    team = {"address_1": "tu@gara.demo", "role_1": role("technician").pk, "address_2": "0908111222"}
    team["role_2"] = role("manager").pk
    assert go(client, "team/", team) == "/start/data/"
    assert client.post("/start/data/", data).status_code == 302


@pytest.mark.parametrize("kind", ["garage", "distributor"])
def test_new_company_is_usable_in_minutes(kind: str) -> None:
    user, began = UserFactory(), monotonic()
    client = browser(user)
    walk(client, kind, data={"bays": 3, "with_samples": "on"})
    assert monotonic() - began < 300
    company = Organization.objects.get()
    assert (company.setup_step, bool(company.onboarded_at), company.code, company.slug) == (
        "",
        True,
        "GSM",
        "gara-sao-mai",
    )
    assert (company.tax_code, company.bank_account, company.bank_account_name) == (
        "0399001018",
        "0071009900123",
        "GARA SAO MAI",
    )
    branch = Branch.objects.get()
    assert branch.opening_hours["5"] == [["08:00", "12:00"], ["13:00", "17:30"]]
    assert "6" not in branch.opening_hours
    assert Warehouse.objects.get().branch == branch
    assert Category.objects.count() == 8
    run_relay()
    assert {row.address for row in Delivery.objects.filter(type="staff.invited")} == {"tu@gara.demo", "+84908111222"}
    for item in [item for item in NAV.values() if item.portal == kind]:
        path = item.url_name.removeprefix(f"{kind}:")
        url = _address(item.url_name)
        assert url, path
        assert client.get(url, follow=True).status_code == 200, url
    is_garage = kind == "garage"
    assert Resource.objects.count() == (3 if is_garage else 0)
    assert WorkingHours.objects.count() == (3 * 6 * 2 if is_garage else 0)
    assert InspectionTemplate.objects.count() == int(is_garage)
    assert LabourOperation.objects.count() == (12 if is_garage else 0)
    assert ServicePackage.objects.count() == (2 if is_garage else 0)
    assert Role.objects.filter(organization=company).count() == (3 if is_garage else 0)


def _address(name: str) -> str:
    from django.urls import reverse

    return reverse(name)


def test_it_can_be_left_and_resumed() -> None:
    user = UserFactory()
    go(browser(user), "", {"name": "Gara Sao Mai", "kinds": ["garage"], "country": "VN"})
    assert not list_garages().exists()
    later = browser(user)
    assert later.get("/start/")["Location"] == "/start/branch/"
    assert go(later, "branch/", BRANCH) == "/start/money/"
    assert go(later, "money/", {"skip": "1"}) == "/start/team/"
    again = browser(user)
    page = again.get("/start/branch/").content.decode()
    assert "12 Võ Văn Ngân" in page
    assert go(again, "branch/", {**BRANCH, "address": "14 Võ Văn Ngân"}) == "/start/team/"
    assert Branch.objects.get().address == "14 Võ Văn Ngân"
    assert go(again, "team/", {"skip": "1"}) == "/start/data/"
    assert again.post("/start/data/", {"bays": 1}).status_code == 302
    assert Resource.objects.count() == 1
    assert not LabourOperation.objects.exists()
    assert list_garages().get() == Organization.objects.get()
    for step in ("branch", "money", "team", "data"):
        assert again.get(f"/start/{step}/").status_code == 404


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("", {"name": "", "kinds": ["garage"], "country": "VN"}),
        ("", {"name": "Gara", "country": "VN"}),
        ("", {"name": "Gara", "kinds": ["airline"], "country": "VN"}),
        ("", {"name": "Gara", "kinds": ["garage"], "country": "XX"}),
    ],
)
def test_wrong_beginnings_make_no_company(step: str, form: dict) -> None:
    assert browser().post(f"/start/{step}", form).status_code == 422
    assert not Organization.objects.exists()
    assert not Membership.objects.exists()


def test_wrong_steps_are_told_beside_the_field() -> None:
    client = browser()
    go(client, "", {"name": "Gara Sao Mai", "kinds": ["garage"], "country": "VN"})
    for change in ({"hours": "8-"}, {"hours": "17:00-8:00"}, {"hours": ""}, {"days": []}, {"address": ""}):
        assert client.post("/start/branch/", {**BRANCH, **change}).status_code == 422
    assert not Branch.objects.exists()
    go(client, "branch/", BRANCH)
    for change in ({"tax_code": "0399001019"}, {"bank_account": "12"}, {"bank_account_name": ""}):
        assert client.post("/start/money/", {**MONEY, **change}).status_code == 400
    assert Organization.objects.get().tax_code == ""
    go(client, "money/", MONEY)
    wrong = {"address_1": "tu@gara.demo", "role_1": role("advisor").pk, "address_2": "12", "role_2": role("qc").pk}
    assert client.post("/start/team/", wrong).status_code == 400
    assert client.post("/start/team/", {"address_1": "tu@gara.demo"}).status_code == 422
    assert not Invitation.objects.exists()
    assert Organization.objects.get().setup_step == "team"


def test_indian_company_has_its_own_money_and_tax() -> None:
    user = UserFactory()
    begin_company(build_actor(user), name="Sharma Motors", kinds=["garage"], country="IN")
    company = Organization.objects.get()
    assert (company.currency, company.timezone, company.language) == ("INR", "Asia/Kolkata", "en")
    client = browser(user)
    go(client, "branch/", BRANCH)
    assert client.post("/start/money/", {"tax_code": "27AAPFU0939F1ZX"}).status_code == 400
    assert go(client, "money/", {"tax_code": "27AAPFU0939F1ZV"}) == "/start/team/"
    finish_setup(build_actor(user, organization_id=company.pk))
    assert not LabourOperation.objects.exists()


def test_transfer_code_is_shown_before_it_is_saved() -> None:
    client = browser()
    go(client, "", {"name": "Gara Sao Mai", "kinds": ["garage"], "country": "VN"})
    go(client, "branch/", BRANCH)
    assert "<svg" in client.post("/start/money/", {**MONEY, "preview": "1"}).content.decode().split("qr-code")[1]
    assert Organization.objects.get().bank_account == ""
    assert "qr-code" not in client.post("/start/money/", {"bank_bin": "970436", "preview": "1"}).content.decode()


def test_one_set_up_at_a_time_and_not_too_many_companies() -> None:
    with pytest.raises(NotAllowed):
        begin_company(ANONYMOUS, name="X", kinds=["garage"])
    user = UserFactory()
    begin_company(build_actor(user), name="Gara Sao Mai", kinds=["garage"])
    with pytest.raises(SetupUnfinished):
        begin_company(build_actor(user), name="Second", kinds=["garage"])
    owner = UserFactory()
    for _number in range(5):
        MembershipFactory(user=owner)
    with pytest.raises(TooManyCompanies):
        begin_company(build_actor(owner), name="Sixth", kinds=["garage"])
    assert not Organization.objects.filter(name__in=["Second", "Sixth", "X"]).exists()


def test_names_get_free_codes() -> None:
    OrganizationFactory(code="GSM", slug="gara-sao-mai")
    made = begin_company(build_actor(UserFactory()), name="Gara Sao Mai", kinds=["garage"])
    assert (made.code, made.slug) == ("GSM2", "gara-sao-mai-2")


def test_only_the_owner_sets_up_and_only_once() -> None:
    owner = actor_for("owner")
    for attempt in (
        lambda: save_first_branch(owner, name="X"),
        lambda: advance_setup(owner, done="branch"),
        lambda: finish_setup(owner),
    ):
        with pytest.raises(NotFound):
            attempt()
    user = UserFactory()
    company = begin_company(build_actor(user), name="Gara Sao Mai", kinds=["garage"])
    manager = actor_for("manager", company)
    with pytest.raises(NotAllowed):
        finish_setup(manager)
    with pytest.raises(BadInput):
        finish_setup(build_actor(user, organization_id=company.pk))
    stranger = browser()
    for step in ("branch", "money", "team", "data"):
        assert stranger.get(f"/start/{step}/").status_code == 404
        assert stranger.post(f"/start/{step}/", BRANCH).status_code == 404
    assert Client().get("/start/")["Location"].startswith("/login/")
    company.refresh_from_db()
    assert company.setup_step == "branch"


def test_member_of_another_company_sets_up_their_own() -> None:
    member = MembershipFactory(role=role("technician"))
    client = browser(member.user)
    walk(client, "garage", data={"bays": 1})
    own = Organization.objects.exclude(pk=member.organization_id).get()
    assert Branch.objects.get().organization == own
    assert client.get("/garage/settings/").status_code == 200
