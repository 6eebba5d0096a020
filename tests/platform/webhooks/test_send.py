"""Messages to a real server: signed, retried, cut, never elsewhere than allowed."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project
from django.db import transaction

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.testing.relay import run_relay
from apps.engines.inventory.events import StockChanged
from apps.platform.audit.models import AuditLog
from apps.platform.events.base import Origin
from apps.platform.events.services import publish
from apps.platform.notifications.models import Notification
from apps.platform.webhooks import post as posting
from apps.platform.webhooks import services, targets
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.registry import Message
from apps.platform.webhooks.services import send
from apps.platform.webhooks.services.deliveries import queue_messages
from apps.platform.webhooks.services.endpoints import secret_of, signing_secrets
from tests.factories.actors import actor_for
from tests.factories.webhooks import endpoint_of
from tests.support.receiver import drip, running_receiver

pytestmark = pytest.mark.django_db


def documented_check():
    """The example that receivers copy from the documentation."""
    text = (Path(project.BASE_DIR) / "docs/apps/webhooks.md").read_text(encoding="utf-8")
    space: dict = {}
    exec(re.search(r"```python\n(.*?)```", text, re.S)[1], space)
    return space["read_webhook"]


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_PORTS = []
    with running_receiver() as one:
        yield one


@pytest.fixture
def actor():
    return actor_for("owner")


def tell(actor, **values):
    warehouse = uuid7()
    values = {"variant_ids": ["v1", "v2"], **values}
    with transaction.atomic():
        publish(actor, StockChanged(subject_id=warehouse, organization_id=actor.organization_id, **values))
    run_relay()
    return warehouse


def waiting_of(endpoint):
    return WebhookDelivery.objects.get(endpoint=endpoint)


def make_due(row):
    WebhookDelivery.objects.filter(pk=row.pk).update(next_try_at=now() - timedelta(seconds=1))


def test_an_event_reaches_the_receiver_signed_and_once(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    warehouse = tell(actor)
    assert send.send_due() == 1
    [got] = receiver.received
    message = documented_check()(secret_of(endpoint), got.headers, got.body)
    row = waiting_of(endpoint)
    assert message == {
        "id": str(row.pk),
        "type": "inventory.stock_changed",
        "timestamp": row.happened_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "organizationId": str(actor.organization_id),
        "data": {"warehouseId": str(warehouse), "branchId": None, "variantIds": ["v1", "v2"]},
    }
    assert got.headers["webhook-id"] == str(row.pk)
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (row.state, row.attempts, row.last_status, row.error) == ("delivered", 1, 200, "")
    assert send.send_due() == 0
    assert len(receiver.received) == 1
    endpoint.refresh_from_db()
    assert endpoint.busy_until is None
    assert endpoint.last_success_at is not None
    assert endpoint.history.count() == 1


def test_a_changed_message_a_wrong_secret_and_a_replay_are_refused_by_the_example(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    tell(actor)
    send.send_due()
    [got] = receiver.received
    check, secret = documented_check(), secret_of(endpoint)
    for key, headers, body in (
        (secret, got.headers, got.body + b" "),
        ("whsec_AAAA", got.headers, got.body),
        (secret, {**got.headers, "webhook-id": str(uuid7())}, got.body),
        (secret, {**got.headers, "webhook-timestamp": str(int(got.headers["webhook-timestamp"]) + 1)}, got.body),
    ):
        with pytest.raises(ValueError, match="wrong signature"):
            check(key, headers, body)
    with time_machine.travel(now() + timedelta(seconds=302)), pytest.raises(ValueError, match="replay"):
        check(secret, got.headers, got.body)


def test_both_secrets_sign_for_a_day_after_a_change(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    old = secret_of(endpoint)
    endpoint = services.rotate_secret(actor, endpoint)
    new = secret_of(endpoint)
    assert new != old
    tell(actor)
    send.send_due()
    [got] = receiver.received
    check = documented_check()
    assert check(old, got.headers, got.body) == check(new, got.headers, got.body)
    with time_machine.travel(now() + timedelta(hours=24, minutes=1)):
        assert signing_secrets(endpoint) == [new]


def test_only_chosen_events_and_active_addresses_get_messages(receiver, actor):
    endpoint_of(actor, receiver.url, events=["order.placed"])
    off = endpoint_of(actor, receiver.url + "/off")
    services.switch_off(actor, off)
    endpoint_of(actor_for("owner"), receiver.url)
    tell(actor)
    assert WebhookDelivery.objects.count() == 0


def test_the_same_event_told_twice_is_one_message(actor):
    endpoint_of(actor, "https://cms.example.vn/hook")
    message = Message(actor.organization_id, {"warehouseId": "w1"})
    origin = Origin(uuid7(), now())
    for _telling in range(2):
        queue_messages("inventory.stock_changed", [message], origin)
    assert WebhookDelivery.objects.count() == 1


def test_a_failure_is_tried_again_later_and_later(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    receiver.status(500, b"broken")
    tell(actor)
    for attempt, seconds in enumerate(send.RETRY_SECONDS, 1):
        assert send.send_due() == 0
        row = waiting_of(endpoint)
        assert (row.state, row.attempts, row.last_status) == ("queued", attempt, 500)
        assert (row.response_excerpt, row.error) == ("broken", "answered 500")
        delay = (row.next_try_at - row.last_tried_at).total_seconds()
        assert 0.8 * seconds <= delay <= 1.2 * seconds + 5
        make_due(row)
    assert 20 * 3600 < sum(send.RETRY_SECONDS) < 26 * 3600
    assert send.send_due() == 0
    row = waiting_of(endpoint)
    assert (row.state, row.attempts, row.next_try_at) == ("failed", 9, None)
    assert {got.headers["webhook-id"] for got in receiver.received} == {str(row.pk)}
    assert {got.body for got in receiver.received} == {receiver.received[0].body}
    receiver.status(204)
    services.redeliver(actor, row)
    assert send.send_due() == 1
    endpoint.refresh_from_db()
    assert (endpoint.failures_in_row, endpoint.failing_since) == (0, None)


def test_one_message_at_a_time_to_an_address(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    tell(actor)
    tell(actor)
    first = send._claim_next()
    assert first is not None
    assert send._claim_next() is None
    endpoint.refresh_from_db()
    assert endpoint.busy_until > now()


def test_what_a_killed_worker_had_taken_is_sent_when_its_lease_is_over(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    tell(actor)
    taken = send._claim_next()
    assert send.send_due() == 0
    with time_machine.travel(now() + send.LEASE + timedelta(seconds=1)):
        assert send.send_due() == 1
    # The dead one comes back to life and must not undo what happened since.
    send._settle(taken, posting.Answer(None, error="late"))
    row = waiting_of(endpoint)
    assert (row.state, row.attempts, row.error) == ("delivered", 2, "")
    assert len(receiver.received) == 1


def test_healthy_addresses_go_first(receiver, actor):
    broken = endpoint_of(actor, receiver.url + "/broken")
    fine = endpoint_of(actor, receiver.url + "/fine")
    WebhookEndpoint.objects.filter(pk=broken.pk).update(failures_in_row=3)
    tell(actor)
    assert send._claim_next().endpoint_id == fine.pk


def test_a_slow_receiver_is_given_up(receiver, actor, monkeypatch):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.4)
    endpoint = endpoint_of(actor, receiver.url)
    receiver.answer = lambda handler, got: time.sleep(1)
    tell(actor)
    started = time.monotonic()
    assert send.send_due() == 0
    assert time.monotonic() - started < 0.9
    assert waiting_of(endpoint).error == "no answer in time"


def test_an_answer_that_trickles_in_is_given_up(receiver, actor, monkeypatch):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.5)
    endpoint = endpoint_of(actor, receiver.url)
    receiver.answer = drip(2)
    tell(actor)
    started = time.monotonic()
    assert send.send_due() == 0
    assert time.monotonic() - started < 1.2
    assert waiting_of(endpoint).error == "no answer in time"


def test_of_a_huge_answer_only_the_beginning_is_read(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    sent = []

    def pour(handler, got):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(2000):
            handler.wfile.write(b"\x00ab\xff" * 16384)
            sent.append(1)

    receiver.answer = pour
    tell(actor)
    started = time.monotonic()
    assert send.send_due() == 1
    assert time.monotonic() - started < 5
    row = waiting_of(endpoint)
    assert len(row.response_excerpt) == 1000
    assert "\x00" not in row.response_excerpt
    assert len(sent) < 2000


def test_redirects_are_not_followed(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    receiver.status(302, Location="http://169.254.169.254/latest/meta-data/")
    tell(actor)
    assert send.send_due() == 0
    assert waiting_of(endpoint).error == "redirects are not followed"
    assert len(receiver.received) == 1


def test_nobody_there_is_a_failure(receiver, actor):
    endpoint = endpoint_of(actor, "http://127.0.0.1:9/")
    tell(actor)
    assert send.send_due() == 0
    assert waiting_of(endpoint).error.startswith("ConnectError")


def test_a_name_that_moves_inside_is_never_called(receiver, actor, settings, monkeypatch):
    endpoint = endpoint_of(actor, f"http://rebind.example:{receiver.port}/hook")
    settings.WEBHOOK_ALLOW_PRIVATE = False
    answers = [["203.0.114.9", "127.0.0.1"], ["::ffff:10.0.0.1"], ["169.254.169.254"]]

    def resolve(host, port, **_kwargs):
        return [(None, None, None, "", (ip, port)) for ip in answers[0]]

    monkeypatch.setattr(targets.socket, "getaddrinfo", resolve)
    tell(actor)
    while answers:
        assert send.send_due() == 0
        row = waiting_of(endpoint)
        assert row.error.startswith("address refused")
        make_due(row)
        answers.pop(0)
    assert receiver.received == []


def test_the_judged_address_is_called_whatever_the_name_says_next(receiver, actor, monkeypatch):
    endpoint_of(actor, f"http://rebind.example:{receiver.port}/hook")
    asked, really = [], targets.socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host != "rebind.example":
            return really(host, port, *args, **kwargs)
        asked.append(host)
        ip = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(None, None, None, "", (ip, port))]

    monkeypatch.setattr(targets.socket, "getaddrinfo", resolve)
    tell(actor)
    assert send.send_due() == 1
    assert len(asked) == 1
    assert receiver.received[0].headers["host"] == f"rebind.example:{receiver.port}"


def test_failing_for_days_switches_off_and_says_so(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    receiver.status(503)
    tell(actor)
    send.send_due()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=now() - timedelta(days=3, minutes=1))
    tell(actor)
    assert send.send_due() == 0
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "failing")
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"failed"}
    told = Notification.objects.get(type="webhook.disabled")
    assert told.user_id == actor.user_id
    assert AuditLog.objects.filter(action="webhook.given_up", entity_id=endpoint.pk).count() == 1
    services.switch_on(actor, endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason, endpoint.failing_since) == (True, "", None)


def test_an_address_that_is_gone_is_switched_off_at_once(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    receiver.status(410)
    tell(actor)
    send.send_due()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "gone")


def test_a_test_message_arrives(receiver, actor):
    endpoint = endpoint_of(actor, receiver.url)
    services.send_test(actor, endpoint)
    assert send.send_due() == 1
    message = documented_check()(secret_of(endpoint), receiver.received[0].headers, receiver.received[0].body)
    assert (message["type"], message["data"]) == ("webhook.test", {"webhookId": str(endpoint.pk)})
