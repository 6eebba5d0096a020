"""Catalogues: collected from code and templates, kept translations, faults told."""

import gettext
import io

import pytest

from apps.core import catalogues
from apps.core.catalogues import Sources

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
one = _("Save")
many = ngettext("%(n)s car", "%(n)s cars", 2)
same = pgettext("noun", "Order")
"""
PAGE = '{% load i18n %}<p title="{% trans "Close" %}">{% blocktrans %}Hello {{ name }}{% endblocktrans %}</p>'


@pytest.fixture
def project(tmp_path):
    code, pages = tmp_path / "apps" / "shop", tmp_path / "templates" / "shop"
    code.mkdir(parents=True)
    pages.mkdir(parents=True)
    (code / "views.py").write_text(CODE)
    (pages / "page.html").write_text(PAGE)
    return tmp_path, Sources("shop", (code,), (pages,))


def _ids(catalogue):
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}


def test_texts_of_code_and_templates_are_collected(project):
    collected = catalogues.merge(catalogues.collect(*project))

    assert _ids(collected) == {"Save", "%(n)s car", "Order", "Close", "Hello %(name)s"}
    assert {place for place, _line in collected["Close"].locations} == {"templates/shop/page.html"}


def test_what_is_translated_stays_and_what_is_gone_goes(project):
    kept = catalogues._empty()
    kept.add("Save", "Lưu")
    kept.add("Gone", "Mất")
    other = catalogues._empty()
    other.add("Close", "Đóng")

    merged = catalogues.merge(catalogues.collect(*project), kept, other)

    assert merged["Save"].string == "Lưu"
    assert merged["Close"].string == "Đóng"
    assert "Gone" not in merged


def test_it_survives_being_written_and_read(project, tmp_path):
    merged = catalogues.merge(catalogues.collect(*project))
    path = catalogues.po_path(tmp_path, "shop")
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogues.render_po(merged))

    again = catalogues.merge(catalogues.collect(*project), catalogues.read(path))

    assert catalogues.render_po(again) == path.read_bytes()
    assert catalogues.render_mo(catalogues.read(path)) == catalogues.render_mo(again)


def test_compiled_it_speaks(project, tmp_path):
    kept = catalogues._empty()
    kept.add(("%(n)s car", "%(n)s cars"), ("%(n)s xe",))
    merged = catalogues.merge(catalogues.collect(*project), kept)

    texts = gettext.GNUTranslations(io.BytesIO(catalogues.render_mo(merged)))

    assert texts.ngettext("%(n)s car", "%(n)s cars", 5) == "%(n)s xe"


def test_faults_are_named(project):
    kept = catalogues._empty()
    kept.add("Save", "Lưu")
    kept.add("Close", "Đóng")
    kept.add("Order", "Đơn hàng", context="noun")
    kept.add("Hello %(name)s", "Chào %(nam)s")
    kept.add(("%(n)s car", "%(n)s cars"), ("%(n)s xe",))

    merged = catalogues.merge(catalogues.collect(*project), kept)

    assert catalogues.faults(merged) == ["placeholders %(nam)s, %(name)s: 'Hello %(name)s'"]


def test_what_is_not_translated_is_named(project):
    assert len(catalogues.faults(catalogues.merge(catalogues.collect(*project)))) == 5
