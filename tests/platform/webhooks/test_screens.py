"""Settings → Webhooks."""

import pytest
from django.urls import reverse

from apps.platform.audit.models import AuditLog
from apps.platform.webhooks import services
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.services.endpoints import secret_of
from tests.factories.webhooks import endpoint_of
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
RIGHTS = ("webhook.edit", "inventory.view", "order.view")


def make(actor, number=1):
    return WebhookEndpoint.objects.create(
        organization_id=actor.organization_id,
        url=f"https://{actor.organization_id}-{number}.example.vn/hooks",
        secret=b"x",
        events=["order.placed"],
    )


class TestList(ListKit):
    url_name = "garage:webhooks"
    right = "webhook.edit"
    sorts = ("name", "last_success_at")

    def make_row(self, actor, number=1):
        return make(actor, number)

    def label_of(self, row):
        return row.url


class TestPage(DetailKit):
    url_name = "garage:webhook"
    right = "webhook.edit"

    def make_row(self, actor, number=1):
        return make(actor, number)


@pytest.mark.parametrize("kind", ["garage", "distributor"])
def test_a_webhook_is_added_and_its_secret_looked_at(kind):
    actor = member_with(*RIGHTS, kinds=(kind,))
    browser = browser_of(actor)
    page = browser.get(reverse(f"{kind}:webhook-add")).content.decode()
    assert "order.placed" in page
    assert "payment.completed" not in page
    answer = browser.post(
        reverse(f"{kind}:webhook-add"), {"url": "https://cms.example.vn/h", "events": ["order.placed"]}
    )
    row = WebhookEndpoint.objects.get()
    assert answer["Location"] == reverse(f"{kind}:webhook", args=[row.pk])
    assert secret_of(row) not in browser.get(answer["Location"]).content.decode()
    shown = browser.post(reverse(f"{kind}:webhook-secret", args=[row.pk]))
    assert secret_of(row) in shown.content.decode().replace("&#43;", "+")
    assert shown["Cache-Control"] == "no-store, private" or "no-store" in shown["Cache-Control"]
    assert AuditLog.objects.filter(action="webhook.secret_shown").count() == 1
    assert browser.get(reverse(f"{kind}:webhook-secret", args=[row.pk])).status_code == 405


def test_an_inner_address_is_refused_beside_its_field():
    browser = browser_of(member_with(*RIGHTS))
    answer = browser.post(reverse("garage:webhook-add"), {"url": "https://127.0.0.1/", "events": ["order.placed"]})
    assert answer.status_code == 400
    assert "field-invalid" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_the_page_shows_messages_and_sends_again():
    actor = member_with(*RIGHTS)
    endpoint = endpoint_of(actor)
    delivery = services.send_test(actor, endpoint)
    WebhookDelivery.objects.update(
        state="failed", attempts=9, last_status=500, error="answered 500", response_excerpt="<script>alert(1)</script>"
    )
    browser, url = browser_of(actor), reverse("garage:webhook", args=[endpoint.pk])
    page = browser.get(url).content.decode()
    assert "webhook.test" in page
    assert "500" in page
    assert "<script>alert(1)" not in page
    again = reverse("garage:webhook-again", args=[endpoint.pk, delivery.pk])
    assert browser_of(member_with(*RIGHTS)).post(again).status_code == 404
    assert browser.post(again)["Location"] == url
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 0)
    browser.post(again)
    assert AuditLog.objects.filter(action="webhook.sent_again").count() == 1


def test_the_buttons_call_their_services():
    actor = member_with(*RIGHTS)
    endpoint = endpoint_of(actor)
    browser = browser_of(actor)

    def press(action, **data):
        return browser.post(reverse("garage:webhook-do", args=[endpoint.pk, action]), data)

    before = bytes(endpoint.secret)
    press("rotate")
    press("edit", url="https://new.example.vn/", description="Kho", events=["inventory.stock_changed"])
    press("off")
    endpoint.refresh_from_db()
    assert bytes(endpoint.secret) != before
    assert (endpoint.url, endpoint.description, endpoint.is_active) == ("https://new.example.vn/", "Kho", False)
    assert "off" not in browser.get(reverse("garage:webhook", args=[endpoint.pk])).content.decode().split("-do/")
    press("on")
    press("test")
    assert WebhookDelivery.objects.get().name == "webhook.test"
    press("remove")
    assert not WebhookEndpoint.objects.exists()
