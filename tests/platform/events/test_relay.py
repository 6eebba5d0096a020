"""Relaying: once, in order per subject, nothing lost, nothing skipped."""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
import time_machine
from django.db import connection, transaction

from apps.core.actor import Actor, ActorKind, system_actor
from apps.core.clock import now
from apps.core.errors import NotAllowed
from apps.core.testing.relay import ReactionFailed, run_relay
from apps.platform.events import registry, relay, services
from apps.platform.events.base import Event
from apps.platform.events.models import HandledEvent, OutboxEvent
from apps.platform.events.selectors import list_stuck, queue_delay
from apps.platform.events.services import publish, retry_event
from apps.platform.realtime import streams


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    name: ClassVar[str] = "bell.rang"

    tone: str = ""
    state: str = "ringing"

    def topics(self) -> list[str]:
        return [f"bell:{self.subject_id}"]


class Ear:
    """A reaction that writes down what it heard and fails for the tones in `deaf_to`."""

    def __init__(self) -> None:
        self.heard: list[tuple[uuid.UUID, str]] = []
        self.deaf_to: set[str] = set()

    def __call__(self, event: Rang) -> None:
        if event.tone in self.deaf_to:
            raise RuntimeError(f"cannot hear {event.tone}")
        self.heard.append((event.subject_id, event.tone))


@pytest.fixture
def ear(monkeypatch):
    ear = Ear()
    monkeypatch.setitem(registry.EVENTS, "bell.rang", Rang)
    monkeypatch.setitem(registry.REACTIONS, "bell.rang", [registry.NamedReaction("test.ear", ear)])
    return ear


def ring(subject: uuid.UUID, tone: str) -> None:
    with transaction.atomic():
        publish(system_actor(), Rang(subject_id=subject, organization_id=None, tone=tone))


@pytest.mark.django_db
def test_publishing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        publish(system_actor(), Rang(subject_id=uuid.uuid4(), organization_id=None))
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_each_reaction_runs_once(ear):
    subject = uuid.uuid4()
    ring(subject, "c")
    ring(subject, "d")
    assert run_relay() == 2
    assert run_relay() == 0
    assert ear.heard == [(subject, "c"), (subject, "d")]
    assert HandledEvent.objects.count() == 2
    assert not OutboxEvent.objects.filter(relayed_at__isnull=True).exists()


@pytest.mark.django_db
def test_live_screens_hear_of_it_once_with_state_but_without_other_values(ear):
    subject = uuid.uuid4()
    ear.deaf_to = {"secret"}
    ring(subject, "secret")
    relay.relay_outbox()
    with time_machine.travel(now() + timedelta(minutes=1)):
        relay.relay_outbox()
    bodies = streams.client().xrange(streams.names_of(f"bell:{subject}").events)
    assert [entry["body"] for _, entry in bodies] == [
        f'{{"event":"bell.rang","data":{{"subject":"{subject}","state":"ringing"}}}}'
    ]


@pytest.mark.django_db
def test_a_failing_reaction_holds_up_its_subject_only(ear):
    first, second = uuid.uuid4(), uuid.uuid4()
    ear.deaf_to = {"bad"}
    ring(first, "bad")
    ring(first, "after")
    ring(second, "fine")
    assert relay.relay_outbox() == 1
    assert ear.heard == [(second, "fine")]
    failed = OutboxEvent.objects.get(payload__tone="bad")
    assert (failed.attempts, failed.last_error) == (1, "test.ear: RuntimeError: cannot hear bad")
    assert HandledEvent.objects.count() == 1

    ear.deaf_to = set()
    assert relay.relay_outbox() == 0
    with time_machine.travel(now() + timedelta(seconds=10)):
        assert relay.relay_outbox() == 2
    assert ear.heard == [(second, "fine"), (first, "bad"), (first, "after")]


@pytest.mark.django_db
def test_a_later_event_never_overtakes_a_failing_one(ear):
    subject = uuid.uuid4()
    ear.deaf_to = {"bad"}
    ring(subject, "bad")
    relay.relay_outbox()
    ring(subject, "later")
    assert relay.relay_outbox() == 0
    assert ear.heard == []


@pytest.mark.django_db
def test_another_reaction_to_the_same_event_still_runs(ear, monkeypatch):
    other = Ear()
    both = [registry.NamedReaction("test.ear", ear), registry.NamedReaction("test.other", other)]
    monkeypatch.setitem(registry.REACTIONS, "bell.rang", both)
    subject = uuid.uuid4()
    ear.deaf_to = {"bad"}
    ring(subject, "bad")
    ring(subject, "good")
    for minutes in (0, 1, 5):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            relay.relay_outbox()
    assert other.heard == [(subject, "bad"), (subject, "good")]
    assert ear.heard == []


