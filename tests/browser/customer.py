"""What a customer does on the phone, without any log-in."""

from dataclasses import dataclass, field
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person, remember, sign
from tests.browser.words import like, vi

PHONE, EMAIL = "+84903123456", "khoa@example.com"


@dataclass
class Customer:
    """`page` is where the customer looks; `inbox` shows the SMS and emails, beside it all the time."""

    person: Person
    inbox: Page = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = self.person.also("/dev/inbox/")
        remember(self.inbox)

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
            ("Email", EMAIL),
            ("Number plate", "51g12345"),
            ("Make", "Toyota"),
            ("Model", "Vios"),
            ("What is the matter?", "Phanh kêu khi đạp"),
        ):
            self.page.get_by_label(vi(label)).first.fill(text)
        self.page.get_by_role("button", name=vi("Book this time")).click()
        expect(self.page.get_by_role("heading", name=like("Appointment %(number)s"))).to_be_visible()

    def message(self, kind: str, channel: str = "sms") -> Locator:
        """The newest message of this kind in the inbox."""
        return self.inbox.locator(f"[data-type='{kind}'][data-channel='{channel}']").first

    def follow(self, kind: str, channel: str = "sms") -> None:
        """Opens the link of a message."""
        link = self.message(kind, channel).get_by_role("link").first
        expect(link).to_be_visible()
        self.person.open(str(link.get_attribute("href")))

    def answer(self, *, declined: tuple[str, ...]) -> None:
        """Says yes or no to every line, signs with the finger and sends it."""
        for line in self.page.locator("[data-estimate-line]").all():
            is_declined = any(name in line.inner_text() for name in declined)
            line.get_by_text(vi("Decline" if is_declined else "Approve"), exact=True).click()
            if is_declined:
                line.get_by_label(vi("May we know why?")).fill("Để lần sau")
        sign(self.page)
        self.page.get_by_role("button", name=vi("Send my answer")).click()
        expect(self.page.get_by_text(vi("Thank you, we have your answer"))).to_be_visible()

    def pay_online(self) -> None:
        """From the invoice to the payment company, and back."""
        invoice = self.page.url
        self.page.get_by_role("button", name=vi("Pay online (PayOS)")).click()
        self.page.get_by_role("button", name=vi("I have paid")).click()
        self.page.wait_for_url(lambda url: url.startswith(invoice))

    def rate(self, stars: int) -> None:
        self.page.locator("label", has=self.page.locator(f"[name=rating][value='{stars}']")).click()
        expect(self.page.get_by_role("heading", name=vi("Thank you!"))).to_be_visible()
