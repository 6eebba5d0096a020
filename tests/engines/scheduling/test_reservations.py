"""One slot, one booking: by rule, by constraint, under any number of tries at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.core.actor import system_actor
from apps.core.errors import BusinessError
from apps.core.ids import uuid7
from apps.engines.scheduling.errors import OutsideHours, PartyBusy, SlotInPast, SlotTaken
from apps.engines.scheduling.models import Reservation, TimeOff
from apps.engines.scheduling.rules import calculate_slots, opening_spans
from apps.engines.scheduling.selectors import list_free_slots
from apps.engines.scheduling.services import move_reservation, release_reservation, reserve
from apps.platform.system.settings import get_setting
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import make_bay

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TOMORROW = datetime.now(ZONE).date() + timedelta(days=1)


def at(hour: int, minute: int = 0, day: date = TOMORROW) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def book(bay, hour: int, *, length: int = 1, party: str = ""):
    return reserve(
        system_actor(bay.organization_id),
        resource=bay,
        starts_at=at(hour),
        ends_at=at(hour + length),
        source_type="test",
        source_id=uuid7(),
        party_key=party,
    )


@pytest.mark.django_db
def test_neighbours_touch_and_overlaps_are_refused_with_the_next_free_times() -> None:
    bay = make_bay(BranchFactory())
    book(bay, 9)
    book(bay, 10)
    with pytest.raises(SlotTaken) as refusal:
        book(bay, 9)
    assert refusal.value.status == 409
    assert len(refusal.value.details["next_free"]) == 3
    assert Reservation.objects.count() == 2


@pytest.mark.django_db
def test_one_party_cannot_be_in_two_bays() -> None:
    branch = BranchFactory()
    first, second = make_bay(branch), make_bay(branch, "Cầu 2")
    book(first, 9, party="51g12345")
    with pytest.raises(PartyBusy):
        book(second, 9, party="51g12345")
    book(second, 9, party="51g99999")
    assert Reservation.objects.count() == 2


@pytest.mark.django_db
def test_past_closed_and_blocked_times_are_refused() -> None:
    bay = make_bay(BranchFactory())
    actor = system_actor(bay.organization_id)
    times = {"source_type": "test", "source_id": uuid7()}
    with pytest.raises(SlotInPast):
        reserve(
            actor, resource=bay, starts_at=at(9, day=date(2020, 1, 2)), ends_at=at(10, day=date(2020, 1, 2)), **times
        )
    with pytest.raises(OutsideHours):
        reserve(actor, resource=bay, starts_at=at(17), ends_at=at(19), **times)
    TimeOff.objects.create(resource=bay, period=DateTimeTZRange(at(13), at(15)), reason="Bảo trì cầu")
    with pytest.raises(OutsideHours):
        reserve(actor, resource=bay, starts_at=at(14), ends_at=at(16), **times)
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_free_slots_follow_every_change() -> None:
    branch = BranchFactory()
    bay = make_bay(branch)
    starts = {slot.starts_at for slot in list_free_slots(branch, day=TOMORROW, minutes=60)}
    assert (min(starts), max(starts), len(starts)) == (at(8), at(17), 19)
    reservation = book(bay, 9, length=2)
    starts = {slot.starts_at for slot in list_free_slots(branch, day=TOMORROW, minutes=60)}
    assert not {at(8, 30), at(9), at(10), at(10, 30)} & starts
    assert {at(8), at(11)} <= starts
    move_reservation(system_actor(bay.organization_id), reservation, resource=bay, starts_at=at(14), ends_at=at(16))
    starts = {slot.starts_at for slot in list_free_slots(branch, day=TOMORROW, minutes=60)}
    assert at(9) in starts
    assert at(14) not in starts
    release_reservation(system_actor(bay.organization_id), reservation)
    assert len(list_free_slots(branch, day=TOMORROW, minutes=60)) == 19


@pytest.mark.django_db
def test_slots_cost_the_same_queries_for_one_bay_and_for_ten(django_assert_num_queries) -> None:
    get_setting("scheduling.notice_minutes")  # settings are remembered for half a minute
    branch = BranchFactory()
    make_bay(branch)
    with django_assert_num_queries(4):
        list_free_slots(branch, day=TOMORROW, minutes=60)
    for number in range(2, 11):
        make_bay(branch, f"Cầu {number}")
    with django_assert_num_queries(4):
        assert len(list_free_slots(branch, day=TOMORROW, minutes=60)) == 190


def test_slots_on_a_day_when_clocks_change() -> None:
    berlin = "Europe/Berlin"
    spans = opening_spans(date(2026, 3, 29), [(6, time(1), time(5))], berlin)
    slots = calculate_slots(
        open_spans=spans, taken=[], minutes=60, step_minutes=60, not_before=datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    )
    assert [slot.start.astimezone(ZoneInfo(berlin)).hour for slot in slots] == [1, 3, 4]


def _try(bay, results: list) -> None:
    try:
        book(bay, 9)
        results.append("won")
    except BusinessError as error:
        results.append(error.rule)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_tries_at_once_give_one_booking() -> None:
    bay = make_bay(BranchFactory())
    results: list[str] = []
    with ThreadPoolExecutor(max_workers=20) as pool:
        list(pool.map(lambda _number: _try(bay, results), range(200)))
    assert results.count("won") == 1
    assert results.count("slot_taken") == 199
    assert Reservation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_the_same_tries_double_book() -> None:
    """Shows that the test above would notice: with the constraint gone, several tries win."""
    bay = make_bay(BranchFactory())
    drop = "ALTER TABLE scheduling_reservation DROP CONSTRAINT reservation_resource_overlap"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'reservation_resource_overlap'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute(drop)
    try:
        book(bay, 9)
        book(bay, 9)
        assert Reservation.objects.count() == 2
    finally:
        Reservation.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE scheduling_reservation ADD CONSTRAINT reservation_resource_overlap {definition}"
            )
