"""Any input the description allows, and much that it does not: never a crash, always a declared answer."""

import json
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.conf import settings as project
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.test import APIClient
from schemathesis.core import NotSet

from tests.proofs.hostile import Sampler, hostile_for, places, replaced
from tests.proofs.routes import Route, list_routes
from tests.proofs.targets import UnknownKindError, address, kind_of
from tests.proofs.unchanged import undone
from tests.proofs.worlds import Side, TwoSides
from tests.support.api import api_client

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DESCRIPTION = json.loads((Path(project.BASE_DIR) / "docs/api/openapi.json").read_text())
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()]
QUIET = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_what_the_description_allows(sides: TwoSides, part: int) -> None:
    client = api_client(actor=sides.ours.owner)
    _fuzz(client, OPERATIONS[part::PARTS], sides.ours, QUIET)


def test_what_the_description_allows_to_a_visitor(sides: TwoSides) -> None:
    _fuzz(api_client(), OPERATIONS, sides.ours, settings(QUIET, max_examples=1))


def _fuzz(client: APIClient, operations: list[Any], side: Side, how: settings) -> None:
    client.raise_request_exception = False
    faults: dict[str, str] = {}
    for operation in operations:

        def knock(case: Any) -> None:
            if fault := _send(client, case, side):
                faults.setdefault(f"{case.operation.label} {fault[:3]}", fault)

        how(given(case=operation.as_strategy())(knock))()
    assert list(faults.values()) == []


def _send(client: APIClient, case: Any, side: Side) -> str:
    """What is wrong with the answer to this case; empty when nothing is. What it changed is taken back."""
    operation, url = case.operation, _address(case, side)
    with undone():
        answer = client.generic(operation.method.upper(), url, *_body_of(case), QUERY_STRING=_query_of(case))
        transaction.set_rollback(True)
    declared = operation.definition.raw["responses"]
    if answer.status_code >= 500 or str(answer.status_code) not in declared:
        return f"{answer.status_code} {operation.label} {url}?{_query_of(case)} {_body_of(case)[0][:400]!r}"
    return ""


def _address(case: Any, side: Side) -> str:
    """The generated address, or the one of a real row: by the length of the generated text, so that both are tried."""
    path = case.operation.path
    route = Route(case.operation.method.upper(), path.strip("/").replace("{", "<").replace("}", ">"), "", None)
    if not route.names or sum(len(str(value)) for value in case.path_parameters.values()) % 3 == 0:
        return str(case.formatted_path)
    return real_address(route, side) or str(case.formatted_path)


def real_address(route: Route, side: Side) -> str:
    """The address of the side's row; empty when the placeholder is no row."""
    try:
        kind = kind_of(route)
    except UnknownKindError:
        return ""
    return address(route, side.rows[kind].pk, side) if kind else ""


def _query_of(case: Any) -> str:
    return urlencode(dict((case.query or {}).items()), doseq=True, errors="replace")


def _body_of(case: Any) -> tuple[bytes, str]:
    """The body as bytes with its content type; every second one without the keys that nobody declared."""
    body = case.body
    if isinstance(body, NotSet):
        return b"", "application/json"
    schema = _resolved(_json_schema(case.operation) or {})
    known = schema.get("properties", {})
    if isinstance(body, dict) and known and len(body) % 2:
        body = {key: value for key, value in body.items() if key in known}
    if case.media_type == "multipart/form-data" or not _is_plain(body):
        return b"--x\r\n", "multipart/form-data; boundary=x"
    return json.dumps(body).encode(), case.media_type or "application/json"


def _is_plain(body: Any) -> bool:
    try:
        json.dumps(body)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_values_in_every_field(sides: TwoSides, part: int) -> None:
    """Each field of each body in turn; the rest of the body is good, so that the field is really looked at."""
    client = api_client(actor=sides.ours.owner)
    client.raise_request_exception = False
    sampler, faults, tried = Sampler(DESCRIPTION, sides.ours), {}, 0
    for operation in OPERATIONS[part::PARTS]:
        schema = _json_schema(operation)
        if schema is None:
            continue
        body = sampler.sample(schema)
        route = Route(operation.method.upper(), operation.path.strip("/").replace("{", "<").replace("}", ">"), "", None)
        url = real_address(route, sides.ours) or route.fill(dict.fromkeys(route.names, "x"))
        for path, inner in places(sampler, schema, body):
            values = hostile_for(inner)
            tried += 1
            for value in (values[tried % len(values)], values[(tried + 5) % len(values)]):
                text = json.dumps(replaced(body, path, value))
                with undone():
                    answer = client.generic(route.method, url, text, content_type="application/json")
                    transaction.set_rollback(True)
                declared = operation.definition.raw["responses"]
                if answer.status_code >= 500 or str(answer.status_code) not in declared:
                    told = f"{answer.status_code} {operation.label} {path}={str(value)[:60]!r}"
                    faults.setdefault(f"{operation.label} {path} {answer.status_code}", told)
    assert list(faults.values()) == []
    assert tried > 30


