"""Every page of the staff CMS, opened by every kind of staff: nothing breaks, and nobody sees or changes more than given."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apps.core.admin.base import StaffAdmin
from apps.core.testing.admin import list_admins, page_of
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.organizations import MembershipFactory
from tests.support.admin_world import build_world

pytestmark = pytest.mark.django_db


def _browser(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


def _pages():
    """(admin, page, address) of all lists and forms, and of the row that each table has first."""
    for model_admin in list_admins():
        row = model_admin.model._default_manager.first()
        for page in ("changelist", "add"):
            yield model_admin, page, page_of(model_admin, page)
        for page in ("change", "history", "delete") if row is not None else ():
            yield model_admin, page, page_of(model_admin, page, row)


def _looker():
    user = UserFactory(is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    return user


def test_who_may_look_looks_and_changes_nothing():
    build_world()
    looker = _looker()
    MembershipFactory(user=looker, organization=Organization.objects.order_by("pk").first())
    client, wrong = _browser(looker), []

    for model_admin, page, url in _pages():
        allowed = {
            "changelist": {200},
            "add": {403},
            # A row of another company is unknown here.
            "change": {200, 302},
            "history": {200, 302, 403, 404},
            "delete": {302, 403},
        }[page]
        answer = client.get(url)
        status = answer.status_code
        # Some tables are for superusers alone.
        is_closed = status == 403 and not model_admin.has_view_permission(answer.wsgi_request)
        if status not in allowed and not is_closed:
            wrong.append((model_admin.opts.label, page, status))
        if page in {"change", "add"} and client.post(url, {}).status_code not in {302, 403}:
            wrong.append((model_admin.opts.label, f"post {page}"))

    assert wrong == []


def test_a_look_at_the_rows_of_another_company_finds_nothing():
    build_world()
    looker = _looker()
    own = MembershipFactory(user=looker).organization
    client, seen = _browser(looker), []

    for model_admin in list_admins():
        if not hasattr(model_admin.model._default_manager.all(), "visible_to"):
            continue
        rows = client.get(page_of(model_admin, "changelist")).context["cl"].result_list
        seen += [model_admin.opts.label for row in rows if model_admin.organization_of(row) not in {None, own.pk}]

    assert seen == []


@pytest.mark.parametrize("is_staff", [True, False])
def test_who_has_no_right_gets_nowhere(is_staff):
    build_world()
    client, opened = _browser(UserFactory(is_staff=is_staff)), []

    for model_admin, page, url in _pages():
        # The history of a row that one cannot see leads back to the front page.
        if client.get(url).status_code not in ({403, 302} if page == "history" else {403}):
            opened.append((model_admin.opts.label, page))

    # A member of staff without rights has the front page, empty.
    assert client.get("/admin/").status_code == (200 if is_staff else 403)
    assert opened == []


def test_each_admin_stands_on_one_of_the_bases():
    assert [one.opts.label for one in list_admins() if not isinstance(one, StaffAdmin)] == []
