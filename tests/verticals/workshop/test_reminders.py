"""Visitors are reminded of their appointment: a day and two hours before, once each."""

from datetime import timedelta

import pytest
import time_machine

from apps.platform.notifications.models import Delivery
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.reminders import remind_visitors
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment():
    row = visits.book(visits.make_world(), hour=9)
    Appointment.objects.filter(pk=row.pk).update(created_at=row.starts_at - timedelta(days=5))
    Delivery.objects.all().delete()
    row.refresh_from_db()
    return row


def at(appointment, **before):
    return time_machine.travel(appointment.starts_at - timedelta(**before), tick=False)


def test_a_day_and_two_hours_before_and_once_each(appointment):
    for before, count in (
        ({"hours": 25}, 0),
        ({"hours": 23}, 1),
        ({"hours": 5}, 0),
        ({"minutes": 110}, 1),
        ({"hours": 1}, 0),
    ):
        with at(appointment, **before):
            assert remind_visitors() == count
            assert remind_visitors() == 0
    rows = Delivery.objects.filter(type="appointment.reminder")
    assert rows.filter(channel="sms").count() == rows.filter(channel="email").count() == 2
    text = rows.filter(channel="sms").first().body
    assert "09:00" in text
    assert "/a/" in text


def test_who_booked_just_now_is_not_told_again(appointment):
    Appointment.objects.filter(pk=appointment.pk).update(
        created_at=appointment.starts_at - timedelta(hours=2, minutes=30)
    )
    with at(appointment, hours=2):
        assert remind_visitors() == 0


def test_a_worker_that_was_away_sends_the_nearer_one_only(appointment):
    with at(appointment, minutes=30):
        assert remind_visitors() == 1


@pytest.mark.parametrize("state", ["cancelled", "checked_in", "no_show"])
def test_nobody_is_reminded_of_what_is_over(appointment, state):
    Appointment.objects.filter(pk=appointment.pk).update(state=state)
    with at(appointment, hours=23):
        assert remind_visitors() == 0
    assert not Delivery.objects.filter(type="appointment.reminder").exists()


def test_a_moved_one_is_reminded_of_anew(appointment):
    with at(appointment, hours=23):
        assert remind_visitors() == 1
    later = appointment.starts_at + timedelta(days=3)
    Appointment.objects.filter(pk=appointment.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))
    with time_machine.travel(later - timedelta(hours=23), tick=False):
        assert remind_visitors() == 1
