"""Asking /graphql in tests."""

from typing import Any

from rest_framework.test import APIClient

from apps.core.actor import Actor
from tests.support.api import api_client

URL = "/graphql"


def ask(client: APIClient | Actor, query: str, **variables: Any) -> dict[str, Any]:
    """The whole answer to one question."""
    asker = api_client(actor=client) if isinstance(client, Actor) else client
    return asker.post(URL, {"query": query, "variables": variables}).json()


def data_of(client: APIClient | Actor, query: str, **variables: Any) -> Any:
    """The data of an answer without errors."""
    body = ask(client, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def code_of(body: dict[str, Any]) -> str:
    """The code of the only error."""
    [error] = body["errors"]
    return str(error["extensions"]["code"])
