"""People with a browser each: what they open, and everything that went wrong on their pages."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from apps.core.actor import Actor
from apps.platform.accounts.models import User
from tests.browser.stack import Stack
from tests.factories.accounts import PASSWORD

PHONE = {"viewport": {"width": 360, "height": 760}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 900}}
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
# A page that goes away takes its open requests with it.
_GONE = "net::ERR_ABORTED"
# What htmx says of a request that a newer one has replaced.
_REPLACED = ("htmx:sendAbort", "htmx:afterRequest")


@dataclass
class Person:
    """One browser context; `page` is where the person looks now."""

    name: str
    context: BrowserContext
    address: str
    faults: list[str] = field(default_factory=list)
    is_forgiving: bool = False

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("page", self.watch)
        self.page = self.context.new_page()

    def watch(self, page: Page) -> None:
        """Notes errors of scripts, refused content and failed requests."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._note(f"{page.url}: {error.stack or error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def open(self, path: str, *, page: Page | None = None) -> Page:
        target = page or self.page
        target.goto(path if path.startswith("http") else f"{self.address}{path}")
        return target

    def also(self, path: str) -> Page:
        """Another tab, beside the one the person works in."""
        return self.open(path, page=self.context.new_page())

    def log_in(self, who: Actor | User, *, password: str = PASSWORD) -> None:
        user = who if isinstance(who, User) else User.objects.get(pk=who.user_id)
        self.open("/login/")
        self.page.locator("#id_identifier").fill(user.email)
        self.page.locator("#id_password").fill(password)
        self.page.locator("form", has=self.page.locator("#id_identifier")).locator("[type=submit]").first.click()
        expect(self.page).not_to_have_url(re.compile("/login/"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_REPLACED):
            self._note(f"{message.location.get('url', '')}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != _GONE:
            self._note(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or response.status == 404:
            self._note(f"{response.request.method} {response.url}: {response.status}")

    def _note(self, fault: str) -> None:
        if not self.is_forgiving:
            self.faults.append(f"{self.name}: {fault}")


class People:
    """Makes people, and keeps them until the test is over."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self._browser, self._stack = browser, stack
        self.all: list[Person] = []

    def come(self, name: str, *, on_phone: bool = False, **options: Any) -> Person:
        look = {
            **(PHONE if on_phone else DESK),
            "base_url": self._stack.address,
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            **options,
        }
        person = Person(name, self._browser.new_context(**look), self._stack.address)
        self.all.append(person)
        return person

    def staff(self, name: str, actor: Actor | User, path: str, **options: Any) -> Person:
        """Somebody of a company, logged in and looking at `path`."""
        person = self.come(name, **options)
        person.log_in(actor)
        person.open(path)
        return person

    def photograph(self, folder: Path) -> None:
        """Pictures of all open pages."""
        shutil.rmtree(folder, ignore_errors=True)
        for person in self.all:
            for number, page in enumerate(person.context.pages, 1):
                page.screenshot(path=folder / f"{person.name}-{number}.png", full_page=True)

    def leave(self) -> None:
        for person in self.all:
            person.context.close()

    def forgive(self) -> None:
        """What was heard so far has been reported elsewhere."""
        for person in self.all:
            person.faults.clear()

    def faults(self) -> list[str]:
        return [fault for person in self.all for fault in person.faults]


def remember(page: Page) -> None:
    """Marks the page as it is loaded now; a reload would lose the mark."""
    page.evaluate("window.__mark = 'kept'")


def expect_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.__mark") == "kept", f"{page.url} was loaded again"


def expect_live(place: Locator, **options: Any) -> None:
    """The place shows itself, on a page that was not loaded again."""
    expect(place).to_be_visible(**options)
    expect_not_reloaded(place.page)


def sign(page: Page, *, within: Locator | None = None) -> None:
    """Draws a signature into the pad."""
    pad = (within or page).locator("[data-signature]")
    canvas = pad.locator("canvas")
    canvas.evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")
    box = canvas.bounding_box()
    assert box
    left, middle = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(left + 20 * step, middle + (12 if step % 2 else -12))
    page.mouse.up()
    expect(pad.locator("[data-signature-data]")).to_have_value(re.compile("^data:image/png;base64,"))
