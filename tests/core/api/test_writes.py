"""Writes: shapes, versions, repeated requests, and every way to be refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from apps.core.api.errors import KeyInFlight
from apps.core.clock import now
from apps.platform.organizations.models import Branch
from apps.platform.system.models import IdempotencyRecord
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.support.api import api_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_api")]
URL = "/api/v1/branches"
NEW = {"code": "Q1", "name": "Quận 1"}


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.fixture
def client(owner):
    return api_client(actor=owner)


@pytest.fixture
def branch(owner):
    return BranchFactory(organization_id=owner.organization_id, organization=None, name="old")


def _error(answer):
    body = answer.json()
    assert body["success"] is False
    assert body["meta"]["requestId"]
    return body["error"]


def test_create_answers_with_the_row_and_its_tag(client, owner):
    answer = client.post(URL, {**NEW, "isActive": False})

    row = Branch.objects.get(organization_id=owner.organization_id)
    assert answer.status_code == 201
    assert answer.json()["data"]["id"] == str(row.pk)
    assert row.is_active is False
    assert answer["ETag"].startswith('W/"1.')


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "code"),
        ({**NEW, "colour": "red"}, "colour"),
        ({**NEW, "is_active": True}, "is_active"),
        ({**NEW, "version": 9}, "version"),
        ({**NEW, "name": "x" * 121}, "name"),
        ({**NEW, "latitude": "1e99999"}, "latitude"),
        ({**NEW, "name": ["x"]}, "name"),
    ],
)
def test_a_body_of_another_shape_is_refused(client, body, field):
    answer = client.post(URL, body)

    error = _error(answer)
    assert answer.status_code == 400
    assert (error["code"], error["field"]) == ("VALIDATION_001", field)
    assert field in error["details"]["fields"]
    assert not Branch.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"code": "Q1", "name": "a\\u0000b"}',
        b'{"code": "Q1", "name": "a\\ud800"}',
        b'{"code": "Q1", "name": NaN}',
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'["a"]',
        b"1" * 5000,
    ],
    ids=["cut", "empty", "encoding", "nul", "half character", "nan", "very deep", "deep", "list", "long number"],
)
def test_a_body_that_cannot_be_read_is_refused(client, raw):
    answer = client.post(URL, raw, content_type="application/json")

    assert answer.status_code == 400
    assert _error(answer)["code"] == "VALIDATION_001"
    assert not Branch.objects.exists()


@pytest.mark.parametrize("raw", [b'{"a":' * 40 + b"1" + b"}" * 40, b'{"a": "\\u0000"}', b'{"a": "\\ud800"}'])
def test_a_body_that_no_column_can_hold_is_refused_whatever_the_address(client, raw):
    answer = client.post("/api/v1/echo", raw, content_type="application/json")

    assert (answer.status_code, _error(answer)["code"]) == (400, "VALIDATION_001")


def test_a_body_that_is_too_large_is_refused(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = client.post(URL, {**NEW, "name": "x" * 100})

    assert answer.status_code == 413


def test_other_content_types_and_methods_are_refused(client):
    media = client.post(URL, "<x/>", content_type="text/xml")
    method = client.delete(URL)

    assert (media.status_code, _error(media)["code"]) == (415, "VALIDATION_001")
    assert (method.status_code, _error(method)["code"]) == (405, "VALIDATION_001")
    assert method["Allow"] == "GET, POST, HEAD"


def test_json_comes_whatever_the_caller_prefers(client, branch):
    assert client.get(f"{URL}/{branch.pk}", HTTP_ACCEPT="text/html").status_code == 200


@pytest.mark.parametrize("key", ["42", "00000000-0000-7000-8000-000000000000", "a%00b", "%F0%9F", "x" * 500])
def test_an_id_that_is_nobodys_is_not_found(client, key):
    answer = client.get(f"{URL}/{key}")

    assert (answer.status_code, _error(answer)["code"]) == (404, "NOT_FOUND_001")


def test_another_companys_row_is_not_found(client):
    foreign = BranchFactory(name="theirs")

    answer = client.put(f"{URL}/{foreign.pk}/rename", {"newName": "mine"})

    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.name == "theirs"


def test_an_address_that_nobody_serves(client):
    answer = client.get("/api/v1/nowhere")

    assert (answer.status_code, _error(answer)["code"]) == (404, "NOT_FOUND_001")


def test_a_stranger_is_asked_to_log_in():
    answer = api_client().get(URL)

    assert (answer.status_code, _error(answer)["code"]) == (401, "AUTH_002")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_without_the_right_nothing_happens(owner, branch):
    answer = api_client(actor=actor_for("technician", branch.organization)).put(
        f"{URL}/{branch.pk}/rename", {"newName": "x"}
    )

    assert (answer.status_code, _error(answer)["code"]) == (403, "AUTH_003")
    branch.refresh_from_db()
    assert branch.name == "old"


def test_an_action_without_declared_right_is_refused(client):
    assert client.get(f"{URL}/forgotten").status_code == 403


def test_a_refusal_of_the_business_names_its_rule(client):
    answer = client.get(f"{URL}/refuse")

    assert answer.status_code == 422
    assert _error(answer) == {
        "code": "BUSINESS_001",
        "message": "No.",
        "details": {"rule": "refused", "lines": [{"nextFree": "at_ten"}]},
        "field": "unitPrice",
    }


def test_a_fault_shows_nothing_of_the_inside(client, branch):
    client.raise_request_exception = False

    answer = client.put(f"{URL}/{branch.pk}/fall", {})

    assert (answer.status_code, _error(answer)["code"]) == (500, "SERVER_001")
    assert b"secret" not in answer.content
    assert b"ZeroDivision" not in answer.content


@pytest.mark.parametrize("method", ["put", "post"])
def test_a_step_works_by_put_and_post(client, branch, method):
    answer = getattr(client, method)(f"{URL}/{branch.pk}/rename", {"newName": "new"})

    assert answer.status_code == 200
    assert answer.json()["data"]["name"] == "new"
    assert answer["ETag"].startswith('W/"2.')


def test_a_field_checks_itself_under_its_python_name(client, branch):
    answer = client.put(f"{URL}/{branch.pk}/rename", {"newName": "forbidden"})

    assert (answer.status_code, _error(answer)["field"]) == (400, "newName")
    branch.refresh_from_db()
    assert branch.name == "old"


def test_calculated_fields_keep_their_method(client, branch):
    data = client.get(f"{URL}/{branch.pk}", {"fields": "longName"}).json()["data"]

    assert data == {"longName": f"{branch.code} old"}


def test_partial_update_and_delete(client, branch):
    changed = client.patch(f"{URL}/{branch.pk}", {"name": "new"})
    gone = client.delete(f"{URL}/{branch.pk}")

    assert changed.json()["data"]["name"] == "new"
    assert (gone.status_code, gone.content) == (204, b"")
    assert not Branch.objects.exists()


@pytest.mark.parametrize("path", ["rename", ""])
def test_a_lost_update_is_refused(client, branch, path):
    url = f"{URL}/{branch.pk}/{path}".rstrip("/")
    body = {"newName": "mine"} if path else {"name": "mine"}
    read = client.get(f"{URL}/{branch.pk}")["ETag"]
    Branch.objects.get(pk=branch.pk).save_changes("name")
    send = client.put if path else client.patch

    stale = send(url, body, HTTP_IF_MATCH=read)
    fresh = send(url, body, HTTP_IF_MATCH='"2"')

    assert (stale.status_code, _error(stale)["code"]) == (409, "DUPLICATE_001")
    assert fresh.status_code == 200
    assert send(url, body, HTTP_IF_MATCH="*").status_code == 200
    assert send(url, body, HTTP_IF_MATCH="nonsense").status_code == 400


def test_what_has_not_changed_is_not_sent_again(client, branch):
    first = client.get(f"{URL}/{branch.pk}")
    second = client.get(f"{URL}/{branch.pk}", HTTP_IF_NONE_MATCH=first["ETag"])
    branch.save_changes("name")
    third = client.get(f"{URL}/{branch.pk}", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (second.status_code, second.content) == (304, b"")
    assert third.status_code == 200


def test_files_and_forms_reach_the_view(client):
    answer = client.post("/api/v1/echo", {"note": "a"}, format="multipart")

    assert answer.json()["data"] == {"got": {"note": "a"}}


def test_many_rows_at_once_each_for_itself(client):
    rows = [NEW, NEW, {"code": "Q2"}, {**NEW, "code": "Q3"}]

    answer = client.post(f"{URL}/bulk", {"rows": rows})

    data = answer.json()["data"]
    assert answer.status_code == 200
    assert [row["success"] for row in data["rows"]] == [True, False, False, True]
    assert data["rows"][1]["error"]["code"] == "DUPLICATE_001"
    assert data["rows"][2]["error"]["field"] == "name"
    assert (data["created"], data["refused"]) == (2, 2)
    assert set(Branch.objects.values_list("code", flat=True)) == {"Q1", "Q3"}


def test_too_many_rows_are_refused(client):
    assert client.post(f"{URL}/bulk", {"rows": [NEW] * 501}).status_code == 400
    assert client.post(f"{URL}/bulk", {"rows": []}).status_code == 400
    assert not Branch.objects.exists()


class TestIdempotencyKey:
    def test_the_same_request_acts_once(self, client):
        first = client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")
        second = client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")

        assert Branch.objects.count() == 1
        assert (second.status_code, second.json()) == (first.status_code, first.json())
        assert second["Idempotent-Replayed"] == "true"

    def test_another_body_under_the_same_key_is_refused(self, client):
        client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")

        answer = client.post(URL, {**NEW, "code": "Q2"}, HTTP_IDEMPOTENCY_KEY="k1")

        assert answer.status_code == 409
        assert Branch.objects.count() == 1

    def test_a_refusal_is_repeated_too(self, client):
        client.post(URL, NEW)
        first = client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")
        Branch.objects.all().delete()

        second = client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")

        assert (first.status_code, second.status_code) == (409, 409)
        assert second.json() == first.json()
        assert not Branch.objects.exists()

    def test_a_fault_is_forgotten_and_leaves_nothing(self, client, branch):
        client.raise_request_exception = False

        answer = client.put(f"{URL}/{branch.pk}/fall", {}, HTTP_IDEMPOTENCY_KEY="k1")

        branch.refresh_from_db()
        assert answer.status_code == 500
        assert branch.name == "old"
        assert not IdempotencyRecord.objects.exists()

    def test_keys_of_two_people_do_not_meet(self, client):
        client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")

        answer = api_client(actor=actor_for("owner")).post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")

        assert answer.status_code == 201
        assert Branch.objects.count() == 2

    def test_an_old_key_is_free_again(self, client):
        client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")
        IdempotencyRecord.objects.update(created_at=now() - timedelta(hours=25))

        answer = client.post(URL, {**NEW, "code": "Q2"}, HTTP_IDEMPOTENCY_KEY="k1")

        assert answer.status_code == 201

    def test_while_the_first_runs_the_second_is_asked_to_wait(self, client):
        client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")
        IdempotencyRecord.objects.update(status=None, body=None)

        answer = client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1")
        assert (answer.status_code, _error(answer)["message"]) == (409, str(KeyInFlight()))
        assert Branch.objects.count() == 1

    def test_a_key_that_cannot_be_one(self, client):
        assert client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="x" * 129).status_code == 400
        assert client.post(URL, NEW, HTTP_IDEMPOTENCY_KEY="").status_code == 400
        assert not Branch.objects.exists()

    def test_a_file_is_part_of_the_content(self, client):
        def send(content):
            file = SimpleUploadedFile("a.txt", content)
            return client.post(URL, {**NEW, "name": "x", "file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY="k1")

        assert send(b"one").status_code == 400
        assert send(b"two").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_act_once():
    owner = actor_for("owner")

    def send(_number):
        try:
            return api_client(actor=owner).post(URL, NEW, HTTP_IDEMPOTENCY_KEY="k1").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(send, range(10)))

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Branch.objects.count() == 1
    assert json.loads(json.dumps(IdempotencyRecord.objects.get().body))["success"] is True
    connection.close()
