"""What a customer does on the phone, without any log-in."""

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.words import like, vi


@dataclass
class Customer:
    person: Person

    @property
    def page(self) -> Page:
        return self.person.page

    def book(self, slug: str, day: date, time: str) -> None:
        """Chooses a service, a day and a time, and says who comes."""
        self.person.open(f"/g/{slug}/")
        self.page.locator("label", has=self.page.locator(f"[name=day][value='{day}']")).click()
        self.page.locator("label.slot", has_text=time).click()
        for label, text in (
            ("Your name", "Lê Minh Khoa"),
            ("Phone", "0903 123 456"),
            ("Email", "khoa@example.com"),
            ("Number plate", "51g12345"),
            ("Make", "Toyota"),
            ("Model", "Vios"),
            ("What is the matter?", "Phanh kêu khi đạp"),
        ):
            self.page.get_by_label(vi(label)).first.fill(text)
        self.page.get_by_role("button", name=vi("Book this time")).click()
        expect(self.page.get_by_role("heading", name=like("Appointment %(number)s"))).to_be_visible()
