"""Log-in, log-out, choice of the company and own account in the browser."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.clock import local_date
from apps.platform.accounts import demo
from apps.platform.accounts.demo import DemoLogin
from apps.platform.accounts.models import LoginHistory, UserSession
from apps.platform.accounts.services import open_session
from apps.platform.organizations.services import build_actor, set_organization_status
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db


def enter(client: Client, identifier: str, password: str = PASSWORD, **extra: str):
    return client.post("/login/", {"identifier": identifier, "password": password, **extra})


def test_page_asks_in_vietnamese_and_english(client: Client) -> None:
    page = client.get("/login/?next=/garage/")
    assert page.status_code == 200
    assert "Đăng nhập" in page.content.decode()
    assert 'name="next" value="/garage/"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.cookies["language"] = "en"
    assert "Email or phone number" in client.get("/login/").content.decode()


@pytest.mark.parametrize("typed", ["lan@gara.demo", "0901234567"])
def test_log_in_opens_a_session_and_goes_home(client: Client, typed: str) -> None:
    user = UserFactory(email="lan@gara.demo", phone="+84901234567", language="en")
    MembershipFactory(user=user)
    answer = enter(client, typed, stay="on")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    session = UserSession.objects.get()
    assert (session.user, session.kind, session.session_key) == (user, "browser", client.session.session_key)
    assert client.cookies["language"].value == "en"
    assert client.session.get_expire_at_browser_close() is False
    assert client.get("/account/").status_code == 200


def test_session_of_a_shared_computer_ends_with_the_browser(client: Client) -> None:
    enter(client, MembershipFactory().user.email)
    assert client.session.get_expire_at_browser_close() is True


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("/garage/", "/garage/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("", "/home/"),
    ],
)
def test_next_is_an_address_of_ours(client: Client, wish: str, target: str) -> None:
    assert enter(client, MembershipFactory().user.email, next=wish)["Location"] == target


@pytest.mark.parametrize(("password", "status"), [("wrong", 401), ("", 422)])
def test_refused_log_in_opens_nothing_and_keeps_the_name(client: Client, password: str, status: int) -> None:
    user = UserFactory()
    answer = enter(client, user.email, password)
    assert answer.status_code == status
    assert user.email in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not UserSession.objects.exists()
    assert "_auth_user_id" not in client.session


def test_wait_is_told_and_page_stays(client: Client) -> None:
    user = UserFactory()
    for _ in range(3):
        enter(client, user.email, "wrong")
    answer = enter(client, user.email)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not UserSession.objects.exists()


def test_log_in_needs_the_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert enter(client, UserFactory().email).status_code == 403
    assert not LoginHistory.objects.exists()


def test_session_key_changes_at_log_in(client: Client) -> None:
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    enter(client, MembershipFactory().user.email)
    assert client.session.session_key != before


def test_ended_session_is_logged_out_on_the_next_request(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    assert client.get("/account/").status_code == 200
    UserSession.objects.update(ended_at="2025-11-20T00:00Z")
    answer = client.get("/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/account/")
    assert "_auth_user_id" not in client.session


def test_session_without_its_row_or_with_anothers_is_nobody(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    session = client.session
    session["user_session_id"] = str(open_session(UserFactory(), kind="browser").pk)
    session.save()
    assert client.get("/account/").status_code == 302


def test_inactive_user_is_out_on_the_next_request(client: Client) -> None:
    user = MembershipFactory().user
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/account/").status_code == 302


def test_log_out(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    session = UserSession.objects.get()
    assert session.end_reason == "logout"
    assert client.get("/account/").status_code == 302
    assert client.post("/logout/").status_code == 302


def test_people_of_several_companies_choose(client: Client) -> None:
    user = UserFactory()
    garage = MembershipFactory(user=user, organization=OrganizationFactory(name="Gara A"))
    branch = BranchFactory(organization__name="Kho B", organization__kinds=["distributor"])
    MembershipFactory(user=user, branch=branch, role=role("warehouse"))
    answer = enter(client, user.email, next="/account/")
    assert answer["Location"] == "/choose/?next=%2Faccount%2F"
    page = client.get(answer["Location"]).content.decode()
    assert "Gara A" in page
    assert "Kho B" in page
    assert client.post("/choose/", {"place": str(OrganizationFactory().pk)}).status_code == 404
    assert "organization_id" not in client.session
    chosen = client.post("/choose/", {"place": f"{branch.organization_id}:{branch.pk}", "next": "/account/"})
    assert chosen["Location"] == "/account/"
    assert client.session["branch_id"] == str(branch.pk)
    client.post("/choose/", {"place": str(garage.organization_id)})
    assert client.session["organization_id"] == str(garage.organization_id)
    assert "branch_id" not in client.session


def test_choice_that_no_longer_holds_is_forgotten(client: Client) -> None:
    user = UserFactory()
    first, _second = MembershipFactory(user=user), MembershipFactory(user=user)
    client.force_login(user)
    client.post("/choose/", {"place": str(first.organization_id)})
    first.active_to = local_date() - timedelta(days=1)
    first.save()
    assert client.get("/account/").status_code == 200
    assert client.get("/account/").wsgi_request.actor.organization_id == _second.organization_id


def test_suspended_company_is_left(client: Client) -> None:
    membership = MembershipFactory()
    client.force_login(membership.user)
    assert client.get("/account/").wsgi_request.actor.organization_id == membership.organization_id
    staff = build_actor(UserFactory(is_staff=True))
    set_organization_status(staff, organization_id=membership.organization_id, status="suspended")
    assert client.get("/account/").wsgi_request.actor.organization_id is None


def test_health_and_log_in_page_cost_no_query(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get("/login/")
        client.get("/healthz")


@pytest.mark.parametrize("path", ["/account/", "/choose/"])
def test_strangers_log_in_first(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("name", ["account-profile", "account-password", "account-end-others"])
def test_strangers_change_nothing(client: Client, name: str) -> None:
    assert client.post(reverse(name)).status_code == 302
    assert client.post(reverse(name))["Location"].startswith("/login/")


def test_customers_without_company_have_an_account_too(client: Client) -> None:
    client.force_login(UserFactory(first_name="Khách"))
    page = client.get("/account/")
    assert page.status_code == 200
    assert "Khách" in page.content.decode()


def test_profile_is_saved_and_the_page_changes_language(client: Client) -> None:
    user = MembershipFactory().user
    client.force_login(user)
    answer = client.post("/account/profile/", {"first_name": "Lan", "last_name": "Trần Thị", "language": "en"})
    assert answer["Location"] == "/account/"
    user.refresh_from_db()
    assert (user.full_name, user.language, client.cookies["language"].value) == ("Trần Thị Lan", "en", "en")
    refused = client.post("/account/profile/", {"first_name": "", "language": "fr"})
    assert refused.status_code == 422
    user.refresh_from_db()
    assert user.first_name == "Lan"


def test_password_change_keeps_this_device_and_ends_the_others(client: Client) -> None:
    user = MembershipFactory().user
    client.force_login(user)
    other = Client()
    other.force_login(user)
    refused = client.post("/account/password/", {"current_password": "no", "new_password": "mat-khau-moi-1"})
    assert refused.status_code == 422
    assert other.get("/account/").status_code == 200
    data = {"current_password": PASSWORD, "new_password": "mat-khau-moi-1"}
    assert client.post("/account/password/", data)["Location"] == "/account/security/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    own = UserSession.objects.get(ended_at=None)
    assert own.session_key == client.session.session_key


def test_devices_are_ended_one_by_one_or_all_but_this(client: Client) -> None:
    user = MembershipFactory().user
    client.force_login(user)
    phone, tablet = (open_session(user, kind="app", device=name) for name in ("Pixel 8", "iPad"))
    foreign = open_session(UserFactory(), kind="app")
    page = client.get("/account/devices/").content.decode()
    assert "Pixel 8" in page
    assert "iPad" in page
    assert client.post(reverse("account-end-session", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("account-end-session", args=[phone.pk])).status_code == 302
    phone.refresh_from_db()
    tablet.refresh_from_db()
    assert (phone.end_reason, tablet.ended_at) == ("ended_by_owner", None)
    client.post(reverse("account-end-others"))
    assert UserSession.objects.filter(ended_at=None).count() == 2
    assert client.get("/account/").status_code == 200


def test_demo_log_ins_are_offered_in_demo_installations_only(client: Client, settings, monkeypatch) -> None:
    offer = [DemoLogin("Gara Minh Phát", "Chủ gara", "Anh Phát", "phat@minhphat.demo", "baylink-demo-1")]
    monkeypatch.setattr(demo._source, "listing", lambda: offer)
    page = client.get("/login/").content.decode()
    assert "Gara Minh Phát" in page
    assert "phat@minhphat.demo" in page
    settings.DEMO = False
    assert "minhphat.demo" not in client.get("/login/").content.decode()


def test_logo_is_public_and_nothing_else(client: Client) -> None:
    organization = OrganizationFactory()
    assert client.get(f"/logos/{organization.slug}").status_code == 404
    assert client.get("/logos/none").status_code == 404


def test_staff_cms_is_entered_through_the_one_log_in(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login/?next=")
    staff = UserFactory(is_staff=True, is_superuser=True)
    MembershipFactory(user=staff)
    MembershipFactory(user=staff)
    assert enter(client, staff.email, next="/admin/")["Location"] == "/admin/"


def test_people_without_cms_get_no_loop(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    assert client.get("/admin/", follow=True).status_code == 403
