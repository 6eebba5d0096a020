"""The description of the API says what the API does."""

import json

import pytest
from django.urls import clear_url_caches, reverse

from apps.core.management.commands.openapi import build_text

SAMPLE = "tests.support.sample_api"


@pytest.fixture
def schema(settings):
    settings.ROOT_URLCONF = SAMPLE
    settings.SPECTACULAR_SETTINGS = {**settings.SPECTACULAR_SETTINGS}
    clear_url_caches()
    yield json.loads(build_text())
    clear_url_caches()


def test_it_is_written_the_same_way_each_time(schema, settings):
    assert json.loads(build_text()) == schema
    assert schema["openapi"] == "3.1.0"


def test_lists_show_paging_and_bracket_filters(schema):
    operation = schema["paths"]["/api/v1/branches"]["get"]

    names = {parameter["name"] for parameter in operation["parameters"]}
    body = operation["responses"]["200"]["content"]["application/json"]
    assert {
        "page", "limit", "sort", "order", "search", "fields", "include",
        "filter[name]", "filter[name][in]", "filter[latitude][isnull]",
    } <= names  # fmt: skip
    page = schema["components"]["schemas"]["PaginatedBranchShapeList"]
    assert set(page["properties"]) == {"success", "data", "message", "pagination", "meta"}
    assert body["example"]["pagination"]["page"] == 1
    assert body["example"]["data"][0]["code"] == "text"


def test_single_rows_are_framed(schema):
    body = schema["paths"]["/api/v1/branches/{id}"]["get"]["responses"]["200"]["content"]["application/json"]

    assert set(body["schema"]["properties"]) == {"success", "data", "message", "meta"}


def test_steps_show_input_headers_and_right(schema):
    operation = schema["paths"]["/api/v1/branches/{id}/rename"]["put"]

    assert operation["summary"] == "Rename: branch"
    assert operation["x-right"] == "staff.edit"
    assert "staff.edit" in operation["description"]
    assert {"Idempotency-Key", "If-Match"} <= {parameter["name"] for parameter in operation["parameters"]}
    shape = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert list(schema["components"]["schemas"][shape]["properties"]) == ["newName"]


def test_every_operation_tells_its_refusals(schema):
    for path in schema["paths"].values():
        for operation in path.values():
            assert {"400", "401", "403", "404", "409", "422", "429", "default"} <= operation["responses"].keys()
            assert operation["summary"]


def test_public_addresses_ask_for_no_log_in(schema):
    operation = schema["paths"]["/api/v1/echo"]["post"]

    assert operation.get("security", []) == []
    assert operation["description"].endswith("Needs no log-in.")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["api-docs", "api-redoc"])
def test_the_readers_need_no_inline_script(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert b"<script>" not in answer.content
