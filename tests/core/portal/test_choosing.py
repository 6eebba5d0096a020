"""A member of several companies is asked where to act before a portal opens."""

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.organizations import MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_member_of_two_garages_chooses_first(client: Client) -> None:
    user = UserFactory()
    MembershipFactory(user=user)
    MembershipFactory(user=user)
    client.force_login(user)
    answer = client.get("/garage/job-cards/")
    assert (answer.status_code, answer.url) == (302, "/choose/?next=/garage/job-cards/")


def test_the_staff_cms_sends_nobody_to_another_site(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    answer = client.get("/admin/login/?next=https://evil.example/")
    assert answer.url == "/admin/"
