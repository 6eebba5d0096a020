"""When garages are open, when people work, and how many visits a day brings."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from apps.demo.masters.companies import Site, Span
from apps.demo.world import ZONE, World

# Before Tết everybody has the car looked at; the weeks after it and the rainy September are quiet.
MONTHS = {1: 1.35, 2: 0.75, 3: 0.95, 4: 1.05, 5: 1.1, 6: 1.05, 7: 1.0, 8: 0.9, 9: 0.85, 10: 0.95, 11: 1.0, 12: 1.2}
WEEKDAYS = (1.1, 0.95, 0.9, 0.95, 1.15, 1.45, 0.6)
LUNCH = (time(12), time(13))
SLOT = timedelta(minutes=30)


def spread_visits(world: World, site: Site, count: int) -> list[datetime]:
    """Arrival times of `count` visits over the year before today, in order."""
    days = [world.first_day + timedelta(days=number) for number in range((world.today - world.first_day).days)]
    open_days = [day for day in days if site.opening(day)]
    growth = {day: 0.8 + 0.45 * number / len(days) for number, day in enumerate(days)}
    weights = [MONTHS[day.month] * WEEKDAYS[day.weekday()] * growth[day] for day in open_days]
    return sorted(_arrival(world, site, day) for day in _evenly(world, open_days, weights, count))


def _evenly(world: World, days: list[date], weights: list[float], count: int) -> list[date]:
    """`count` days by weight, without the clusters and gaps that independent dice would make."""
    limits = list(accumulate(weights))
    step = limits[-1] / count
    points = ((number + world.dice.random()) * step for number in range(count))
    return [days[min(bisect_left(limits, point), len(days) - 1)] for point in points]


def _arrival(world: World, site: Site, day: date) -> datetime:
    """More people come in the morning; nobody in the last two hours."""
    slots = [slot for span in site.opening(day) for slot in _slots(day, span)][:-4]
    weights = [2.0 if slot.hour < 10 else 1.0 for slot in slots]
    return world.dice.choices(slots, weights)[0]


def _slots(day: date, span: Span) -> Iterator[datetime]:
    moment, end = (datetime.combine(day, one, ZONE) for one in span)
    while moment < end:
        yield moment
        moment += SLOT


def working_spans(site: Site, day: date) -> list[tuple[datetime, datetime]]:
    """When technicians work: opening hours without the noon break."""
    spans = []
    for start, end in site.opening(day):
        is_whole_day = start < LUNCH[0] and end > LUNCH[1]
        pieces = [(start, LUNCH[0]), (LUNCH[1], end)] if is_whole_day else [(start, end)]
        spans += [(datetime.combine(day, first, ZONE), datetime.combine(day, last, ZONE)) for first, last in pieces]
    return spans


def work_periods(site: Site, start: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """The spans of `minutes` of work from `start` on, interrupted by breaks and nights."""
    periods = []
    left = timedelta(minutes=minutes)
    day = start.date()
    while left > timedelta(0):
        for first, last in working_spans(site, day):
            begin = max(first, start)
            if begin >= last or left <= timedelta(0):
                continue
            end = min(last, begin + left)
            periods.append((begin, end))
            left -= end - begin
        day += timedelta(days=1)
    return periods


def next_opening(site: Site, day: date, *, hour: int = 9) -> datetime:
    """A moment in the morning of the next open day after `day`."""
    day += timedelta(days=1)
    while not site.opening(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), ZONE)
