"""What the advisor does at the desk, from check-in to hand-over."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from apps.verticals.workshop.models import JobCard
from tests.browser.others import Worker
from tests.browser.people import sign
from tests.browser.words import label_of, vi


class Desk(Worker):
    @property
    def head(self) -> Locator:
        return self.page.locator("#detail-head")

    def state(self, state: str) -> Locator:
        """The state on top of the card."""
        return self.head.locator(".visit-state .badge", has_text=label_of(JobCard, state))

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=vi(text), exact=True)

    def next_step(self, text: str) -> None:
        """The one big button of the card."""
        step = self.head.locator(".visit-next .btn-primary", has_text=vi(text))
        expect(step).to_be_visible()
        step.click()

    def check_in(self, plate: str, photo: Path) -> None:
        """From the calendar's block to the opened card."""
        self.page.locator(".cal-block", has_text=plate).click()
        self.page.locator("#drawer").get_by_role("button", name=vi("Check in"), exact=True).click()
        form = self.page.locator("#form")
        form.get_by_label(vi("VIN")).fill("1HGCM82633A004352")
        form.get_by_label(vi("Odometer (km)")).fill("45000")
        form.locator("[name=fuel_percent]").fill("40")
        form.locator("svg[data-view=left]").click()
        form.locator("[name=photos]").set_input_files(photo)
        expect(form.locator("[data-previews] img")).to_be_visible()
        sign(self.page)
        form.get_by_role("button", name=vi("Open the job card")).click()
        expect(self.head).to_be_visible()

    def inspect(self, photo: Path) -> None:
        """A red point with note and photo, the others green."""
        with self.redrawing():
            self.next_step("Inspect")
        point = self.page.locator("form.point", has_text="Má phanh trước")
        point.locator("label.lamp-red").click()
        with self.page.expect_response(lambda answer: "/inspection/" in answer.url):
            point.locator("[name=note]").fill("Còn 2 mm")
            point.locator("[name=note]").blur()
        with self.page.expect_response(lambda answer: "/inspection/" in answer.url):
            point.locator("[type=file]").set_input_files(photo)
        for name in ("Má phanh sau", "Dầu động cơ"):
            with self.page.expect_response(lambda answer: "/inspection/" in answer.url):
                self.page.locator("form.point", has_text=name).locator("label.lamp-green").click()
        expect(self.head.locator(".btn-primary", has_text=vi("Make the estimate"))).to_be_visible()

    def estimate(self, *, pads: str, oil_filter: str) -> None:
        """The finding's job gets its pads with a discount; a second job is the oil, and a fee."""
        self.next_step("Make the estimate")
        expect(self.page.locator("#id_lines-0-description")).to_have_value("Thay má phanh trước")
        self._find(0, pads)
        self.page.locator("#job-0 .line-discount input").nth(1).fill("50000")
        self.page.locator("#add-job").click()
        self.page.locator("[name='jobs-1-name']").fill("Dầu")
        self._find(1, "Thay dầu động cơ")
        self._find(1, oil_filter)
        self.page.locator(".editor-job").nth(1).get_by_role("button", name=vi("Fee")).click()
        fee = self.page.locator("#job-1 fieldset").nth(2)
        fee.locator(".line-text input").fill("Rửa xe")
        fee.locator(".line-price input").fill("60000")
        fee.locator(".line-price input").blur()
        expect(self.page.locator("#totals")).to_contain_text("1.353.000")

    def _find(self, job: int, text: str) -> None:
        lines = self.page.locator(f"#job-{job} fieldset")
        before = lines.count()
        self.page.locator(".editor-job").nth(job).locator("[name=find]").fill(text)
        self.page.locator(f"#found-{job} .found-item", has_text=text).first.click()
        expect(lines).to_have_count(before + 1)

    def send_estimate(self) -> None:
        self.button("Save and send").click()
        expect(self.head).to_be_visible()

    def assign(self, name: str) -> None:
        """All tasks to one technician."""
        self.next_step("Assign")
        self.dialog.locator("[name=everybody]").select_option(label=name)
        self.dialog.locator("[type=submit]").click()
        expect(self.dialog).to_be_hidden()

    def order_missing_parts(self) -> None:
        """One click, one look at the offer, one click."""
        self.next_step("Order missing parts")
        self.dialog.get_by_role("button", name=vi("Order now")).click()
        expect(self.dialog).to_be_hidden()

    def complete(self) -> None:
        self.next_step("Complete")

    def hand_over(self) -> None:
        self.next_step("Hand over")
        sign(self.page, within=self.dialog)
        self.dialog.locator("[type=submit]").click()
        expect(self.dialog).to_be_hidden()
