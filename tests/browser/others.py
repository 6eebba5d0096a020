"""The technician's phone, the distributor's desk, the manager and the cashier."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import expect_live
from tests.browser.words import vi

NUMBER = re.compile(r"INV-\d{4}-\d{6}")


@dataclass
class Worker:
    """Somebody with one page."""

    page: Page

    @property
    def dialog(self) -> Locator:
        return self.page.locator("#dialog")

    @contextmanager
    def redrawing(self, place: str = "#detail") -> Iterator[None]:
        """What happens in the block draws the place anew; nobody types into it before that."""
        self.page.locator(place).evaluate("place => place.setAttribute('data-old', '')")
        yield
        expect(self.page.locator(f"{place}[data-old]")).to_have_count(0)
        expect(self.page.locator(place)).to_be_visible()

    def press(self, text: str, context: str = "") -> None:
        self.page.get_by_role("button", name=vi(text, context), exact=True).first.click()


class Board(Worker):
    """The garage's board of job cards, with one card on it."""

    def expect_card(self, state: str) -> None:
        """The card moves into the column of `state` by itself."""
        column = self.page.locator(f"[data-board-list][data-state='{state}']")
        expect_live(column.locator(".board-card"))


class Technician(Worker):
    def task(self, text: str) -> Locator:
        return self.page.locator(".tech-task", has_text=text)

    def start(self, text: str) -> None:
        self.task(text).get_by_role("button", name=vi("Start"), exact=True).click()
        expect(self.page.locator("#clock-bar")).to_be_visible()

    def take(self, part: str) -> None:
        """Takes a part from stock."""
        row = self.page.locator(".tech-part", has_text=part)
        row.get_by_role("button", name=vi("Take", "part"), exact=True).click()
        expect(row).to_contain_text(vi("on the vehicle"))

    def finish(self, text: str, correction: str) -> None:
        task = self.task(text)
        task.get_by_role("button", name=vi("Done"), exact=True).click()
        task.get_by_label(vi("What was done")).fill(correction)
        task.get_by_role("button", name=vi("Work is done")).click()
        expect(self.page.locator("#clock-bar")).to_be_hidden()

    def report_missing(self) -> None:
        self.press("A part is missing: report it")

    def submit(self) -> None:
        self.press("To the quality check")


class Distributor(Worker):
    def open_order(self) -> None:
        """From the board's card by its drawer to the order's page."""
        self.page.locator(".board-card .row-link").first.click()
        self.page.locator("#drawer .drawer-head a.btn").click()
        expect(self.page.locator("#part-lines")).to_be_visible()

    def step(self, text: str) -> None:
        self.press(text)
        expect(self.page.get_by_role("button", name=vi(text), exact=True)).to_have_count(0)

    def ship(self) -> None:
        self.page.get_by_text(vi("Ship"), exact=True).first.click()
        self.dialog.locator("[name=tracking_code]").fill("PTSG-0001")
        self.dialog.locator("[type=submit]").click()
        expect(self.dialog).to_be_hidden()


class Manager(Worker):
    def receive(self) -> None:
        self.press("Receive everything")
        expect(self.page.get_by_role("button", name=vi("Receive everything"))).to_have_count(0)

    def pass_check(self) -> None:
        """Ticks the checklist of another person's work."""
        self.page.locator("#detail-head .visit-next .btn-primary", has_text=vi("Quality check")).click()
        passed = self.dialog.get_by_role("button", name=vi("Passed"), exact=True)
        expect(passed).to_be_visible()
        for box in self.dialog.locator("[type=checkbox]").all():
            box.check()
        passed.click()
        expect(self.dialog).to_be_hidden()


class Cashier(Worker):
    def finalise(self) -> str:
        """Gives the draft its number, which cannot be taken back."""
        self.press("Finalise")
        self.page.locator("#confirm [data-confirm-yes]").click()
        title = self.page.locator("#detail-head .page-title, #detail .page-title").first
        expect(title).to_contain_text(NUMBER)
        found = NUMBER.search(title.inner_text())
        assert found
        return found.group()

    def send(self) -> None:
        self.press("Send")
        expect(self.page.locator("#toasts .toast").first).to_be_visible()

    def read_pdf(self) -> bytes:
        """The paper behind the PDF button, as the browser gets it."""
        link = self.page.get_by_role("link", name="PDF").first
        answer = self.page.request.get(str(link.get_attribute("href")))
        assert answer.headers["content-type"] == "application/pdf"
        return answer.body()

    def receive_cash(self, *, tendered: str, change: str) -> None:
        """Over the counter; the page says what goes back."""
        self.page.get_by_text(vi("Receive payment"), exact=True).first.click()
        self.dialog.locator("[name=tendered]").press_sequentially(tendered)
        expect(self.dialog.locator("#change")).to_contain_text(change)
        self.dialog.locator("[type=submit]").click()
        expect(self.dialog).to_be_hidden()
