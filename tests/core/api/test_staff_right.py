"""Addresses for platform staff ask for the same rights as the staff CMS."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission

from apps.core.api.permissions import STAFF, DeclaredPermission, staff_right
from apps.core.errors import NotAllowed
from apps.platform.accounts.models import User
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def may(user, right):
    view = SimpleNamespace(allowed_methods=["GET"], actor=build_actor(user), rights={"get": right})
    request = SimpleNamespace(method="GET", user=user)
    return DeclaredPermission().has_permission(request, view)


def test_staff_need_the_named_right_and_superusers_have_it():
    staff = UserFactory(is_staff=True)
    assert may(staff, STAFF)
    with pytest.raises(NotAllowed):
        may(staff, staff_right("system.view_jobrun"))
    staff.user_permissions.add(Permission.objects.get(codename="view_jobrun"))
    assert may(User.objects.get(pk=staff.pk), staff_right("system.view_jobrun"))
    assert may(UserFactory(is_staff=True, is_superuser=True), staff_right("system.view_jobrun"))


def test_others_are_refused_whatever_they_were_given():
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="view_jobrun"))
    for right in (STAFF, staff_right("system.view_jobrun")):
        with pytest.raises(NotAllowed):
            may(User.objects.get(pk=user.pk), right)
