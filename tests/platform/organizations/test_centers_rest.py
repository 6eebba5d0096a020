"""Service centres over REST."""

import pytest

from apps.platform.organizations.models import Branch
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory, MembershipFactory, role
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
URL = "/api/v1/admin/service-centers"


def test_owner_lists_opens_and_changes_centres() -> None:
    owner = actor_for("owner")
    client = api_client(actor=owner)
    manager = MembershipFactory(organization_id=owner.organization_id, role=role("manager")).user
    body = {
        "code": "td",
        "name": "Thủ Đức",
        "kind": "service_centre",
        "openingHours": {"0": [["8:00", "12:00"], ["13:00", "17:30"]]},
        "latitude": "10.851234",
        "longitude": "106.75",
        "managerId": str(manager.pk),
    }
    made = client.post(URL, body, format="json")
    assert made.status_code == 201, made.json()
    data = made.json()["data"]
    assert (data["code"], data["manager"]["id"], data["latitude"]) == ("TD", str(manager.pk), "10.851234")
    assert data["openingHours"] == {"0": [["08:00", "12:00"], ["13:00", "17:30"]]}
    changed = client.put(f"{URL}/{data['id']}", {"name": "Thủ Đức 2", "isActive": False}, format="json")
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["data"]["name"], changed.json()["data"]["isActive"]) == ("Thủ Đức 2", False)
    listed = client.get(URL, {"filter[isActive]": "false"}).json()["data"]
    assert [row["id"] for row in listed] == [data["id"]]
    stale = client.put(f"{URL}/{data['id']}", {"name": "X"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"openingHours": {"8": []}}, "openingHours"),
        ({"openingHours": {"0": [["12:00", "8:00"]]}}, "openingHours"),
        ({"latitude": "north"}, "latitude"),
        ({"kind": "castle"}, "kind"),
        ({"managerId": "018f0000-0000-7000-8000-000000000000"}, "managerId"),
    ],
)
def test_wrong_centres_are_refused(change: dict, field: str) -> None:
    answer = api_client(actor=actor_for("owner")).post(URL, {"code": "X", "name": "X", **change}, format="json")
    assert answer.status_code == 400
    assert field in str(answer.json()["error"])
    assert not Branch.objects.exists()


def test_centres_of_others_do_not_exist() -> None:
    foreign = BranchFactory()
    client = api_client(actor=actor_for("owner"))
    assert client.get(URL).json()["data"] == []
    assert client.get(f"{URL}/{foreign.pk}").status_code == 404
    assert client.put(f"{URL}/{foreign.pk}", {"name": "Mine"}, format="json").status_code == 404
    assert api_client().get(URL).status_code == 401
    assert api_client(UserFactory()).get(URL).status_code == 403
    manager = api_client(actor=actor_for("manager", foreign.organization))
    assert manager.get(URL).status_code == 403
    assert manager.post(URL, {"code": "X", "name": "X"}, format="json").status_code == 403
    foreign.refresh_from_db()
    assert foreign.name != "Mine"
