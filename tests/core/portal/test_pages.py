"""Home, company and language switch, palette, bell, gallery, navigation."""

import pytest
from django.test import RequestFactory
from django.views import View

from apps.core.actor import ANONYMOUS
from apps.core.errors import NotAllowed
from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import SOURCES, PaletteItem, register_palette
from apps.core.portal.registry import NAV, register_nav
from apps.core.portal.responses import safe_next
from apps.core.portal.views import PortalView
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory
from tests.support.portal import browser_of, member_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]


@pytest.fixture
def nav():
    before = dict(NAV)
    NAV.clear()
    register_nav(portal="garage", group="Shop", label="Customers", url_name="garage:customers", icon="users",
                 permission="customer.view", order=20)  # fmt: skip
    register_nav(portal="garage", group="Firm", label="Branches", url_name="garage:branches", icon="store",
                 permission="staff.view", order=10)  # fmt: skip
    register_nav(portal="garage", group="Firm", label="Missing", url_name="garage:nowhere", icon="x")
    yield
    NAV.clear()
    NAV.update(before)


def test_navigation_shows_what_is_open_and_marks_where_one_is(nav):
    actor = member_with("staff.view", "customer.view")

    groups = build_nav("garage", actor, "/garage/branches/?page=2")

    assert [(group.label, [(link.label, link.active) for link in group.items]) for group in groups] == [
        ("Firm", [("Branches", True)]),
        ("Shop", [("Customers", False)]),
    ]
    assert [group.label for group in build_nav("garage", member_with("staff.view"), "/")] == ["Firm"]
    assert build_nav("garage", ANONYMOUS, "/") == []


def test_home_sends_people_to_their_portal(nav):
    assert browser_of().get("/home/")["Location"] == "/login/?next=/home/"
    assert browser_of(member_with("staff.view")).get("/home/")["Location"] == "/garage/"


def test_the_door_of_a_portal_goes_on_to_the_first_open_screen(nav):
    assert browser_of(member_with("customer.view")).get("/garage/")["Location"] == "/garage/customers/"
    assert browser_of(member_with("report.view")).get("/garage/").status_code == 403


def test_switching_to_a_branch_and_back():
    actor = member_with("staff.view")
    branch = BranchFactory(organization_id=actor.organization_id, organization=None)
    client = browser_of(actor)

    answer = client.post("/switch/", {"place": f"{actor.organization_id}:{branch.pk}", "next": "/garage/branches/"})

    assert answer["Location"] == "/garage/branches/"
    assert client.session["branch_id"] == str(branch.pk)
    client.post("/switch/", {"place": str(actor.organization_id)})
    assert "branch_id" not in client.session


def test_switching_to_another_company_opens_its_portal(nav):
    actor = member_with("staff.view")
    second = member_with("staff.view")
    MembershipFactory(user_id=actor.user_id, user=None, organization_id=second.organization_id, organization=None)
    client = browser_of(actor)

    answer = client.post("/switch/", {"place": str(second.organization_id), "next": "/garage/branches/"})

    assert answer["Location"] == "/garage/"
    assert client.session["organization_id"] == str(second.organization_id)


@pytest.mark.parametrize("place", ["", "x", "foreign"])
def test_switching_to_where_one_does_not_belong_is_refused(place):
    actor = member_with("staff.view")
    client = browser_of(actor)

    answer = client.post("/switch/", {"place": str(OrganizationFactory().pk) if place == "foreign" else place})

    assert answer.status_code == 404
    assert client.session["organization_id"] == str(actor.organization_id)


def test_language_is_kept_and_foreign_addresses_are_not_followed():
    client = browser_of()

    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert answer["Location"] == "/"
    assert answer.cookies["language"].value == "en"
    assert client.post("/language/", {"language": "xx"}).status_code == 404


def test_next_is_only_ours():
    factory = RequestFactory()

    assert safe_next(factory.post("/", {"next": "/garage/?a=1"})) == "/garage/?a=1"
    assert safe_next(factory.post("/", {"next": "//evil.example"})) == "/"
    assert safe_next(factory.post("/", headers={"Referer": "http://testserver/x/"})) == "/x/"
    assert safe_next(factory.post("/", headers={"Referer": "http://evil.example/x/"})) == "/"


def test_the_palette_finds_screens_and_what_apps_offer(nav):
    register_palette(
        "test", lambda actor, text: [PaletteItem(f"Found {text}", "/x/")], label="Cars", portal="garage",
        permission="vehicle.view",
    )  # fmt: skip
    try:
        own = browser_of(member_with("staff.view", "vehicle.view"))
        other = browser_of(member_with("staff.view"))

        assert "Found 51G" in own.get("/palette/", {"q": "51G"}).content.decode()
        assert "Found" not in own.get("/palette/", {"q": "5"}).content.decode()
        assert "Branches" in own.get("/palette/", {"q": "branch"}).content.decode()
        assert "Found" not in other.get("/palette/", {"q": "51G"}).content.decode()
        assert browser_of().get("/palette/").status_code == 302
    finally:
        del SOURCES["test"]


def test_bell_and_gallery_draw():
    client = browser_of(member_with("staff.view"))

    assert 'id="bell"' in client.get("/notifications/bell/").content.decode()
    assert client.get("/dev/ui/").status_code == 200


def test_the_gallery_is_for_demo_installations(settings):
    settings.DEMO = False

    assert browser_of().get("/dev/ui/").status_code == 404


def test_a_page_without_a_right_cannot_be_published():
    class Forgotten(PortalView):
        portal = "garage"

    with pytest.raises(Exception, match="must name the right"):
        Forgotten.as_view()
    assert issubclass(Forgotten, View)
    with pytest.raises(NotAllowed):
        ANONYMOUS.require("staff.view")
