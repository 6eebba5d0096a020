"""The staff CMS speaks Vietnamese: no text of ours, no column and no choice is left in English."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation

from apps.core.testing.admin import list_admins, page_of
from tests.factories.accounts import UserFactory
from tests.support.admin_world import build_world

ROOT = Path(__file__).resolve().parents[3]
# The same in both languages.
INTERNATIONAL = {"id", "ip", "email", "url", "bio", "sku", "vin", "sha256", "redis", "telegram", "slug", "icon", "logo"}


class Words(HTMLParser):
    """Texts that a person sees or hears."""

    def __init__(self):
        super().__init__()
        self.found, self.hidden = set(), 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"script", "style", "template"}
        for name, value in attrs:
            if name in {"title", "placeholder", "aria-label", "data-label"} and value:
                self.found.add(" ".join(value.split()))

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style", "template"}

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and not self.hidden and not text.startswith(("check_", "arrow_")):
            self.found.add(text)


def _english():
    """English texts that have another Vietnamese one."""
    found = set()
    for path in ROOT.glob("locale/*/vi/LC_MESSAGES/django.po"):
        with path.open("rb") as opened:
            for message in read_po(opened):
                if isinstance(message.id, str) and message.string and len(message.id) > 3:
                    differs = message.id.casefold() != str(message.string).casefold()
                    if differs and " " in message.id and "%" not in message.id:
                        found.add(message.id.casefold())
    return found


@pytest.mark.django_db
def test_no_page_shows_english():
    build_world()
    client = Client()
    client.force_login(
        UserFactory(is_staff=True, is_superuser=True), backend="apps.platform.accounts.backends.EmailOrPhoneBackend"
    )
    english, left = _english(), {}
    for model_admin in list_admins():
        row = model_admin.model._default_manager.first()
        pages = [page_of(model_admin, "changelist"), page_of(model_admin, "add")]
        pages += [page_of(model_admin, "change", row)] if row is not None else []
        for url in pages:
            words = Words()
            words.feed(client.get(url).content.decode())
            if shown := {word for word in words.found if word.casefold().rstrip(":*") in english}:
                left[re.sub(r"[0-9a-f-]{36}", "…", url)] = shown

    assert left == {}


def test_no_column_and_no_choice_is_english():
    left = []
    with translation.override("vi"):
        for model_admin in list_admins():
            for model in (model_admin.model, *(inline.model for inline in model_admin.inlines)):
                for field in model._meta.concrete_fields:
                    words = str(field.verbose_name)
                    plain = field.name.replace("_", " ")
                    if words.casefold() == plain and words.casefold() not in INTERNATIONAL:
                        left.append(f"{model._meta.label}.{field.name}")
                kinds = {model.__name__.casefold(), f"{model.__name__}s".casefold()}
                left += [
                    f"{model._meta.label}: {names}"
                    for names in (model._meta.verbose_name, model._meta.verbose_name_plural)
                    if str(names).casefold().replace(" ", "") in kinds
                ]

    assert sorted(set(left)) == []
