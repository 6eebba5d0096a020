"""Appointments of this day and the next ones."""

from datetime import datetime, timedelta

from apps.demo.history.shop import Shop
from apps.demo.history.year import Year
from apps.demo.masters.customers import Car
from apps.demo.today.moments import Span, happening_at
from apps.demo.today.people import staff, visitor, words_of
from apps.demo.today.scenes import Cast
from apps.demo.world import ZONE
from apps.engines.scheduling.errors import PartyBusy, SlotTaken
from apps.engines.scheduling.selectors import list_free_slots
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment

# How many more visits are agreed on per branch, and what people want.
WANTED = {"TB": 7, "TD": 4, "CG": 4}
SERVICES = (["GOI-DAU"], ["GOI-10K"], ["GOI-LANH"], ["PH-01"], ["GX-04"], ["GOI-20K"], ["DI-02"], ["GOI-PHANH-TRUOC"])
CONCERNS = ("", "Đạp phanh nghe tiếng két két, nhất là lúc sáng sớm", "", "Vô lăng rung ở tốc độ 90", "")
DAYS = 5


def book_arrival(cast: Cast, span: Span) -> Appointment | None:
    """The appointment with which the car of a scene came; None when its hour lies outside opening hours."""
    site = cast.shop.site
    wished = span.at(cast.scene.begin)
    starts_at = wished.replace(minute=30 * (wished.minute // 30), second=0, microsecond=0)
    opening = site.opening(starts_at.date())
    if not any(first <= starts_at.time() < last for first, last in opening):
        return None
    with happening_at(starts_at - timedelta(days=1, hours=2)):
        try:
            return services.book_appointment(
                visitor(cast.shop.company, "appointment.book"),
                branch=site.branch,
                starts_at=starts_at,
                service_codes=["BD-02"],
                visitor=words_of(cast.car),
                concern=cast.proposal.concern,
            )
        except SlotTaken:
            return None


def book_ahead(year: Year, shop: Shop, cars: list[Car], now: datetime) -> list[Appointment]:
    """Agreed visits from now on, over some days; every other one has been confirmed."""
    dice, site = year.world.dice, shop.site
    made: list[Appointment] = []
    today = now.astimezone(ZONE).date()
    desk = staff(shop.company, site.people["advisor"][0])
    for number in range(WANTED[site.branch.code]):
        codes = SERVICES[(number + len(site.bays)) % len(SERVICES)]
        slots = list_free_slots(site.branch, day=today, minutes=120, days=DAYS)
        slots = [slot for slot in slots if site.opening(slot.starts_at.astimezone(ZONE).date())]
        early = slots[: max(6, len(slots) // (4 if number < 3 else 1))]
        slot = dice.choice(early)
        with happening_at(now - timedelta(hours=dice.randint(1, 30))):
            try:
                appointment = services.book_appointment(
                    visitor(shop.company, "appointment.book"),
                    branch=site.branch,
                    starts_at=slot.starts_at,
                    service_codes=codes,
                    visitor=words_of(cars[number]),
                    concern=CONCERNS[number % len(CONCERNS)],
                    channel=Appointment.Channel.WEB if number % 3 else Appointment.Channel.PHONE,
                )
            except (SlotTaken, PartyBusy):
                continue
            if number % 2:
                services.confirm_appointment(desk, appointment)
        made.append(appointment)
    return made
