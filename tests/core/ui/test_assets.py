"""The built front end: small enough for a slow line, and made from a lock file that names no registry."""

import gzip
import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static" / "baylink"
FIRST_LOAD = [
    "css/app.css",
    "js/head.js",
    "js/app.js",
    "icons.svg",
    "fonts/be-vietnam-pro-latin-400.woff2",
    "fonts/be-vietnam-pro-vietnamese-400.woff2",
    "fonts/be-vietnam-pro-latin-600.woff2",
    "fonts/be-vietnam-pro-vietnamese-600.woff2",
]


def weight(name: str) -> int:
    content = (STATIC / name).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content, 6))


def test_the_first_load_stays_below_150_kb():
    assert sum(weight(name) for name in FIRST_LOAD) < 140_000  # the rest is for the page itself


def test_the_script_of_every_page_stays_below_60_kb():
    assert weight("js/app.js") < 60_000


def test_styles_ask_only_for_files_that_are_there():
    css = (STATIC / "css/app.css").read_text()
    asked = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", css))

    assert len(asked) == 8
    assert [url for url in asked if not (STATIC / "css" / url).resolve().is_file()] == []


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "assets/package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert "registry" not in (ROOT / "assets/package-lock.json").read_text()


def test_scripts_need_no_eval():
    for script in (STATIC / "js").glob("*.js"):
        if script.name != "app.js":  # htmx carries its optional eval; it is switched off in its configuration
            assert "new Function(" not in script.read_text(), script.name
    assert "allowEval:!1" in (STATIC / "js/app.js").read_text().replace("allowEval: false", "allowEval:!1")
