"""Filling the database with the demo world."""

from datetime import date

from django.db import connection, transaction

from apps.core.clock import local_date
from apps.demo.history.year import Year, play_year
from apps.demo.masters.all import Masters, make_masters
from apps.demo.masters.catalogue import hang_pictures, pictures_of
from apps.demo.pictures import Studio, open_studio
from apps.demo.reset import empty_database
from apps.demo.today.present import order_photos, play_today
from apps.demo.world import World
from apps.demo.write import write_rows
from apps.platform.events.relay import relay_outbox
from apps.platform.notifications.services import send_due_deliveries
from apps.platform.organizations.models import Organization


def is_loaded() -> bool:
    """Whether there is anything that loading could disturb."""
    return Organization.objects.exists()


def load_world(*, share: float = 1.0, today: date | None = None, empty_first: bool = False) -> Year:
    """Loads everything or nothing. `share` scales the number of visits and pictures."""
    world = World(today or local_date(), share)
    with open_studio() as studio:
        studio.order(pictures_of(share))
        with transaction.atomic():
            if empty_first:
                empty_database()
            year = _play_past(world)
            casts = order_photos(year, studio)
            _write_past(year, studio)
            _analyze()
            play_today(year, casts, studio)
    _spread_the_word()
    return year


def _spread_the_word() -> None:
    """What the present's events set going: notifications, links to customers, messages in the development inbox."""
    relay_outbox()
    while send_due_deliveries():
        pass


def _play_past(world: World) -> Year:
    masters: Masters = make_masters(world)
    return play_year(world, masters)


def _write_past(year: Year, studio: Studio) -> None:
    masters, world = year.masters, year.world
    hang_pictures(world, studio, masters.shelf, list(masters.shelves.values()), share=world.share)
    write_rows(world.rows)
    year.numbers.write()


def _analyze() -> None:
    """Fresh statistics, without which the services would search whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
