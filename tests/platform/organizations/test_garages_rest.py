"""Who may open a garage over REST."""

import pytest

from apps.platform.organizations.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
BODY = {"name": "Gara Sao Mai", "code": "SM"}


def test_platform_staff_open_garages_and_nobody_else() -> None:
    assert api_client().post("/api/v1/garages", BODY).status_code == 401
    assert api_client(actor=actor_for("owner")).post("/api/v1/garages", BODY).status_code == 403
    assert not Organization.objects.filter(code="SM").exists()
    answer = api_client(UserFactory(is_staff=True, is_superuser=True)).post("/api/v1/garages", BODY)
    assert answer.status_code == 201, answer.json()
    assert Organization.objects.get(code="SM").kinds == ["garage"]
