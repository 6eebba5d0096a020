"""The estimate editor: found by one search, added up by the server, kept by the service."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engines.catalog.models import Product
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Estimate, EstimateLine, JobCard, JobTask
from apps.verticals.workshop.selectors import declined_lines
from apps.verticals.workshop.types import PointInput
from tests.support.portal import browser_of
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import HTMX

S = JobCard.State
pytestmark = pytest.mark.django_db


class Editor:
    """The editor of one card in the advisor's browser."""

    def __init__(self, world: visits.World, card: JobCard) -> None:
        self.world, self.card = world, card
        self.client = browser_of(world.advisor)
        self.url = f"/garage/job-cards/{card.pk}/estimate/"

    def show(self, query: str = "") -> Any:
        answer = self.client.get(f"{self.url}{query}", headers=HTMX if query.startswith("?") else {})
        assert answer.status_code == 200
        return answer

    def send(self, lines: list[dict[str, Any]], jobs: tuple[str, ...] = ("Phanh trước",), **extra: Any) -> Any:
        self.card.refresh_from_db()
        data = {
            "version": self.card.version,
            "note": "",
            "jobs-count": len(jobs),
            "lines-TOTAL_FORMS": len(lines),
            "lines-INITIAL_FORMS": 0,
            **{f"jobs-{number}-name": name for number, name in enumerate(jobs)},
        }
        for place, line in enumerate(lines):
            given = {"job": 0, "quantity": "1", "discount": "", "description": "", **line}
            data.update({f"lines-{place}-{name}": value for name, value in given.items() if value is not None})
        return self.client.post(self.url, {**data, **extra})


@pytest.fixture
def editor() -> Editor:
    world = visits.make_world()
    return Editor(world, visits.check_in(world))


def labour(editor: Editor, **more: Any) -> dict[str, Any]:
    return {"kind": "labour", "source": editor.world.garage.pads_labour.pk, **more}


def pads(editor: Editor, **more: Any) -> dict[str, Any]:
    return {"kind": "part", "source": editor.world.pads.pk, **more}


def test_findings_become_jobs_with_the_work_that_fits(editor: Editor) -> None:
    services.record_inspection(
        editor.world.advisor,
        editor.card,
        points=[
            PointInput(code="oil", rating="yellow", note="Sẫm màu"),
            PointInput(code="front_pads", rating="red", note="Còn 2 mm"),
            PointInput(code="rear_pads", rating="green"),
        ],
    )
    answer = editor.show()
    jobs = [(job["name"].value(), job["severity"].value(), len(rows)) for _number, job, rows in answer.context["jobs"]]
    assert jobs == [("Má phanh trước", "red", 1), ("Dầu động cơ", "yellow", 1)]
    assert answer.context["estimate"].total == 495_000  # (300.000 + 150.000) with 10 % tax
    assert "Còn 2 mm" in answer.content.decode()


def test_one_search_finds_packages_operations_and_parts_with_stock(editor: Editor) -> None:
    Product.objects.filter(pk=editor.world.pads.product_id).update(search_text="ma phanh gom")
    [part] = editor.show("?find=phanh gốm&job=0").context["items"]
    assert (part.kind, part.id, part.price, part.free) == ("part", editor.world.pads.pk, 650_000, 4)
    found = [item.kind for item in editor.show("?find=THAY MÁ phanh&job=0").context["items"]]
    assert found == ["labour"]
    assert [item.kind for item in editor.show("?find=BD10&job=0").context["items"]] == ["package"]
    assert editor.show("?find=khong co gi&job=0").context["items"] == []


def test_a_chosen_item_comes_with_name_and_price(editor: Editor) -> None:
    text = editor.show(f"?kind=part&source={editor.world.pads.pk}&job=2&lines-TOTAL_FORMS=5").content.decode()
    assert 'name="lines-5-unit_price" value="650000' in text
    assert 'name="lines-5-job" value="2"' in text
    assert 'name="lines-TOTAL_FORMS" value="6"' in text


def test_a_part_of_another_company_is_not_found(editor: Editor) -> None:
    foreign = editor.world.offered_filter.pk
    answer = editor.client.get(f"{editor.url}?kind=part&source={foreign}&job=0&lines-TOTAL_FORMS=0", headers=HTMX)
    assert answer.status_code == 404
    assert editor.send([{"kind": "part", "source": foreign}]).status_code == 404
    assert Estimate.objects.count() == 0


def test_the_server_adds_up_what_is_typed(editor: Editor) -> None:
    lines = [labour(editor), pads(editor, quantity="2", discount="50000"), {"kind": "fee", "unit_price": "60000"}]
    answer = editor.send(lines, _recalculate="1")
    # The fee has no words yet, so the sum waits for them.
    assert answer.context["estimate"] is None
    lines[2]["description"] = "Rửa xe"
    answer = editor.send(lines, _recalculate="1")
    estimate = answer.context["estimate"]
    assert (estimate.subtotal, estimate.discount_total, estimate.tax_total, estimate.total) == (
        1_660_000,
        50_000,
        161_000,
        1_771_000,
    )
    assert [line.gross for line in answer.context["amounts"].values()] == [330_000, 1_375_000, 66_000]
    assert Estimate.objects.count() == 0


