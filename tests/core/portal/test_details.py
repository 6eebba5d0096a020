"""Detail screens and their buttons, shown on customers that can become companies."""

import json

import pytest

from apps.engines.customers.models import Customer
from tests.support.portal import DetailKit, browser_of, member_with
from tests.support.sample_portal import customer_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]
HTMX = {"HX-Request": "true", "HX-Target": "detail"}


class TestCustomerDetail(DetailKit):
    url_name = "garage:customer"
    right = "customer.view"

    def make_row(self, actor, number=1):
        return customer_of(actor)


@pytest.fixture
def actor():
    return member_with("customer.view", "customer.edit")


@pytest.fixture
def customer(actor):
    return customer_of(actor)


@pytest.fixture
def client(actor):
    return browser_of(actor)


def _url(customer, tail=""):
    return f"/garage/customers/{customer.pk}/{tail}"


def _state(customer):
    return Customer.objects.get(pk=customer.pk).kind


def test_buttons_are_the_steps_that_state_and_right_allow(client, customer):
    names = [button.name for button in client.get(_url(customer)).context["buttons"]]

    assert names == ["promote"]
    watcher = browser_of(member_with("customer.view", place=customer.organization))
    assert watcher.get(_url(customer)).context["buttons"] == []


def test_parts_behind_a_right_are_hidden(client, customer):
    page = client.get(_url(customer)).content.decode()

    assert 'id="part-facts"' in page
    assert 'id="part-costs"' not in page
    assert client.get(_url(customer, "part/costs/")).status_code == 404


def test_live_topics_stand_on_the_part(client, customer):
    part = client.get(_url(customer, "part/facts/"), headers=HTMX).content.decode()

    assert f'data-live="customer:{customer.pk}"' in part
    assert f'hx-get="{_url(customer, "part/facts/")}"' in part


def test_an_action_with_a_form_asks_in_a_dialog(client, customer):
    asked = client.get(_url(customer, "do/promote/"), headers={"HX-Request": "true", "HX-Target": "dialog"})
    page = client.get(_url(customer, "do/promote/"))

    assert 'name="reason"' in asked.content.decode()
    assert "<html" not in asked.content.decode()
    assert "<html" in page.content.decode()


def test_an_action_answers_htmx_with_the_changed_body(client, customer):
    answer = client.post(
        _url(customer, "do/promote/"), {"reason": "Không trả tiền", "version": customer.version}, headers=HTMX
    )

    triggers = json.loads(answer["HX-Trigger"])
    assert answer.status_code == 200
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#detail", "outerHTML")
    assert triggers["toast"] == {"tone": "done", "text": "Promoted."}
    assert "closeDialog" in triggers
    assert "badge-done" in answer.content.decode()
    assert _state(customer) == "company"


def test_an_action_redirects_a_plain_post(client, customer):
    answer = client.post(_url(customer, "do/promote/"), {"reason": "Không trả tiền"})

    assert (answer.status_code, answer["Location"]) == (302, _url(customer))
    assert _state(customer) == "company"


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(client, customer):
    answer = client.post(_url(customer, "do/promote/"), {"reason": "ngắn"}, headers=HTMX)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Say more."]}
    assert "ngắn" in answer.content.decode()
    assert _state(customer) == "person"


def test_a_wrong_form_changes_nothing(client, customer):
    assert client.post(_url(customer, "do/promote/"), {"reason": ""}, headers=HTMX).status_code == 422
    assert _state(customer) == "person"


def test_a_stale_click_is_refused(client, customer):
    customer.save_changes("name")

    answer = client.post(_url(customer, "do/promote/"), {"reason": "Không trả tiền", "version": 1}, headers=HTMX)

    assert answer.status_code == 409
    assert _state(customer) == "person"


def test_an_illegal_step_shows_the_present_state(client, customer):
    answer = client.post(_url(customer, "do/demote/"), headers=HTMX)

    assert answer.status_code == 422
    assert json.loads(answer["HX-Trigger"])["toast"]["tone"] == "danger"
    assert 'id="detail"' in answer.content.decode()
    assert [button.name for button in answer.context["buttons"]] == ["promote"]
    assert client.post(_url(customer, "do/demote/")).status_code == 422


def test_a_step_needs_its_right(customer):
    watcher = browser_of(member_with("customer.view", place=customer.organization))

    assert watcher.post(_url(customer, "do/promote/"), {"reason": "Không trả tiền"}).status_code == 403
    assert watcher.post(_url(customer, "do/audit/")).status_code == 403
    assert _state(customer) == "person"


def test_an_action_of_another_customer_is_not_found(client):
    foreign = customer_of(member_with())

    assert client.post(_url(foreign, "do/promote/"), {"reason": "Không trả tiền"}).status_code == 404
    assert _state(foreign) == "person"
