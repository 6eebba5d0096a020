"""Every form of every page with texts that nobody should send: refused or taken as text, never a crash."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.proofs.hostile import TEXTS
from tests.proofs.routes import Route, list_routes
from tests.proofs.targets import address, list_row_routes, row_of
from tests.proofs.unchanged import undone
from tests.proofs.worlds import TwoSides
from tests.support.portal import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHOSEN = ("select", "radio", "checkbox", "hidden")
PARTS = 2
PORTALS = ("garage", "distributor")
NEVER = ("/logout/", "/language/", "/i18n/")


class FormReader(HTMLParser):
    """Forms with their fields, and buttons that post by themselves."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self._open = url, [], None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attributes}
        if tag == "form":
            if found.get("method", "get").lower() == "post" or "hx-post" in found:
                self._open = (found.get("hx-post") or found.get("action") or self.url, {})
                self.forms.append(self._open)
        elif "hx-post" in found:
            self.forms.append((found["hx-post"], {}))
        elif tag in ("input", "textarea", "select") and self._open and found.get("name"):
            kind = tag if tag == "select" else found.get("type", "text")
            self._open[1].setdefault(found["name"], (kind, found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def pages(sides: TwoSides) -> Iterator[tuple[Client, str]]:
    """All pages that the owner of our garage, our distributor and a customer can open; a screen of both portals once."""
    owner, seller, visitor = browser_of(sides.ours.owner), browser_of(sides.ours.seller), Client()
    rows, seen = list_row_routes(), set()
    for route in list_routes():
        if route.is_api or route.method != "GET" or route.right in ("signature", "demo") or "/part/" in route.path:
            continue
        screen = _screen(route)
        if screen in seen:
            continue
        seen.add(screen)
        client = seller if route.path.startswith("distributor/") else owner
        if route.names and route not in rows:
            url = _common(route, sides)
            client = visitor
        else:
            url = address(route, row_of(route, sides.ours), sides.ours) if route.names else f"/{route.path}"
        if url and not url.startswith(NEVER):
            yield client, url


def _screen(route: Route) -> tuple[str, ...]:
    """What is the same in both portals: the class of the page but for the portal's name, its address there, its action."""
    portal, _, rest = route.path.partition("/")
    if portal not in PORTALS:
        return (route.path, route.part)
    name = route.view.__qualname__.removeprefix("Garage").removeprefix("Distributor")
    return (route.view.__module__, name, rest, route.part)


def _common(route: Route, sides: TwoSides) -> str:
    purposes = {"a/": "appointment", "e/": "estimate", "f/": "feedback", "i/": "invoice"}
    token = sides.ours.tokens.get(purposes.get(route.path[:2], ""))
    if token and route.names == ["token"]:
        return route.fill({"token": token})
    return route.fill({"slug": sides.ours.world.garage.organization.slug}) if route.path == "g/<slug>/" else ""


def forms(sides: TwoSides, part: int) -> list[tuple[Client, str, dict[str, tuple[str, str]]]]:
    """Every form of a part of the pages once, by its address and the names of its fields."""
    found: dict[tuple[str, tuple[str, ...]], Any] = {}
    for client, url in list(pages(sides))[part::PARTS]:
        client.raise_request_exception = False
        answer = client.get(url)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        reader = FormReader(url)
        reader.feed(answer.content.decode())
        for target, fields in reader.forms:
            if target and not target.startswith((*NEVER, "#", "http")):
                found.setdefault((urlsplit(target).path, tuple(sorted(fields))), (client, target, fields))
    return [found[key] for key in sorted(found)]


def posts(fields: dict[str, tuple[str, str]], seed: int) -> Iterator[dict[str, Any]]:
    """Nothing; everything hostile; choices kept and texts hostile; a file that is none."""
    text = TEXTS[seed % len(TEXTS)]
    other = TEXTS[(seed + 5) % len(TEXTS)]
    usable = [value.encode(errors="replace").decode() for value in (text, other)]
    yield {}
    yield dict.fromkeys(fields, usable[0])
    yield {name: value if kind in CHOSEN else usable[1] for name, (kind, value) in fields.items()}
    yield {name: [usable[1]] * 3 for name in fields}
    if any(kind == "file" for kind, _value in fields.values()):
        yield {
            name: SimpleUploadedFile("x.php.png\x00.svg", b"<svg onload=alert(1)>", "image/png")
            if kind == "file"
            else value
            for name, (kind, value) in fields.items()
        }


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_texts_in_every_form(sides: TwoSides, part: int) -> None:
    found = forms(sides, part)
    faults = []
    for number, (client, url, fields) in enumerate(found):
        for data in posts(fields, number):
            with undone():
                answer = client.post(url, data)
                transaction.set_rollback(True)
            if answer.status_code == 500:
                faults.append(f"{url} {str(data)[:300]}")
                break
            if b"<script>alert(1)</script>" in answer.content:
                faults.append(f"{url} shows a script")
    assert faults == []
    assert len(found) > 40, [url for _client, url, _fields in found]