def _json_schema(operation: Any) -> dict[str, Any] | None:
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    found: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return found


WRITES = [
    ("post", "/api/v1/customers"),
    ("post", "/api/v1/workshop/job-cards"),
    ("post", "/api/v1/appointments"),
    ("post", "/api/v1/auth/login"),
    ("post", "/api/v1/auth/register"),
    ("post", "/api/v1/auth/otp/verify"),
    ("post", "/api/v1/auth/reset-password"),
    ("post", "/api/v1/payments/webhooks/payos"),
    ("post", "/api/v1/orders"),
]
DEEP = b"[" * 100_000 + b"]" * 100_000
BODIES = {
    "ten megabytes": json.dumps({"name": "x" * 10_000_000}).encode(),
    "deep lists": DEEP,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "NaN": b'{"name": NaN, "amount": Infinity, "quantity": -Infinity}',
    "utf-16": '{"name": "Trần Thị"}'.encode("utf-16"),
    "broken utf-8": b'{"name": "\xff\xfe\xc3"}',
    "NUL": b'{"name": "a\\u0000b", "phone": "\\u0000"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "same key twice": b'{"name": "a", "name": "b", "name": []}',
    "cut off": b'{"name": "a',
    "two documents": b"{}{}",
    "a number": b"1",
    "a text": b'"x"',
    "null": b"null",
    "nothing": b"",
    "many keys": json.dumps({f"k{number}": number for number in range(20_000)}).encode(),
    "big number": b'{"quantity": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_none(sides: TwoSides, name: str) -> None:
    for client in (api_client(actor=sides.ours.owner), api_client()):
        client.raise_request_exception = False
        for method, url in WRITES:
            for kind in ("application/json", "application/json; charset=nonsense", "text/xml", "multipart/form-data"):
                began = monotonic()
                answer = client.generic(method.upper(), url, BODIES[name], content_type=kind)
                assert 400 <= answer.status_code < 500, f"{method} {url} as {kind}: {answer.status_code}"
                assert monotonic() - began < 5, f"{method} {url} took too long"


# Companies are turned away before anybody reads the query.
STAFF_ONLY = {f"/{route.path}" for route in list_routes() if route.right == "staff"}


@pytest.mark.parametrize("query", [
    "page=-1", "page=9" * 1, "page=99999999999999999999", "limit=0", "limit=-5", "limit=1e3", "sort=__class__", "sort=-",
    "sort=organization__name", "order=up", "filter[id]=1", "filter[__proto__]=1", "filter[createdAt][gte]=0000-00-00",
    "filter[createdAt][gte]=9999999-01-01", "filter[state][in]=" + "a," * 5_000, "search=%00", "search=%ff%fe",
    "search=" + "a" * 5_000, "search=%25%25%5C", "search='%20OR%201=1", "include=password", "fields=password,,",
    "cursor=xxxx", "cursor=%00", "filter[state]=a&filter[state]=b", "filter[total][gte]=NaN", "a[]=1", "filter[]=x",
    "filter[state][regex]=.*", "search=%F0%9F%98%80", "page=%E0%A5%A7",
])  # fmt: skip
def test_queries_that_are_none(sides: TwoSides, query: str) -> None:
    client = api_client(actor=sides.ours.owner)
    client.raise_request_exception = False
    faults = []
    for operation in OPERATIONS:
        if operation.method == "get" and "{" not in operation.path:
            answer = client.get(operation.path, QUERY_STRING=query)
            is_closed = answer.status_code == 403 and operation.path in STAFF_ONLY
            if answer.status_code not in (200, 400, 404) and not is_closed:
                faults.append(f"{operation.path}?{query[:60]}: {answer.status_code}")
    assert faults == []


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return DESCRIPTION["components"]["schemas"].get(name, schema)
