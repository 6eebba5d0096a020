"""The template components: what they show, what they escape, and that nothing in them needs inline code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import RequestFactory
from django_cotton import render_component

from apps.core.portal.gallery import sample_context

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "cotton").glob("*.html"))
# Parts of other components, and those that only the shells draw.
NOT_IN_GALLERY = {"field_mark", "page_query", "toasts", "palette_item", "drawer", "icon", "form_errors"}
HOSTILE = '"><script>alert(1)</script>'


def draw(name: str, /, **attributes: object) -> str:
    return render_component(RequestFactory().get("/?q=a%26b&page=2"), name, attributes)


@pytest.fixture
def gallery() -> str:
    request = RequestFactory().get("/dev/ui/")
    request.user = AnonymousUser()
    return get_template("dev/ui.html").render(sample_context(), request)


def test_the_gallery_shows_every_component():
    sources = "".join(path.read_text() for path in (TEMPLATES / "dev").glob("*.html"))
    used = {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", sources)} - {"slot"}

    assert sorted({*COMPONENTS} - used - NOT_IN_GALLERY) == []


def test_the_gallery_has_no_inline_code(gallery):
    assert "<c-" not in gallery
    assert re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", gallery) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", gallery) == []
    assert "<style" not in gallery


def test_every_icon_that_is_drawn_is_in_the_sprite(gallery):
    sprite = (Path(settings.BASE_DIR) / "static/baylink/icons.svg").read_text()
    drawn = set(re.findall(r"icons\.svg#([^\"]+)", gallery))

    assert len(drawn) > 30
    assert [name for name in drawn if f'id="{name}"' not in sprite] == []


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("badge", "label"),
        ("button", "label"),
        ("button", "href"),
        ("card", "title"),
        ("stat", "value"),
        ("empty", "text"),
        ("alert", "text"),
        ("plate", "number"),
        ("person", "name"),
        ("copy", "value"),
        ("search", "value"),
        ("timeline_item", "title"),
        ("menu_item", "label"),
        ("palette_item", "href"),
        ("board_card", "waits"),
    ],
)
def test_what_people_typed_is_escaped(name, attribute):
    shown = draw(name, **{attribute: HOSTILE})

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_attributes_that_a_component_does_not_know_reach_its_element():
    shown = draw("button", **{"label": "Gửi", "hx-post": "/send/", "submit": "yes", "variant": "primary"})

    assert re.search(r'<button type="submit" class="btn btn-primary\s*"\s+hx-post="/send/">', shown)


def test_a_components_names_do_not_leak_from_the_page():
    page = {"title": "LEAK", "actions": "LEAK", "foot": "LEAK", "icon": "LEAK", "state": "LEAK", "label": "LEAK"}
    template = get_template("dev/ui_blocks.html")

    assert "LEAK" not in template.render({**sample_context(), **page}, RequestFactory().get("/"))


def test_pagination_keeps_the_rest_of_the_query():
    shown = draw("pagination", page=sample_context()["page"])

    assert 'href="?q=a%26b&amp;page=2"' in shown
    assert 'href="?q=a%26b&amp;page=4"' in shown


def test_a_wrong_field_names_its_error_and_help():
    form = sample_context()["forms"]["light"]
    shown = draw("field", field=form["plate"], kind="plate")

    assert 'aria-invalid="true"' in shown
    assert 'id="id_light-plate_error"' in shown
    assert 'id="id_light-plate_helptext"' in shown
    assert 'for="id_light-plate"' in shown


@pytest.mark.parametrize("name", ["403", "404", "409", "410", "500", "503", "maintenance"])
def test_error_pages_need_no_context(name):
    shown = get_template(f"errors/{name}.html").render({}, RequestFactory().get("/"))

    assert "<h1>" in shown
    assert "baylink/css/app.css" in shown
