"""A picture of every screen in both languages, on desk and phone, with what a careful eye would complain about.

Only `make shots` runs it (it takes minutes); the pictures and an index are left in `var/shots/`.
"""

import html
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from apps.demo.masters.companies import PASSWORD
from apps.engines.billing.models import Invoice
from apps.platform.accounts.models import User
from config.runtime.paths import ROOT
from tests.browser.checks import find_faults, has_visible_focus
from tests.browser.people import People, Person
from tests.browser.screens import Screen, list_screens
from tests.browser.stack import Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("SHOTS"), reason="only by make shots"),
]
HOME = ROOT / "var" / "shots"
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 760}, "is_mobile": True, "has_touch": True},
}
SLOW = 0.1
TRIES = 3
TALLEST = 4000


@dataclass
class Walk:
    """One language, size and theme, with a browser context per person."""

    people: People
    language: str
    size: str
    theme: str = "light"
    persons: dict[str, Person] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    times: dict[str, float] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return HOME / self.language / (self.size if self.theme == "light" else f"{self.size}-dark")

    def person(self, email: str) -> Person:
        if email not in self.persons:
            person = self.people.come(email or "visitor", **SIZES[self.size], locale=f"{self.language}-VN")
            address = {"url": person.address}
            person.context.add_cookies(
                [
                    {"name": "language", "value": self.language, **address},
                    {"name": "theme", "value": self.theme, **address},
                ]
            )
            if email:
                person.log_in(User.objects.get(email=email), password=PASSWORD)
            self.persons[email] = person
        return self.persons[email]

    def take(self, number: int, screen: Screen, *, is_timed: bool = False) -> None:
        person = self.person(screen.who)
        person.is_forgiving = screen.is_error
        try:
            answer = person.page.goto(screen.path, wait_until="load")
        except Error as error:
            self.faults.append(f"{screen.name}: {error.message.splitlines()[0]}")
            return
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return
        person.page.wait_for_function("document.fonts.status === 'loaded'")
        self.look(screen, person.page)
        if is_timed:
            self.times[screen.path] = measure(person.page, screen.path)
        height = min(TALLEST, person.page.evaluate("document.documentElement.scrollHeight"))
        person.page.screenshot(
            path=self.folder / f"{number:02d}-{screen.name}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": SIZES[self.size]["viewport"]["width"], "height": max(height, 400)},
        )

    def look(self, screen: Screen, page: Page) -> None:
        if screen.name.startswith(("admin", "api", "dev-ui")):
            return
        place = f"{self.language}/{self.size}/{screen.name} {screen.path}"
        self.faults += [f"{place}: {fault}" for fault in find_faults(page, language=self.language)]
        if screen.is_main and self.size == "desk" and not has_visible_focus(page):
            self.faults.append(f"{place}: the keyboard does not show where it is")

    def leave(self) -> None:
        for person in self.persons.values():
            person.context.close()


def measure(page: Page, path: str) -> float:
    """Seconds until the answer is there, the best of some tries."""
    took = []
    for _try in range(TRIES):
        timing: float = page.evaluate(
            """async (path) => { const begun = performance.now(); const r = await fetch(path, {redirect: 'manual'});
            await r.text(); return (performance.now() - begun) / 1000; }""",
            path,
        )
        took.append(timing)
    return min(took)


@pytest.fixture
def walks(people: People, stack: Stack) -> list[Walk]:
    stack.manage("demo", "--scale", os.environ.get("SHOTS_SCALE", "1"))
    shutil.rmtree(HOME, ignore_errors=True)
    return [
        Walk(people, "vi", "desk"),
        Walk(people, "vi", "phone"),
        Walk(people, "en", "desk"),
        Walk(people, "en", "phone"),
        Walk(people, "vi", "desk", "dark"),
        Walk(people, "vi", "phone", "dark"),
    ]


def test_shots(walks: list[Walk], people: People) -> None:
    screens = list_screens()
    for walk in walks:
        for number, screen in enumerate(screens, 1):
            if walk.theme == "light" or screen.is_main:
                is_timed = (walk.language, walk.size, walk.theme) == ("vi", "desk", "light")
                walk.take(number, screen, is_timed=is_timed and not screen.is_error)
        if walk.size == "desk" and walk.theme == "light":
            draw_paper(walk, screens)
        walk.leave()
    write_index()
    report(walks, people)


def draw_paper(walk: Walk, screens: list[Screen]) -> None:
    """An invoice as it comes out of the printer, where pages can be drawn."""
    program = shutil.which("pdftoppm")
    if program is None:
        return
    shown = next(screen for screen in screens if screen.name == "garage-invoice")
    person = walk.person(shown.who)
    number = Invoice.objects.get(pk=shown.path.split("/")[3]).number
    paper = walk.folder / f"99-paper-{number}.pdf"
    paper.write_bytes(person.page.request.get(f"{shown.path}pdf/").body())
    subprocess.run([program, "-png", "-r", "80", str(paper), str(paper.with_suffix(""))], check=True)


def write_index() -> None:
    """All pictures on one page."""
    rows = []
    for folder in sorted(path for path in HOME.glob("*/*") if path.is_dir()):
        rows.append(f"<h2>{folder.relative_to(HOME)}</h2><div>")
        for picture in sorted(path for path in folder.iterdir() if path.suffix == ".png"):
            source = html.escape(str(picture.relative_to(HOME)))
            rows.append(
                f'<a href="{source}"><figure><img loading="lazy" src="{source}"><figcaption>{picture.stem}</figcaption>'
                "</figure></a>"
            )
        rows.append("</div>")
    style = (
        "body{font:14px sans-serif;margin:16px}div{display:flex;flex-wrap:wrap;gap:12px}"
        "img{width:240px;height:300px;object-fit:cover;object-position:top;border:1px solid #ccc}figure{margin:0}"
    )
    (HOME / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Baylink</title><style>{style}</style>{''.join(rows)}",
        encoding="utf-8",
    )


def report(walks: list[Walk], people: People) -> None:
    """The slowest pages, and everything that was found, in the test's output and beside the pictures."""
    times = sorted(walks[0].times.items(), key=lambda row: -row[1])
    table = "\n".join(f"{seconds * 1000:6.0f} ms  {path}" for path, seconds in times)
    faults = [fault for walk in walks for fault in walk.faults] + people.faults()
    people.forgive()
    (HOME / "times.txt").write_text(table, encoding="utf-8")
    (HOME / "faults.txt").write_text("\n".join(faults), encoding="utf-8")
    slow = [f"{path}: {seconds * 1000:.0f} ms" for path, seconds in times if seconds > SLOW]
    print(
        f"{len(list(HOME.glob('*/*/*.png')))} pictures in {HOME}\n\nSlowest pages:\n"
        + "\n".join(table.split("\n")[:15])
    )
    if slow:
        print(f"{len(slow)} pages took more than {SLOW * 1000:.0f} ms.")
    assert not faults, "\n".join(faults)
