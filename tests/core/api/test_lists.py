"""Lists: paging, filters, sorting, search, chosen fields; what is not declared is refused."""

from zoneinfo import ZoneInfo

import pytest

from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.api import api_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_api")]
URL = "/api/v1/branches"


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def client(owner):
    return api_client(actor=owner)


def _branches(owner, *names):
    return [BranchFactory(organization_id=owner.organization_id, organization=None, name=name) for name in names]


def _names(answer):
    return [row["name"] for row in answer.json()["data"]]


def test_a_list_is_framed_and_paged(client, owner):
    _branches(owner, "c", "a", "b")

    answer = client.get(URL, {"sort": "name", "limit": 2}, HTTP_X_REQUEST_ID="req-1")

    body = answer.json()
    assert answer.status_code == 200
    assert body["success"] is True
    assert _names(answer) == ["a", "b"]
    assert body["pagination"] == {
        "page": 1, "limit": 2, "total": 3, "totalPages": 2, "hasNext": True, "hasPrev": False,
    }  # fmt: skip
    assert body["meta"]["requestId"] == "req-1" == answer["X-Request-ID"]
    assert body["meta"]["timestamp"].endswith("Z")
    assert set(body["data"][0]) == {
        "id", "code", "name", "province", "isActive", "latitude", "createdAt", "version",
    }  # fmt: skip
    assert body["data"][0]["createdAt"].endswith("Z")


def test_the_last_page_and_the_one_after(client, owner):
    _branches(owner, "a", "b", "c")

    last = client.get(URL, {"sort": "name", "limit": 2, "page": 2}).json()
    after = client.get(URL, {"limit": 2, "page": 3}).json()

    assert [row["name"] for row in last["data"]] == ["c"]
    assert (last["pagination"]["hasNext"], last["pagination"]["hasPrev"]) == (False, True)
    assert after["data"] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("filter[name]=b", ["b"]),
        ("filter[name][eq]=b", ["b"]),
        ("filter[name][ne]=b", ["a", "c", "Đà Nẵng"]),
        ("filter[name][in]=a,c", ["a", "c"]),
        ("filter[name][contains]=nẴ", ["Đà Nẵng"]),
        ("filter[isActive]=false", ["c"]),
        ("filter[latitude][isnull]=true", ["a", "b", "Đà Nẵng"]),
        ("filter[latitude][gt]=10.5", ["c"]),
        ("filter[createdAt][gte]=2020-01-01&filter[createdAt][lte]=2020-01-02", []),
        ("filter[version][gte]=1", ["a", "b", "c", "Đà Nẵng"]),
        ("filter[company]=01890000-0000-7000-8000-000000000000", []),
    ],
)
def test_filters(client, owner, query, names):
    _branches(owner, "a", "b", "Đà Nẵng")
    BranchFactory(organization_id=owner.organization_id, organization=None, name="c", is_active=False, latitude="10.6")

    answer = client.get(f"{URL}?{query}&sort=name")

    assert answer.status_code == 200
    assert sorted(_names(answer)) == sorted(names)


def test_a_bare_day_as_upper_end_means_the_whole_day(client, owner):
    branch = _branches(owner, "a")[0]
    day = branch.created_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()

    assert _names(client.get(f"{URL}?filter[createdAt][lte]={day}")) == ["a"]


def test_sorting_down(client, owner):
    _branches(owner, "a", "c", "b")

    assert _names(client.get(URL, {"sort": "name", "order": "desc"})) == ["c", "b", "a"]


def test_search_needs_every_word(client, owner):
    _branches(owner, "quan 1 ben thanh", "quan 7")

    assert _names(client.get(URL, {"search": "Quận Thành"})) == ["quan 1 ben thanh"]


def test_chosen_and_included_fields(client, owner):
    _branches(owner, "a")

    chosen = client.get(URL, {"fields": "name,version"}).json()["data"][0]
    included = client.get(URL, {"include": "companyName"}).json()["data"][0]

    assert chosen == {"name": "a", "version": 1}
    assert included["companyName"]
    assert "companyName" not in client.get(URL).json()["data"][0]


@pytest.mark.parametrize(
    "query",
    [
        "filter[colour]=red",
        "filter[name][gt]=a",
        "filter[name][regex]=a",
        "filter[isActive]=yes",
        "filter[latitude][gt]=high",
        "filter[latitude][gt]=NaN",
        "filter[createdAt][gte]=yesterday",
        "filter[createdAt][gte]=0001-01-01",
        "filter[company]=42",
        "filter[version]=99999999999999999999999",
        "filter[name]=a&filter[name]=b",
        "filter[name]=%00",
        "colour=red",
        "sort=price",
        "sort=name&order=up",
        "order=desc",
        "page=0",
        "page=x",
        "page=99999999999999999999",
        "limit=101",
        "limit=-1",
        "limit=%C2%B2",
        "fields=secret",
        "include=secret",
        "format=xml",
    ],
)
def test_what_is_not_declared_is_refused(client, query):
    answer = client.get(f"{URL}?{query}")

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["code"] == "VALIDATION_001"
    assert error["field"]


def test_messages_follow_the_language_of_the_caller(client):
    vi = client.get(URL, {"page": "0"}, HTTP_ACCEPT_LANGUAGE="vi").json()["error"]["message"]
    en = client.get(URL, {"page": "0"}, HTTP_ACCEPT_LANGUAGE="en").json()["error"]["message"]

    assert en == "A whole number from 1 to 1000000 is needed."
    assert vi != en


def test_another_company_is_not_in_the_list(client, owner):
    BranchFactory(name="foreign")
    _branches(owner, "own")

    assert _names(client.get(URL)) == ["own"]


def test_cursor_pages_hold_still_while_rows_arrive(client, owner):
    _branches(owner, "1", "2", "3")

    first = client.get("/api/v1/ledger", {"limit": 2}).json()
    _branches(owner, "4")
    second = client.get("/api/v1/ledger", {"limit": 2, "cursor": first["pagination"]["nextCursor"]}).json()

    assert [row["name"] for row in first["data"]] == ["3", "2"]
    assert [row["name"] for row in second["data"]] == ["1"]
    assert second["pagination"] == {"limit": 2, "hasNext": False, "nextCursor": None}


@pytest.mark.parametrize("query", ["cursor=zzz", "cursor=%C3%A9", "page=2"])
def test_a_foreign_cursor_is_refused(client, query):
    assert client.get(f"/api/v1/ledger?{query}").status_code == 400
