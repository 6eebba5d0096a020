"""One visit from booking to rating, with everybody's screens open at once."""

from datetime import datetime, timedelta

import pytest

from tests.browser.customer import Customer
from tests.browser.people import People, expect_live, remember
from tests.browser.world import make_story_world
from tests.verticals.workshop.visits import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_visit_on_all_screens(people: People) -> None:
    world = make_story_world()
    tomorrow = (datetime.now(ZONE) + timedelta(days=1)).date()
    advisor = people.staff("advisor", world.base.advisor, f"/garage/calendar/?day={tomorrow}")
    remember(advisor.page)
    customer = Customer(people.come("customer", on_phone=True))
    customer.book(world.slug, tomorrow, "09:00")
    expect_live(advisor.page.locator(".cal-block", has_text="51G-123.45"))
