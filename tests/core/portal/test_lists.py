"""List screens, shown on branches."""

import pytest
import time_machine

from apps.core.portal.export import safe_text
from apps.platform.organizations.models import Branch
from tests.factories.organizations import BranchFactory
from tests.support.portal import ListKit, browser_of, member_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_portal")]
URL = "/garage/branches/"


def _branches(actor, *names, **values):
    return [
        BranchFactory(organization_id=actor.organization_id, organization=None, name=name, **values) for name in names
    ]


class TestBranchList(ListKit):
    url_name = "garage:branches"
    right = "staff.view"
    sorts = ("name", "code", "created")
    filter_queries = ("active=1", "province=Hu%E1%BA%BF", "created_from=2020-01-01&created_to=2030-01-01", "company=x")

    def make_row(self, actor, number=1):
        return _branches(actor, f"Cơ sở số {number}-{str(actor.organization_id)[-6:]}")[0]


def test_a_distributors_person_finds_no_garage():
    actor = member_with("staff.view", kinds=["distributor"])

    assert browser_of(actor).get(URL).status_code == 404


def test_htmx_without_log_in_is_sent_to_it_and_back():
    answer = browser_of().get(
        URL, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/garage/branches/?q=a"}
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login/?next=/garage/branches/%3Fq%3Da"


def test_order_is_the_asked_one_and_nonsense_is_ignored():
    actor = member_with("staff.view")
    _branches(actor, "b", "a", "c")
    client = browser_of(actor)

    def names(query):
        return [line.row.name for line in client.get(URL + query).context["lines"]]

    assert names("") == ["a", "b", "c"]
    assert names("?sort=-name") == ["c", "b", "a"]
    assert names("?sort=password") == ["a", "b", "c"]
    assert names("?page=999&size=7") == ["a", "b", "c"]


def test_filters_narrow_and_show_as_chips():
    actor = member_with("staff.view")
    _branches(actor, "open", province="Huế")
    _branches(actor, "closed", province="Hà Nội", is_active=False)
    client = browser_of(actor)

    answer = client.get(URL, {"active": "1", "province": "Huế"})

    assert [line.row.name for line in answer.context["lines"]] == ["open"]
    assert [(chip.label, chip.value) for chip in answer.context["chips"]] == [("Province", "Huế")]
    assert answer.context["chips"][0].url == "?active=1"
    assert len(client.get(URL, {"province": "Paris"}).context["lines"]) == 2


def test_dates_include_both_days_in_the_zone_of_the_page():
    actor = member_with("staff.view")
    with time_machine.travel("2026-03-10T20:00:00Z", tick=False):
        _branches(actor, "eleventh in Vietnam")
    client = browser_of(actor)

    def found(day):
        return len(client.get(URL, {"created_from": day, "created_to": day}).context["lines"])

    assert (found("2026-03-10"), found("2026-03-11"), found("2026-03-12")) == (0, 1, 0)
    assert client.get(URL, {"created_from": "2026-02-31"}).status_code == 200


def test_a_column_behind_a_right_is_nowhere():
    actor = member_with("staff.view")
    _branches(actor, "a", phone="0901999888")
    client = browser_of(actor)

    assert "0901999888" not in client.get(URL).content.decode()
    assert "0901999888" not in client.get(URL, {"export": "csv"}).content.decode()
    client.post(URL, {"wish": "look", "column": ["name", "secret"]})
    assert "0901999888" not in client.get(URL).content.decode()


def test_columns_and_density_are_remembered():
    actor = member_with("staff.view")
    _branches(actor, "a", address="số 1 đường Láng")
    client = browser_of(actor)

    client.post(URL, {"wish": "look", "column": ["name", "address"], "dense": "1"})
    answer = client.get(URL)

    assert [head.column.name for head in answer.context["heads"]] == ["name", "address"]
    assert "số 1 đường Láng" in answer.content.decode()
    assert "table-dense" in answer.content.decode()


def test_a_view_is_kept_under_its_name_and_forgotten():
    client = browser_of(member_with("staff.view"))

    client.post(f"{URL}?active=1&page=2", {"wish": "view", "name": "Đang mở"})
    (view,) = client.get(URL).context["views"]
    assert (view.name, view.url, view.is_on) == ("Đang mở", "?active=1", False)
    client.post(URL, {"wish": "forget", "name": "Đang mở"})

    assert client.get(URL).context["views"] == []


def test_a_spoilt_cookie_harms_nobody():
    client = browser_of(member_with("staff.view"))
    client.cookies["list_branches"] = '{"columns": 7}'

    assert client.get(URL).status_code == 200


def test_bulk_action_does_all_or_nothing():
    actor = member_with("staff.view", "staff.edit")
    one, two, stays = _branches(actor, "một", "hai", "Không đóng")
    foreign = BranchFactory()
    client = browser_of(actor)

    refused = client.post(URL, {"bulk": "close", "row": [one.pk, stays.pk]})
    assert refused.status_code == 422
    assert "One of them must stay open." in refused.content.decode()
    assert Branch.objects.filter(is_active=False).count() == 0

    done = client.post(URL, {"bulk": "close", "row": [one.pk, two.pk, foreign.pk]})
    assert (done.status_code, done["Location"]) == (302, URL)
    assert set(Branch.objects.filter(is_active=False)) == {one, two}


def test_bulk_action_needs_its_right():
    actor = member_with("staff.view")
    (one,) = _branches(actor, "một")

    assert browser_of(actor).post(URL, {"bulk": "close", "row": [one.pk]}).status_code == 404
    assert Branch.objects.filter(is_active=True).count() == 1


def test_files_carry_no_formulas():
    actor = member_with("staff.view")
    _branches(actor, '=HYPERLINK("http://x","y")')

    text = browser_of(actor).get(URL, {"export": "csv"}).content.decode("utf-8-sig")

    assert "'=HYPERLINK" in text
    assert [safe_text(value) for value in ("+1", "-1", "@a", "\t=", "a=1")] == ["'+1", "'-1", "'@a", "'\t=", "a=1"]


def test_nothing_is_cached_by_others():
    answer = browser_of(member_with("staff.view")).get(URL)

    assert "private" in answer["Cache-Control"]
