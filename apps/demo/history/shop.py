"""A garage's branch at work: who is free when, which bay, which vehicle comes next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from apps.demo.history.calendar import work_periods
from apps.demo.history.work import Advisor, Item
from apps.demo.masters.catalogue import Shelf
from apps.demo.masters.companies import Company, Site
from apps.demo.masters.customers import Car
from apps.demo.masters.menu import Menu
from apps.demo.world import World
from apps.engines.scheduling.models import Resource
from apps.platform.accounts.models import User

Period = tuple[datetime, datetime]
CHOICE = 25  # so many of the vehicles that are due longest may be the next to come
PATIENCE = timedelta(hours=3)


@dataclass
class Shop:
    company: Company
    site: Site
    shelf: Shelf
    menu: Menu
    cars: list[Car]
    advisor: Advisor
    free_at: dict[UUID, datetime] = field(default_factory=dict)
    booked: dict[UUID, list[Period]] = field(default_factory=dict)

    def next_car(self, world: World, arrival: datetime) -> Car:
        """One of the vehicles that have not been here for longest; it is not asked for again soon."""
        waiting = sorted(self.cars, key=lambda car: car.due)[:CHOICE]
        car = world.dice.choice([car for car in waiting if car.due <= arrival] or waiting[:1])
        car.due = arrival + timedelta(days=world.dice.randint(45, 130) / max(1, world.share))
        return car

    def free_bay(self, start: datetime, minutes: int) -> Resource | None:
        """A bay without another booking in that span, taken for it."""
        end = start + timedelta(minutes=minutes)
        spans = [
            (datetime.combine(start.date(), first, start.tzinfo), datetime.combine(start.date(), last, start.tzinfo))
            for first, last in self.site.opening(start.date())
        ]
        if not any(first <= start and end <= last for first, last in spans):
            return None
        for bay in self.site.bays:
            taken = self.booked.setdefault(bay.pk, [])
            if not any(first < end and start < last for first, last in taken[-40:]):
                taken.append((start, end))
                return bay
        return None

    def choose_technician(self, items: list[Item], ready: datetime) -> User:
        """Somebody who knows the work, unless somebody else is free much earlier."""
        people = self.site.people["technician"]
        wanted = {self.menu.skills[item.operation] for item in items if item.operation} or {"maintenance"}

        def begins(user: User) -> datetime:
            return max(ready, self.free_at.get(user.pk, ready))

        able = [user for user in people if wanted & set(self.site.skills[user.pk])] or people
        best, anybody = min(able, key=begins), min(people, key=begins)
        return best if begins(best) <= begins(anybody) + PATIENCE else anybody

    def plan_work(self, user: User, ready: datetime, minutes: list[int]) -> list[list[Period]]:
        """The spans in which the person does each piece of work, one after the other."""
        plan = []
        start = max(ready, self.free_at.get(user.pk, ready))
        for length in minutes:
            periods = work_periods(self.site, start, max(5, length))
            plan.append(periods)
            start = periods[-1][1]
        return plan
