"""Form screens: nothing lost, nothing done twice, rows added up by the server."""

from decimal import Decimal

import pytest

from apps.core.portal import tokens
from apps.platform.organizations.models import Branch
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with
from tests.support.sample_portal import BranchWithLines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]
URL = "/garage/branches/new/"
LINES = "/garage/branches/lines/"


@pytest.fixture
def actor():
    return member_with("staff.view", "staff.edit")


@pytest.fixture
def client(actor):
    return browser_of(actor)


def _own(actor):
    return Branch.objects.filter(organization_id=actor.organization_id)


def test_the_form_saves_and_goes_on(client, actor):
    answer = client.post(URL, {"name": "Quận 7", "code": "Q7"})

    assert (answer.status_code, answer["Location"]) == (302, "/garage/branches/?q=Q7")
    assert [branch.name for branch in _own(actor)] == ["Quận 7"]


def test_htmx_is_told_where_to_go(client):
    answer = client.post(URL, {"name": "Quận 7", "code": "Q7"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/garage/branches/?q=Q7")


def test_a_wrong_form_comes_back_with_what_was_typed(client, actor):
    answer = client.post(URL, {"name": "Quận 7", "code": ""})

    assert answer.status_code == 422
    assert "code" in answer.context["form"].errors
    assert 'value="Quận 7"' in answer.content.decode()
    assert not _own(actor).exists()


def test_a_refusal_stands_beside_its_field(client, actor):
    BranchFactory(organization_id=actor.organization_id, organization=None, name="Quận 7")

    answer = client.post(URL, {"name": "Quận 7", "code": "Q8"})

    assert answer.status_code == 409
    assert answer.context["form"].errors == {"name": ["This name is taken."]}
    assert _own(actor).count() == 1


def test_the_second_press_goes_to_the_result_of_the_first(client, actor):
    token = client.get(URL).context["token"]
    data = {"name": "Quận 7", "code": "Q7", "form_token": token}

    first, second = client.post(URL, data), client.post(URL, data)

    assert first["Location"] == second["Location"] == "/garage/branches/?q=Q7"
    assert _own(actor).count() == 1


def test_a_press_while_the_first_is_running_is_refused(client, actor):
    token = tokens.new_token()
    assert tokens.claim(actor, token) == ""

    answer = client.post(URL, {"name": "Quận 7", "code": "Q7", "form_token": token})

    assert answer.status_code == 409
    assert not _own(actor).exists()


def test_a_refused_form_may_be_sent_again(client, actor):
    BranchFactory(organization_id=actor.organization_id, organization=None, name="Quận 7")
    token = tokens.new_token()

    assert client.post(URL, {"name": "Quận 7", "code": "Q7", "form_token": token}).status_code == 409
    assert client.post(URL, {"name": "Quận 8", "code": "Q8", "form_token": token}).status_code == 302
    assert _own(actor).count() == 2


def test_a_token_belongs_to_one_person(client, actor):
    token = tokens.new_token()
    tokens.keep_result(member_with("staff.edit"), token, "/elsewhere/")

    assert client.post(URL, {"name": "A", "code": "A", "form_token": token})["Location"] == "/garage/branches/?q=A"


@pytest.mark.parametrize("place", ["drawer", "dialog"])
def test_the_form_opens_beside_a_list(client, place):
    headers = {"HX-Request": "true", "HX-Target": place}

    opened = client.get(URL, headers=headers).content.decode()
    refused = client.post(f"{URL}?in={place}", {"name": "", "code": "x"}, headers=headers)

    assert "<html" not in opened
    assert f'hx-target="#{place}"' in opened
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()


def test_rows_are_cleaned_in_order_without_the_empty_and_removed(client, actor):
    BranchWithLines.saved.clear()
    data = {
        "name": "Quận 7", "code": "Q7", "lines-TOTAL_FORMS": "4", "lines-INITIAL_FORMS": "0",
        "lines-0-name": "Dầu", "lines-0-quantity": "3.5", "lines-0-price": "120000",
        "lines-1-name": "", "lines-1-quantity": "", "lines-1-price": "",
        "lines-2-name": "Lọc", "lines-2-quantity": "1", "lines-2-price": "90000", "lines-2-DELETE": "on",
        "lines-3-name": "Công", "lines-3-quantity": "1", "lines-3-price": "200000",
    }  # fmt: skip

    assert client.post(LINES, data).status_code == 302
    assert BranchWithLines.saved == [
        [
            {"name": "Dầu", "quantity": Decimal("3.5"), "price": Decimal(120000)},
            {"name": "Công", "quantity": Decimal(1), "price": Decimal(200000)},
        ]
    ]


def test_a_wrong_row_keeps_all_rows(client, actor):
    data = {
        "name": "Quận 7", "code": "Q7", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "lines-0-name": "Dầu nhớt", "lines-0-quantity": "-1", "lines-0-price": "120000",
    }  # fmt: skip

    answer = client.post(LINES, data)

    assert answer.status_code == 422
    assert "Dầu nhớt" in answer.content.decode()
    assert "quantity" in answer.context["lines"].forms[0].errors
    assert not _own(actor).exists()


def test_totals_are_the_servers(client):
    data = {
        "_recalculate": "1", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "lines-0-name": "Dầu", "lines-0-quantity": "2", "lines-0-price": "120000",
    }  # fmt: skip

    answer = client.post(LINES, data, headers={"HX-Request": "true", "HX-Target": "totals"})

    assert "<dd>240000</dd>" in answer.content.decode()


def test_a_new_row_counts_itself(client):
    answer = client.get(f"{LINES}?add_line=3", headers={"HX-Request": "true"}).content.decode()

    assert 'name="lines-3-name"' in answer
    assert 'name="lines-TOTAL_FORMS" value="4"' in answer
    assert "add_line=4" in answer
    assert client.get(f"{LINES}?add_line=200").status_code == 204
