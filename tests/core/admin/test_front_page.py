"""The front page and the search of the staff CMS: real figures, and nothing that the person may not see."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apps.core.admin.base import StaffAdmin
from apps.core.testing.admin import list_admins
from apps.platform.accounts.models import User
from apps.platform.notifications.models import Delivery
from apps.platform.system.models import JobRun
from tests.factories.accounts import UserFactory
from tests.factories.billing import make_invoice
from tests.factories.organizations import BranchFactory, MembershipFactory
from tests.factories.payments import pay

pytestmark = pytest.mark.django_db


def _browser(user):
    client = Client()
    client.force_login(user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


def _figures(answer):
    return {str(figure.label): figure.value for figure in answer.context["figures"]}


def _viewer(*models):
    user = UserFactory(is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=[f"view_{name}" for name in models]))
    return User.objects.get(pk=user.pk)


def test_the_figures_are_counted():
    user = UserFactory(is_staff=True, is_superuser=True)
    pay(make_invoice(), 100_000)
    pay(make_invoice(), 50_000)
    JobRun.objects.create(name="nightly", state="failed")
    JobRun.objects.create(name="nightly", state="done")
    Delivery.objects.create(
        type="estimate.sent", channel="sms", language="vi", address="+84901234567", body="x", state="failed",
        dedupe_key="a",
    )  # fmt: skip

    answer = _browser(user).get("/admin/")

    figures = _figures(answer)
    assert figures["Tiền nhận hôm nay"] == "150.000 ₫"
    assert figures["Công việc bị lỗi"] == "1"
    assert figures["Tin nhắn không gửi được"] == "1"
    assert {figure.is_alarm for figure in answer.context["figures"] if figure.value == "1"} >= {True}
    names = {str(check.label) for check in answer.context["checks"] if check.is_good}
    assert {"Cơ sở dữ liệu", "Redis"} <= names


def test_figures_are_for_those_who_may_see_the_rows():
    branch, foreign = BranchFactory(), BranchFactory()
    user = _viewer("organization")
    MembershipFactory(user=user, organization=branch.organization)

    answer = _browser(user).get("/admin/")

    assert _figures(answer) == {"Công ty đang hoạt động": "1"}
    assert answer.context["checks"] == []
    assert foreign.name not in answer.content.decode()
    assert _figures(_browser(UserFactory(is_staff=True)).get("/admin/")) == {}


def test_the_search_finds_lists_and_rows():
    branch = BranchFactory(name="Chi nhánh Hoa Phượng")
    client = _browser(UserFactory(is_staff=True, is_superuser=True))

    found = client.get("/admin/search/", {"s": "hoa phượng", "extended": "1"}).content.decode()

    assert f"/admin/organizations/branch/{branch.pk}/change/" in found
    assert "/admin/organizations/branch/" in client.get("/admin/search/", {"s": "chi nhánh"}).content.decode()
    assert client.get("/admin/search/", {"s": ""}).content == b""
    assert client.get("/admin/search/", {"s": "h", "extended": "1"}).status_code == 200


def test_the_search_shows_nothing_of_others_and_forgets_lost_rights_at_once():
    own, foreign = BranchFactory(name="Phượng một"), BranchFactory(name="Phượng hai")
    user = _viewer("branch")
    MembershipFactory(user=user, organization=own.organization)
    client, query = _browser(user), {"s": "phượng", "extended": "1"}

    found = client.get("/admin/search/", query).content.decode()
    assert "Phượng một" in found
    assert foreign.name not in found

    user.user_permissions.clear()
    assert "Phượng một" not in client.get("/admin/search/", query).content.decode()
    assert _browser(UserFactory()).get("/admin/search/", query).status_code == 403
    assert Client().get("/admin/search/", query).status_code == 302


def test_ledgers_are_not_searched_and_each_admin_has_one_of_the_bases():
    assert all(isinstance(one, StaffAdmin) for one in list_admins())
    assert {one.opts.label for one in list_admins() if not one.is_searched} >= {
        "audit.AuditLog", "events.OutboxEvent", "notifications.Delivery",
    }  # fmt: skip
