"""All addresses of the project with what opens them, read from the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

API = "api/v1/"
# Addresses that declare nothing themselves, with who may open them; each was looked at by hand.
BY_HAND = {
    "graphql": "authenticated",
    "healthz": "public",
    "readyz": "public",
    # By a token of its own; unknown to everybody else.
    "metrics": "signature",
    "api/schema/": "public",
    "api/docs/": "public",
    "api/docs/redoc/": "public",
    "files/public/<file_id>/<variant>": "public",
    "files/<file_id>/<signature>/<variant>": "signature",
    "people/<user_id>/picture/<signature>": "signature",
    "i18n/setlang/": "public",
    "log-in/": "public",
    "push-worker.js": "public",
    ".well-known/openid-configuration": "public",
    ".well-known/jwks.json": "public",
    "oauth/authorize": "member",
    "oauth/token": "public",
    "oauth/revoke": "public",
    "oauth/introspect": "public",
    "oauth/userinfo": "public",
    "logos/<slug>": "public",
    "dev/payos/v2/payment-requests": "demo",
    "dev/payos/v2/payment-requests/<key>": "demo",
    "dev/payos/v2/payment-requests/<key>/cancel": "demo",
}
DEMO_ONLY = ("dev/",)
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    right: str
    view: Any
    part: str = ""

    @property
    def is_api(self) -> bool:
        return self.path.startswith(API)

    @property
    def names(self) -> list[str]:
        """The placeholders of the path."""
        return re.findall(r"<(\w+)>", self.path)

    def fill(self, values: dict[str, Any]) -> str:
        """The address with the placeholders filled."""
        return "/" + re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), self.path)

    def __str__(self) -> str:
        return f"{self.method} /{self.path}"


def list_routes() -> list[Route]:
    """Every method of every address, but for the staff CMS and the API's answer to unknown addresses."""
    found = [route for path, pattern in _walk(get_resolver()) for route in _routes_of(path, pattern)]
    return sorted(found, key=lambda route: (route.path, route.method))


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = prefix + _readable(str(pattern.pattern))
        if path.startswith("admin/") or path == f"{API}.*":
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        else:
            yield path, pattern


def _readable(pattern: str) -> str:
    named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", named).replace("^", "").replace("$", "")


def _routes_of(path: str, pattern: URLPattern) -> Iterator[Route]:
    callback = pattern.callback
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if path in BY_HAND:
        yield Route("GET", path, BY_HAND[path], view)
    elif path.startswith(API):
        yield from _api_routes(path, callback, view)
    elif hasattr(view, "check_access"):
        yield from _portal_routes(path, view)
    else:
        yield Route("ANY", path, "undeclared", view)


def _api_routes(path: str, callback: Any, view: Any) -> Iterator[Route]:
    rights = view.rights
    actions = getattr(callback, "actions", None)
    for method in _METHODS:
        if method not in view.http_method_names:
            continue
        if actions is None and hasattr(view, method):
            yield Route(method.upper(), path, _plain(rights.get(method, "nobody")), view)
        elif actions is not None and method in actions:
            name = actions[method]
            right = rights.get(name) or (rights.get("update") if name == "partial_update" else None)
            yield Route(method.upper(), path, _plain(right or "nobody"), view)


def _plain(right: str) -> str:
    """Rights of the staff CMS are no role's: staff is staff here."""
    return right.partition(":")[0]


def _portal_routes(path: str, view: Any) -> Iterator[Route]:
    right = "public" if view.is_public else (view.permission or "member")
    kind = "demo" if path.startswith(DEMO_ONLY) else right
    for method in ("get", "post"):
        if not hasattr(view, method) or method not in view.http_method_names:
            continue
        if "<part>" in path:
            for name, needed in _parts(view):
                yield Route(method.upper(), path.replace("<part>", name), needed or kind, view, name)
        elif "<action>" in path:
            for name, needed in _actions(view):
                yield Route(method.upper(), path.replace("<action>", name), needed or kind, view, name)
        else:
            yield Route(method.upper(), path, kind, view)


def _parts(view: Any) -> Iterator[tuple[str, str]]:
    yield "head", ""
    for fragment in view.fragments:
        yield fragment.name, fragment.permission


def _actions(view: Any) -> Iterator[tuple[str, str]]:
    for name, handler in view.actions.items():
        step = view.table.steps.get(name) if view.table else None
        yield name, (step.permission if step else handler.permission)
