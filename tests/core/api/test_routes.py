"""Every address of the API says which right it needs, and keeps strangers out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.api.fallbacks import UnknownAddress
from apps.core.api.permissions import AUTHENTICATED, PUBLIC, DeclaredPermission
from apps.core.api.views import ApiMixin
from tests.support.api import api_client

SOME_ID = "0197a3c0-5d1e-7b6a-9a43-2f6f0b1c2d3e"


def _patterns(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def _routes() -> list[tuple[str, Any, dict[str, str]]]:
    """(path, view class, method → action) of everything below /api/v1/."""
    found = []
    for path, callback in _patterns(get_resolver("config.urls").url_patterns):
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        if path.startswith("api/v1/") and view is not UnknownAddress:
            actions = getattr(callback, "actions", None)
            if actions is None:
                actions = {name: name for name in view.http_method_names if hasattr(view, name)}
            found.append((path, view, actions))
    return found


ROUTES = _routes()


def _right(view: Any, action: str) -> str | None:
    rights = view.rights
    return rights.get(action) or rights.get({"head": "get", "partial_update": "update"}.get(action, ""))


@pytest.mark.parametrize(("path", "view", "actions"), ROUTES, ids=[path for path, _v, _a in ROUTES])
def test_every_action_declares_its_right(path, view, actions):
    assert issubclass(view, ApiMixin), "resources and addresses are built on the API base"
    assert view.permission_classes == [DeclaredPermission]
    for action in actions.values():
        right = _right(view, action)
        assert right in (PUBLIC, AUTHENTICATED) or (right and "." in right), f"{path} {action}: {right}"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "view", "actions"), ROUTES, ids=[path for path, _v, _a in ROUTES])
def test_strangers_are_kept_out(path, view, actions):
    client = api_client()
    url = "/" + _fill(path)
    for method, action in list(actions.items()):
        if _right(view, action) == PUBLIC or method == "head":
            continue
        answer = getattr(client, method)(url)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_002"), f"{method} {url}"


def _fill(path: str) -> str:
    """An address with some id in every variable."""

    path = re.sub(r"\(\?P<\w+>[^)]*\)", SOME_ID, path)
    path = re.sub(r"<int:[^>]+>", "1", path)
    return re.sub(r"<[^>]+>", SOME_ID, path).replace("^", "").replace("$", "").replace("\\Z", "")
