"""What every page owes to people who cannot see, who use a small screen, or who read Vietnamese."""

import re
from functools import cache
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from config.runtime.paths import ROOT

_LOOK = """() => {
  const seen = (e) => e.checkVisibility?.({ visibilityProperty: true }) ?? true;
  const name = (e) => (e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent ||
    [...e.querySelectorAll('img')].map((i) => i.alt).join('') || e.value || '').trim();
  const labelled = (e) => e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title;
  const where = (e) => e.outerHTML.slice(0, 120);
  const ids = [...document.querySelectorAll('[id]')].filter((e) => !e.closest('svg')).map((e) => e.id);
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.replace(/\\s+/g, ' ').trim();
    if (text && !parent.closest('script, style, code, pre, [lang], [translate=no], .no-translate') && seen(parent)) words.push(text);
  }
  const edge = document.documentElement.clientWidth + 1;
  const wide = document.documentElement.scrollWidth > edge ? [...document.querySelectorAll('body *')].filter((e) =>
    seen(e) && e.getBoundingClientRect().right > edge && !e.closest('.table-scroll, .board, .chips, .tabs, .cal-scroll, svg, pre')) : [];
  return {
    headings: [...document.querySelectorAll('h1')].filter(seen).length,
    ids: ids.filter((id, at) => ids.indexOf(id) !== at),
    fields: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((e) => seen(e) && !labelled(e)).map(where),
    buttons: [...document.querySelectorAll('button, a[href], summary')].filter((e) => seen(e) && !e.closest('[aria-hidden=true]') && !name(e)).map(where),
    images: [...document.querySelectorAll('img:not([alt])')].map(where),
    overflow: document.documentElement.scrollWidth > edge ? [document.documentElement.scrollWidth + ' px', ...wide.slice(0, 3).map(where)] : [],
    words,
    language: document.documentElement.lang,
  };
}"""
_ENGLISH = re.compile(
    r"\b(?:the|and|of|is|are|with|for|not|your|this|that|from|has|have|here|when|who|what|until|yet|please)\b", re.I
)


@cache
def _english() -> frozenset[str]:
    """English texts of the project whose Vietnamese is another."""
    found: set[str] = set()
    vietnamese: set[str] = set()
    for path in sorted((ROOT / "locale").glob("*/vi/LC_MESSAGES/django.po")):
        with path.open("rb") as handle:
            for message in read_po(handle, locale="vi"):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
                    found.add(_plain(message.id))
                    vietnamese.add(_plain(message.string))
    return frozenset(text for text in found - vietnamese if len(text) > 2)


def _plain(text: str) -> str:
    return text.strip().lower().removesuffix(":")


def find_faults(page: Page, *, language: str) -> list[str]:
    """What is wrong with the page as it is drawn now."""
    found: dict[str, Any] = page.evaluate(_LOOK)
    faults = [f"{kind}: {row}" for kind in ("ids", "fields", "buttons", "images") for row in found[kind]]
    if found["headings"] != 1:
        faults.append(f"{found['headings']} main headings")
    if found["language"] != language:
        faults.append(f"says it is in {found['language']}")
    if found["overflow"]:
        faults.append(f"wider than the screen: {found['overflow']}")
    if language == "vi":
        faults += [f"English: {text}" for text in sorted(set(found["words"])) if is_english(text)]
    return faults


def is_english(text: str) -> bool:
    """Whether somebody forgot to translate it."""
    return _plain(text) in _english() or len(_ENGLISH.findall(text)) >= 2


def has_visible_focus(page: Page) -> bool:
    """Whether the keyboard shows where it is after the first steps on the page."""
    for _step in range(4):
        page.keyboard.press("Tab")
    style: str = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.boxShadow].join(' '); }"
    )
    return not style.startswith("none none")