@pytest.mark.django_db
def test_delays_grow_and_staff_see_what_is_stuck(ear):
    ear.deaf_to = {"bad"}
    ring(uuid.uuid4(), "bad")
    delays = []
    at = now()
    for _ in range(7):
        with time_machine.travel(at, tick=False):
            relay.relay_outbox()
        row = OutboxEvent.objects.get()
        delays.append((row.next_try_at - at).total_seconds())
        at = row.next_try_at
    assert delays == [2, 4, 8, 16, 32, 64, 128]
    assert list(list_stuck()) == [row]
    assert queue_delay() == timedelta()


@pytest.mark.django_db
def test_staff_can_have_it_tried_at_once_and_nobody_else(ear):
    ear.deaf_to = {"bad"}
    subject = uuid.uuid4()
    ring(subject, "bad")
    relay.relay_outbox()
    row = OutboxEvent.objects.get()
    ear.deaf_to = set()
    with pytest.raises(NotAllowed):
        retry_event(system_actor(), row)
    assert relay.relay_outbox() == 0
    retry_event(Actor(kind=ActorKind.USER, is_platform_staff=True), row)
    assert relay.relay_outbox() == 1
    assert ear.heard == [(subject, "bad")]


@pytest.mark.django_db
def test_the_test_kit_shows_why_a_reaction_failed(ear):
    ear.deaf_to = {"bad"}
    ring(uuid.uuid4(), "bad")
    with pytest.raises(ReactionFailed, match="cannot hear bad"):
        run_relay()


@pytest.mark.django_db
def test_work_of_a_failing_reaction_is_undone(monkeypatch, ear):
    def write_and_fail(event: Rang) -> None:
        if event.tone == "c":
            ring(uuid.uuid4(), "written by the reaction")
        raise RuntimeError("after writing")

    monkeypatch.setitem(registry.REACTIONS, "bell.rang", [registry.NamedReaction("test.half", write_and_fail)])
    ring(uuid.uuid4(), "c")
    relay.relay_outbox()
    assert OutboxEvent.objects.count() == 1
    assert not HandledEvent.objects.exists()


@pytest.mark.django_db
def test_killed_between_reaction_and_mark_nothing_runs_twice(ear, monkeypatch):
    class Killed(BaseException):
        pass

    original = relay._react

    def run_and_die(row, waiting):
        for reaction in registry.REACTIONS[row.name]:
            relay._run(reaction, row)
        raise Killed

    subject = uuid.uuid4()
    ring(subject, "c")
    monkeypatch.setattr(relay, "_react", run_and_die)
    with pytest.raises(Killed):
        relay.relay_outbox()
    monkeypatch.setattr(relay, "_react", original)
    assert run_relay() == 1
    assert ear.heard == [(subject, "c")]


@pytest.mark.django_db(transaction=True)
def test_an_event_committed_late_with_a_smaller_id_is_not_skipped(ear):
    subject, other = uuid.uuid4(), uuid.uuid4()
    written, go_on = threading.Event(), threading.Event()

    def commit_late() -> None:
        with transaction.atomic():
            publish(system_actor(), Rang(subject_id=subject, organization_id=None, tone="late"))
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=commit_late)
    thread.start()
    assert written.wait(10)
    ring(other, "quick")
    assert relay.relay_outbox() == 1
    go_on.set()
    thread.join(10)
    late = OutboxEvent.objects.get(payload__tone="late")
    assert late.pk < OutboxEvent.objects.get(payload__tone="quick").pk
    assert relay.relay_outbox() == 1
    assert ear.heard == [(other, "quick"), (subject, "late")]


@pytest.mark.django_db(transaction=True)
def test_two_relays_share_no_work(ear, monkeypatch):
    started, go_on = threading.Event(), threading.Event()

    def slowly(event: Rang) -> None:
        started.set()
        go_on.wait(10)
        ear.heard.append((event.subject_id, event.tone))

    monkeypatch.setitem(registry.REACTIONS, "bell.rang", [registry.NamedReaction("test.slow", slowly)])
    monkeypatch.setattr(services, "wake_relay", lambda: None)
    subject = uuid.uuid4()
    ring(subject, "one")
    results = []

    def first() -> None:
        results.append(relay.relay_outbox())
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(10)
    ring(subject, "two")
    began = time.monotonic()
    assert relay.relay_outbox() == 0
    assert time.monotonic() - began < 5, "it waits for the other one's work"
    go_on.set()
    thread.join(10)
    assert results == [2]
    assert ear.heard == [(subject, "one"), (subject, "two")]


@pytest.mark.django_db
def test_a_row_from_before_a_field_existed_gets_its_default(ear):
    subject = uuid.uuid4()
    ring(subject, "c")
    row = OutboxEvent.objects.get()
    row.payload = {key: value for key, value in row.payload.items() if key not in ("tone", "branch_id")}
    row.save(update_fields=["payload"])
    assert services.rebuild(row) == Rang(subject_id=subject, organization_id=None)
