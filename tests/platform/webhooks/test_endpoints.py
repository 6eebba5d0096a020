"""Adding and changing webhooks, who may, and which addresses are refused."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.errors import NotAllowed, NotFound, StaleWrite
from apps.platform.audit.models import AuditLog
from apps.platform.system.clean_ups import CLEAN_UPS
from apps.platform.system.rotation import rotate_keys
from apps.platform.webhooks import errors, selectors, services
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.services.endpoints import secret_of, signing_secrets
from apps.platform.webhooks.services.forget import forget_old_deliveries
from tests.factories.actors import actor_for
from tests.factories.organizations import BranchFactory
from tests.factories.webhooks import endpoint_of
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db

REFUSED = [
    "http://cms.example.vn/hooks",
    "http://cms.example.vn:8443/hooks",
    "ftp://cms.example.vn/",
    "https://",
    "https:///nowhere",
    "https://user:pass@cms.example.vn/",
    "https://cms.example.vn/#part",
    "https://cms.example.vn:22/",
    "https://cms.example.vn:99999/",
    "https://cms.example.vn/a b",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[::ffff:192.168.1.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[::ffff:0:127.0.0.1]/",
    "https://[fec0::1]/",
    "https://[5f00::1]/",
    "https://192.0.0.8/",
    "https://[2002:7f00:1::]/",
    "https://224.0.0.1/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_no_public_one_is_refused(url):
    with pytest.raises(errors.BadTarget):
        endpoint_of(actor_for("owner"), url)
    assert not WebhookEndpoint.objects.exists()


def test_adding_keeps_the_secret_encrypted_and_leaves_a_line():
    actor = actor_for("owner")
    row = endpoint_of(actor, events=["order.placed", "job_card.moved", "order.placed"])
    assert row.events == ["job_card.moved", "order.placed"]
    secret = secret_of(row)
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(row.secret)
    line = AuditLog.objects.get(action="webhook.added")
    assert secret not in str([line.data, line.new_values, line.old_values])
    assert not hasattr(row.history.get(), "secret")


def test_the_same_address_twice_and_too_many_are_refused():
    actor = actor_for("owner")
    endpoint_of(actor)
    with pytest.raises(errors.AlreadyThere):
        endpoint_of(actor)
    for number in range(19):
        endpoint_of(actor, f"https://cms.example.vn/{number}")
    with pytest.raises(errors.TooManyEndpoints):
        endpoint_of(actor, "https://cms.example.vn/more")
    assert WebhookEndpoint.objects.count() == 20


@pytest.mark.parametrize("events", [[], ["nonsense"], ["job_card.moved", "user.password_changed"]])
def test_unknown_events_are_refused(events):
    with pytest.raises(errors.UnknownEvent):
        endpoint_of(actor_for("owner"), events=events)
    assert not WebhookEndpoint.objects.exists()


def test_events_need_the_right_to_see_what_they_are_about():
    actor = member_with("webhook.edit", "order.view")
    assert {one.permission for one in selectors.list_events(actor)} == {"order.view"}
    endpoint = endpoint_of(actor, events=["order.placed"])
    for call in (
        lambda: endpoint_of(actor, "https://b.example.vn/", events=["payment.completed"]),
        lambda: services.update_endpoint(actor, endpoint, events=["order.placed", "invoice.paid"]),
    ):
        with pytest.raises(NotAllowed):
            call()
    endpoint.refresh_from_db()
    assert endpoint.events == ["order.placed"]


def test_what_somebody_else_chose_may_stay():
    owner = actor_for("owner")
    endpoint = endpoint_of(owner, events=["payment.completed"])
    from apps.platform.organizations.models import Organization

    place = Organization.objects.get(pk=owner.organization_id)
    other = member_with("webhook.edit", "order.view", place=place)
    services.update_endpoint(other, endpoint, events=["payment.completed", "order.placed"])
    endpoint.refresh_from_db()
    assert endpoint.events == ["order.placed", "payment.completed"]


def test_without_the_right_or_in_one_branch_nothing_goes():
    owner = actor_for("owner")
    endpoint = endpoint_of(owner)
    from apps.platform.organizations.models import Organization

    place = Organization.objects.get(pk=owner.organization_id)
    manager = actor_for("manager", place)
    local = member_with("webhook.edit", "job_card.view", branch=BranchFactory(organization=place))
    for actor in (manager, local):
        for call in (
            lambda who=actor: endpoint_of(who, "https://x.example.vn/"),
            lambda who=actor: services.update_endpoint(who, endpoint, description="x"),
            lambda who=actor: services.rotate_secret(who, endpoint),
            lambda who=actor: services.reveal_secret(who, endpoint),
            lambda who=actor: services.switch_off(who, endpoint),
            lambda who=actor: services.remove_endpoint(who, endpoint),
            lambda who=actor: services.send_test(who, endpoint),
        ):
            with pytest.raises(NotAllowed):
                call()
    assert not selectors.list_endpoints(local).exists()
    assert WebhookEndpoint.objects.count() == 1
    assert not WebhookDelivery.objects.exists()


def test_another_companys_webhook_does_not_exist():
    endpoint, stranger = endpoint_of(actor_for("owner")), actor_for("owner")
    for call in (
        lambda: services.update_endpoint(stranger, endpoint, description="x"),
        lambda: services.rotate_secret(stranger, endpoint),
        lambda: services.reveal_secret(stranger, endpoint),
        lambda: services.switch_off(stranger, endpoint),
        lambda: services.switch_on(stranger, endpoint),
        lambda: services.remove_endpoint(stranger, endpoint),
        lambda: services.send_test(stranger, endpoint),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_stale_change_is_refused():
    actor = actor_for("owner")
    endpoint = endpoint_of(actor)
    services.update_endpoint(actor, endpoint, description="CMS", version=1)
    with pytest.raises(StaleWrite):
        services.update_endpoint(actor, endpoint, description="other", version=1)
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.version, endpoint.history.count()) == ("CMS", 2, 2)


def test_a_second_test_waits_and_an_off_one_refuses():
    actor = actor_for("owner")
    endpoint = endpoint_of(actor)
    delivery = services.send_test(actor, endpoint)
    with pytest.raises(errors.StillWaiting):
        services.send_test(actor, endpoint)
    with pytest.raises(errors.StillWaiting):
        services.redeliver(actor, delivery)
    services.switch_off(actor, endpoint)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "the webhook was switched off")
    with pytest.raises(errors.SwitchedOff):
        services.send_test(actor, endpoint)
    with pytest.raises(errors.SwitchedOff):
        services.redeliver(actor, delivery)
    with pytest.raises(NotFound):
        services.redeliver(actor_for("owner"), delivery)


def test_looking_at_the_secret_is_remembered():
    actor = actor_for("owner")
    endpoint = endpoint_of(actor)
    assert services.reveal_secret(actor, endpoint) == secret_of(endpoint)
    assert AuditLog.objects.filter(action="webhook.secret_shown", user_id=actor.user_id).count() == 1


def test_removing_takes_its_messages_along():
    actor = actor_for("owner")
    endpoint = endpoint_of(actor)
    services.send_test(actor, endpoint)
    services.remove_endpoint(actor, endpoint)
    assert not WebhookDelivery.objects.exists()
    assert AuditLog.objects.filter(action="webhook.removed").count() == 1


def test_old_messages_are_forgotten():
    actor = actor_for("owner")
    old, young = (services.send_test(actor, endpoint_of(actor, f"https://cms.example.vn/{n}")) for n in "ab")
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=31))
    assert forget_old_deliveries(before=CLEAN_UPS["webhooks"].before()) == 1
    assert list(WebhookDelivery.objects.all()) == [young]


def test_secrets_follow_a_change_of_keys(settings):
    actor = actor_for("owner")
    endpoint = services.rotate_secret(actor, endpoint_of(actor))
    before = signing_secrets(endpoint)
    settings.FIELD_KEYS = f"2:{'A' * 43}=,{settings.FIELD_KEYS}"
    rotated = {one.name: (one.rotated, one.broken) for one in rotate_keys()}
    assert rotated["webhooks.webhookendpoint.secret"] == (1, 0)
    assert rotated["webhooks.webhookendpoint.old_secret"] == (1, 0)
    settings.FIELD_KEYS = settings.FIELD_KEYS.partition(",")[0]
    endpoint.refresh_from_db()
    assert signing_secrets(endpoint) == before
