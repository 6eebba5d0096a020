"""Who gets in at /graphql, and what the answers look like."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.graphql.rights import right_of
from apps.platform.accounts.models import User
from apps.platform.accounts.services import log_in_app
from config.graphql import schema
from tests.factories.accounts import PASSWORD
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory
from tests.support.api import api_client
from tests.support.graph import URL, ask, code_of, data_of
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
ME = "{ me { id email organization { id name } permissions } }"


def test_its_address():
    assert reverse("graphql") == URL


def test_every_question_and_change_names_its_right():
    for kind in ("Query", "Mutation"):
        definition = schema.get_type_by_name(kind)
        without = [field.python_name for field in definition.fields if not right_of(field)]
        assert without == []


def test_strangers_are_asked_to_log_in():
    for answer in (api_client().post(URL, {"query": ME}), api_client().get(URL, {"query": ME})):
        assert (answer.status_code, code_of(answer.json())) == (401, "AUTH_002")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_dead_token_is_refused():
    client = api_client()
    client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    answer = client.post(URL, {"query": ME})
    assert (answer.status_code, code_of(answer.json())) == (401, "AUTH_002")


def test_an_app_asks_with_its_token_in_the_named_company():
    actor = actor_for("owner")
    user = User.objects.get(pk=actor.user_id)
    client = api_client()
    token = log_in_app(user.email, PASSWORD).access_token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_X_ORGANIZATION=str(actor.organization_id))
    me = data_of(client, ME)["me"]
    assert (me["id"], me["organization"]["id"]) == (str(user.pk), str(actor.organization_id))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_X_ORGANIZATION=str(OrganizationFactory().pk))
    answer = client.post(URL, {"query": ME})
    assert (answer.status_code, code_of(answer.json())) == (404, "NOT_FOUND_001")


def test_a_browser_needs_the_csrf_token_for_posts():
    actor = actor_for("owner")
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser_of(actor).cookies
    body = json.dumps({"query": ME})
    refused = client.post(URL, body, content_type="application/json")
    assert (refused.status_code, code_of(refused.json())) == (403, "AUTH_003")
    assert client.get(URL, {"query": ME}).json()["data"]["me"]["id"] == str(actor.user_id)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(URL, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert answer.json()["data"]["me"]["id"] == str(actor.user_id)


def test_forms_and_plain_texts_are_not_understood():
    client = api_client(actor=actor_for("owner"))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.generic("POST", URL, '{"query": "{ me { id } }"}', content_type=kind)
        assert answer.status_code == 415


def test_get_changes_nothing():
    client = api_client(actor=actor_for("owner"))
    answer = client.get(URL, {"query": 'mutation { updateProfile(input: {lastName: "X"}) { id } }'})
    assert answer.status_code == 405
    two = 'query A { unreadCount } mutation B { updateProfile(input: {lastName: "X"}) { id } }'
    assert client.get(URL, {"query": two, "operationName": "A"}).json()["data"] == {"unreadCount": 0}
    assert client.get(URL, {"query": two, "operationName": "B"}).status_code == 405
    assert not User.objects.filter(last_name="X").exists()


def test_get_takes_variables():
    client = api_client(actor=member_with("vehicle.view"))
    query = "query($n: Int!) { vehicles(first: $n) { totalCount } }"
    answer = client.get(URL, {"query": query, "variables": '{"n": 3}'})
    assert answer.json()["data"] == {"vehicles": {"totalCount": 0}}
    for bad in ("{", "[1]", '"x"', "[" * 2000):
        assert client.get(URL, {"query": query, "variables": bad}).status_code == 400
    assert client.get(URL, {"query": query, "nonsense": "1"}).status_code == 400
    assert client.get(URL).status_code == 400


def test_errors_speak_the_callers_language_and_name_the_request():
    client = api_client(actor=member_with("report.view"))
    bodies = {
        language: client.post(
            URL,
            {"query": "{ vehicles { totalCount } }"},
            headers={"Accept-Language": language, "X-Request-ID": "abc-1"},
        ).json()
        for language in ("vi", "en")
    }
    error = bodies["en"]["errors"][0]
    assert error["message"] == "You have no right to do this."
    assert bodies["vi"]["errors"][0]["message"] == "Bạn không có quyền thực hiện việc này."
    assert error["path"] == ["vehicles"]
    assert error["extensions"] == {
        "code": "AUTH_003",
        "details": {"permission": "vehicle.view"},
        "requestId": "abc-1",
    }
    assert bodies["en"]["data"] is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        "text",
        7,
        {},
        {"query": ""},
        {"query": 5},
        {"query": "{"},
        {"query": "{ nonsense }"},
        {"query": "{ me { nonsense } }"},
        {"query": "{ me }"},
        {"query": "{ vehicles(nonsense: 1) { totalCount } }"},
        {"query": "query($n: Int!) { vehicles(first: $n) { totalCount } }"},
        {"query": "query($n: Int!) { vehicles(first: $n) { totalCount } }", "variables": {"n": "x"}},
        {"query": "query($n: Int!) { vehicles(first: $n) { totalCount } }", "variables": {"n": 1e99}},
        {"query": "{ me { id } }", "variables": [1]},
        {"query": "{ me { id } }", "operationName": 5},
        {"query": "{ me { id } }", "operationName": "A"},
        {"query": "{ me { id } }", "more": 1},
        {"query": "subscription { me { id } }"},
        {"query": "{ me { id } } { me { id } }"},
        [],
        [{"query": "{ me { id } }"}] * 6,
        [{"query": "{ me { id } }"}, 5],
    ],
)
def test_what_cannot_be_run_is_a_bad_request(body):
    client = api_client(actor=member_with("vehicle.view"))
    answer = client.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert code_of(answer.json()) == "VALIDATION_001"
    assert "nonsense" not in answer.json()["errors"][0]["message"]
    assert "Did you mean 'id" not in answer.content.decode()


def test_a_body_that_is_no_json_or_too_large_is_refused():
    client = api_client(actor=member_with("vehicle.view"))
    assert client.generic("POST", URL, "{", content_type="application/json").status_code == 400
    large = json.dumps({"query": "{ me { id } }", "variables": {"x": "y" * 6_000_000}})
    assert client.generic("POST", URL, large, content_type="application/json").status_code in (400, 413)


def test_up_to_five_questions_at_once_within_one_budget():
    client = api_client(actor=member_with("vehicle.view"))
    answer = client.post(URL, [{"query": "{ unreadCount }"}, {"query": "{ vehicles { totalCount } }"}])
    assert [one["data"] for one in answer.json()] == [{"unreadCount": 0}, {"vehicles": {"totalCount": 0}}]
    fields = "id plate vin year color status makeName modelName customerName customerPhone version createdAt odometerKm"
    large = {"query": f"{{ vehicles(first: 100) {{ edges {{ node {{ {fields} }} }} }} }}"}
    assert client.post(URL, large).status_code == 200
    assert client.post(URL, [large] * 5).status_code == 200
    larger = {
        "query": "{ "
        + " ".join(f"a{n}: vehicles(first: 100) {{ edges {{ node {{ {fields} }} }} }}" for n in range(3))
        + "}"
    }
    refused = client.post(URL, [larger] * 3)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["extensions"]["details"] == {"limit": "cost", "allowed": 10000}


def test_the_answer_says_what_it_cost():
    assert ask(member_with("vehicle.view"), "{ vehicles(first: 5) { edges { node { id } } } }")["extensions"] == {
        "cost": 12
    }


def test_in_production_only_staff_ask_about_the_schema(settings):
    actor = member_with("vehicle.view")
    query = "{ __schema { queryType { name } } }"
    assert data_of(actor, query)["__schema"]["queryType"]["name"] == "Query"
    settings.DEMO = settings.DEBUG = False
    assert code_of(ask(actor, query)) == "VALIDATION_001"
    User.objects.filter(pk=actor.user_id).update(is_staff=True)
    assert data_of(actor, query)["__schema"]["queryType"]["name"] == "Query"


def test_a_fault_of_ours_shows_nothing_of_the_inside(monkeypatch):
    def fail(actor):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("apps.platform.notifications.selectors.count_unread", fail)
    body = ask(member_with(), "{ unreadCount }")
    assert code_of(body) == "SERVER_001"
    assert "secret" not in json.dumps(body)


def test_maintenance_is_told_as_json(monkeypatch):
    monkeypatch.setattr("apps.platform.system.middleware.get_setting", lambda key, *a: "maintenance" in key or "")
    answer = api_client(actor=member_with()).post(URL, {"query": ME})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")


def test_the_profile_is_changed_and_bad_values_are_refused_beside_their_field():
    actor = actor_for("technician")
    change = "mutation($p: ProfileInput!) { updateProfile(input: $p) { lastName firstName language } }"
    assert data_of(actor, change, p={"lastName": "Lê", "language": "en"})["updateProfile"]["lastName"] == "Lê"
    body = ask(actor, change, p={"language": "xx"})
    assert code_of(body) == "VALIDATION_001"
    assert body["errors"][0]["extensions"]["field"] in ("language", "")
    user = User.objects.get(pk=actor.user_id)
    assert (user.last_name, user.language) == ("Lê", "en")
