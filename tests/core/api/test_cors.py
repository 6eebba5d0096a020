"""Apps of other origins: only those that are named, with the headers that the API knows."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
OURS = "https://app.example.com"


@pytest.fixture(autouse=True)
def _origins(settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [OURS]


def ask(origin: str, header: str):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": header}
    return Client().options("/api/v1/auth/login", headers=asked)


@pytest.mark.parametrize("header", ["x-organization", "x-branch", "x-device-id", "idempotency-key", "if-match"])
def test_a_named_origin_may_send_what_the_api_reads(header: str) -> None:
    answer = ask(OURS, header)
    assert answer["Access-Control-Allow-Origin"] == OURS
    assert header in answer["Access-Control-Allow-Headers"].split(", ")


def test_any_other_origin_is_told_nothing() -> None:
    answer = ask("https://elsewhere.example.com", "x-organization")
    assert not answer.has_header("Access-Control-Allow-Origin")