def test_saving_keeps_the_lines_under_their_jobs(editor: Editor) -> None:
    answer = editor.send(
        [pads(editor, job=1, unit_price="600000"), labour(editor, job=0, quantity="1,5")],
        jobs=("Công", "Phụ tùng"),
        note="Bảo hành 6 tháng",
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/garage/job-cards/{editor.card.pk}/?tab=estimate")
    made = Estimate.objects.get()
    rows = list(made.lines.values_list("group", "kind", "quantity", "unit_price"))
    assert rows == [("Công", "labour", Decimal("1.5"), 300_000), ("Phụ tùng", "part", 1, 600_000)]
    assert (made.note, made.state, made.total) == ("Bảo hành 6 tháng", "draft", 1_155_000)
    editor.card.refresh_from_db()
    assert editor.card.state == S.ESTIMATED


def test_one_press_saves_and_sends(editor: Editor) -> None:
    assert editor.send([labour(editor)], send="1").status_code == 302
    editor.card.refresh_from_db()
    assert (Estimate.objects.get().state, editor.card.state) == ("sent", S.WAITING_CUSTOMER_APPROVAL)


def test_a_removed_row_is_not_kept(editor: Editor) -> None:
    editor.send([labour(editor), pads(editor, DELETE="on")])
    assert list(EstimateLine.objects.values_list("kind", flat=True)) == ["labour"]


def test_two_people_cannot_overwrite_each_other(editor: Editor) -> None:
    version = editor.card.version
    editor.send([labour(editor)])
    answer = editor.send([pads(editor)], version=version)
    assert answer.status_code == 409
    assert list(EstimateLine.objects.values_list("kind", flat=True)) == ["labour"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ({"kind": "fee", "unit_price": "60000"}, 400),
        ({"kind": "fee", "unit_price": "60000", "description": "Rửa xe", "discount": "70000"}, 400),
        ({"kind": "fee", "unit_price": "x", "description": "Rửa xe"}, 422),
        ({"kind": "fee", "unit_price": "60000", "description": "Rửa xe", "quantity": "0"}, 422),
        ({"kind": "gift", "unit_price": "60000", "description": "Quà"}, 422),
    ],
)
def test_a_wrong_row_is_refused_and_nothing_is_lost(editor: Editor, line: dict[str, str], status: int) -> None:
    answer = editor.send([labour(editor, description="Công của tôi"), line])
    assert answer.status_code == status
    assert "Công của tôi" in answer.content.decode()
    assert "field-errors" in answer.content.decode() or 'role="alert"' in answer.content.decode()
    assert Estimate.objects.count() == 0


def test_an_empty_estimate_is_refused(editor: Editor) -> None:
    assert editor.send([]).status_code == 400
    assert Estimate.objects.count() == 0


def test_the_same_form_twice_makes_one_version(editor: Editor) -> None:
    token = "00000000-0000-4000-8000-000000000001"
    first = editor.send([labour(editor)], form_token=token)
    second = editor.send([labour(editor)], form_token=token)
    assert first["Location"] == second["Location"]
    assert Estimate.objects.count() == 1


def test_additional_work_keeps_the_yes_of_approved_lines(editor: Editor) -> None:
    made = visits.estimate(editor.world, editor.card)
    visits.approve(editor.world, made, declined=("Rửa xe",))
    tasks = set(JobTask.objects.values_list("pk", flat=True))
    answer = editor.show()
    rows = [form.initial for form in answer.context["lines"].forms]
    assert [row["description"] for row in rows] == [line.description for line in made.lines.exclude(kind="fee")]
    assert all(row["carried_from"] for row in rows)
    jobs = tuple(job["name"].value() for _number, job, _rows in answer.context["jobs"])
    more = {"kind": "labour", "source": editor.world.garage.oil_change.pk, "job": 1, "description": "Súc rửa động cơ"}

    assert editor.send([*rows, {**more, "unit_price": "200000"}], jobs=jobs, send="1").status_code == 302

    version = Estimate.objects.get(state="sent")
    assert version.number == 2
    decisions = dict(version.lines.values_list("description", "decision"))
    assert decisions.pop("Súc rửa động cơ") == "open"
    assert set(decisions.values()) == {"approved"}
    assert set(JobTask.objects.values_list("pk", flat=True)) == tasks


def test_what_was_declined_before_is_offered_again(editor: Editor) -> None:
    made = visits.estimate(editor.world, editor.card)
    visits.approve(editor.world, made, declined=tuple(line.description for line in made.lines.all()))
    services.cancel_card(editor.world.manager, editor.card, reason="Khách hẹn lần sau")
    again = Editor(editor.world, visits.check_in(editor.world, km=46_000))
    wish = EstimateLine.objects.get(description="Rửa xe")
    assert [line.severity for line in declined_lines(again.card)] == ["red", "red", "", "", ""]
    assert "Để lần sau" in again.client.get(f"/garage/job-cards/{again.card.pk}/?tab=overview").content.decode()
    rows = [form.initial for form in again.show(f"?again={wish.pk}").context["lines"].forms]
    assert [(row["description"], row["unit_price"]) for row in rows] == [("Rửa xe", 60_000)]


def test_the_editor_needs_the_right_and_the_company(editor: Editor) -> None:
    assert browser_of(editor.world.technician).get(editor.url).status_code == 403
    assert browser_of(visits.make_world().advisor).get(editor.url).status_code == 404
    assert browser_of(visits.make_world().advisor).post(editor.url, {}).status_code == 404


def test_a_search_costs_the_same_for_many_hits(editor: Editor) -> None:
    def count(query: str) -> int:
        editor.show(query)
        with CaptureQueriesContext(connection) as queries:
            editor.show(query)
        return sum(1 for one in queries if one["sql"].startswith("SELECT"))

    few = count("?find=of-1234&job=0")
    assert count("?find=sku&job=0") == few
