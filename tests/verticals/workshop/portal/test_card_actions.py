"""Every button of a job card by its form: done, refused in the right place, and nothing left behind."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.core.actor import Actor
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.orders.models import Order
from apps.engines.payments.services import receive_cash
from apps.platform.accounts.models import AccessLink
from apps.platform.audit.models import AuditLog
from apps.verticals.workshop import services
from apps.verticals.workshop.models import (
    Estimate,
    EstimateDecision,
    EstimateLine,
    InspectionPoint,
    JobCard,
    JobPhoto,
    JobTask,
    QualityCheck,
    WorkLog,
)
from tests.factories.actors import actor_for
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import HTMX, CardBrowser

S = JobCard.State
pytestmark = pytest.mark.django_db


class Story:
    """A visit at some point, and browsers on its card."""

    def __init__(self) -> None:
        self.world = visits.make_world()
        self.card = visits.check_in(self.world)

    def at(self, actor: Actor) -> CardBrowser:
        return CardBrowser(actor, self.card)

    @property
    def desk(self) -> CardBrowser:
        return self.at(self.world.advisor)

    @property
    def bench(self) -> CardBrowser:
        return self.at(self.world.technician)

    @property
    def fresh(self) -> JobCard:
        self.card.refresh_from_db()
        return self.card

    @property
    def state(self) -> str:
        return self.fresh.state

    def approved(self, *, declined: tuple[str, ...] = ()) -> "Story":
        visits.approve(self.world, visits.estimate(self.world, self.card), declined=declined)
        return self

    def with_one_task(self) -> JobTask:
        """Only the front pads are approved; the technician has the work."""
        made = visits.estimate(self.world, self.card)
        keep = {"Thay má phanh trước", self.world.pads.product.name}
        names = tuple(line.description for line in made.lines.all() if line.description not in keep)
        visits.approve(self.world, made, declined=names)
        [task] = self.card.tasks.all()
        services.assign_tasks(self.world.advisor, self.card, assignments={task.pk: self.world.technician.user_id})
        return task

    def ready_for_check(self) -> "Story":
        task = self.with_one_task()
        services.start_clock(self.world.technician, task)
        services.issue_part(self.world.technician, self.card.parts.get())
        services.complete_task(self.world.technician, task)
        services.submit_for_check(self.world.technician, self.card)
        return self


@pytest.fixture
def story() -> Story:
    return Story()


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def toast(answer: Any) -> dict[str, str]:
    return json.loads(answer["HX-Trigger"])["toast"]


@pytest.mark.parametrize(
    ("action", "right"),
    [
        ("edit", "job_card.open"),
        ("green", "job_card.inspect"),
        ("photos", ""),
        ("send", "job_card.estimate"),
        ("answer", "job_card.estimate"),
        ("assign", "job_card.assign"),
        ("start", "job_card.work"),
        ("clock-start", "task.work"),
        ("clock-stop", "task.work"),
        ("finish", "task.work"),
        ("skip", "job_card.assign"),
        ("reserve", "job_card.issue_parts"),
        ("issue", "job_card.issue_parts"),
        ("issue-all", "job_card.issue_parts"),
        ("return", "job_card.issue_parts"),
        ("order", "job_card.order_parts"),
        ("submit_check", "job_card.work"),
        ("check", "job_card.check"),
        ("complete", "job_card.complete"),
        ("deliver", "job_card.deliver"),
        ("cancel", "job_card.cancel"),
    ],
)
def test_no_action_without_its_right(story: Story, action: str, right: str) -> None:
    before = story.fresh.version
    cashier = story.at(story.world.cashier)
    assert not right or not story.world.cashier.can(right)
    assert cashier.do(action).status_code == 403
    assert story.fresh.version == before


def test_another_company_and_another_branch_can_do_nothing(story: Story) -> None:
    other = actor_for("manager", story.world.garage.organization, visits.make_world().garage.branch)
    assert story.at(visits.make_world().manager).do("cancel", {"reason": "x"}).status_code == 404
    assert story.at(other).do("cancel", {"reason": "x"}).status_code == 404
    assert story.state == S.CREATED


def test_editing_keeps_concern_and_promise_and_notices_who_was_first(story: Story) -> None:
    version = story.card.version
    answer = story.desk.do("edit", {"concern": "Phanh kêu", "promised_at": "2030-01-02T16:30", "version": version})
    assert (answer.status_code, story.fresh.concern) == (200, "Phanh kêu")
    assert visits.ZONE.utcoffset(story.card.promised_at) is not None

    stale = story.desk.do("edit", {"concern": "Khác", "version": version})
    assert (stale.status_code, story.fresh.concern) == (409, "Phanh kêu")


def test_a_point_is_saved_as_soon_as_it_is_touched(story: Story) -> None:
    desk = story.desk
    answer = desk.client.post(
        f"{desk.url}inspection/", {"code": "oil", "rating-oil": "yellow", "note": "Sẫm màu"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert 'id="inspection-counts"' in answer.content.decode()
    assert "card-changed" in answer["HX-Trigger"]
    point = InspectionPoint.objects.get()
    assert (point.code, point.rating, point.note, story.state) == ("oil", "yellow", "Sẫm màu", S.INSPECTED)


@pytest.mark.parametrize("data", [{"code": "nothing", "rating-nothing": "red"}, {"code": "oil", "rating-oil": "blue"}])
def test_an_unknown_point_or_rating_is_refused(story: Story, data: dict[str, str]) -> None:
    desk = story.desk
    assert desk.client.post(f"{desk.url}inspection/", data, headers=HTMX).status_code == 400
    assert (InspectionPoint.objects.count(), story.state) == (0, S.CREATED)


def test_a_photo_at_a_point_belongs_to_it(story: Story) -> None:
    desk = story.desk
    data = {"code": "oil", "rating-oil": "red", "note": "", "photos": picture()}
    assert desk.client.post(f"{desk.url}inspection/", data, headers=HTMX).status_code == 200
    photo = JobPhoto.objects.get()
    assert (photo.point.code, photo.stage) == ("oil", "inspection")


def test_the_rest_of_a_group_is_good(story: Story) -> None:
    services.record_inspection(
        story.world.advisor, story.card, points=[visits.PointInput(code="front_pads", rating="red")]
    )
    assert story.desk.do("green", {"group": "Phanh"}, target="detail").status_code == 200
    ratings = dict(InspectionPoint.objects.values_list("code", "rating"))
    assert ratings == {"front_pads": "red", "rear_pads": "green"}


def test_several_photos_are_added_at_once(story: Story) -> None:
    data = {"photos": [picture("a.jpg"), picture("b.jpg")], "stage": "check_in", "caption": "Đầu xe"}
    assert story.desk.do("photos", data, target="detail").status_code == 200
    assert list(JobPhoto.objects.values_list("stage", "caption")) == [("check_in", "Đầu xe")] * 2


def test_what_is_no_picture_is_refused_in_the_photos(story: Story) -> None:
    broken = SimpleUploadedFile("a.jpg", b"no picture", content_type="image/jpeg")
    answer = story.desk.do("photos", {"photos": [picture(), broken], "stage": "work"}, target="detail")
    assert answer.status_code == 400
    assert toast(answer)["tone"] == "danger"
    assert JobPhoto.objects.count() == 0


def test_sending_asks_and_then_sends(story: Story) -> None:
    made = visits.estimate(story.world, story.card)
    Estimate.objects.filter(pk=made.pk).update(state="draft", sent_at=None)
    JobCard.objects.filter(pk=story.card.pk).update(state=S.ESTIMATED)
    assert "1.353.000" in story.desk.ask("send").content.decode()
    assert story.desk.do("send").status_code == 200
    made.refresh_from_db()
    assert (made.state, story.state) == ("sent", S.WAITING_CUSTOMER_APPROVAL)


def test_without_an_estimate_nothing_is_sent(story: Story) -> None:
    assert story.desk.do("send").status_code == 409
    assert story.state == S.CREATED


def test_a_link_is_made_only_for_what_was_sent(story: Story) -> None:
    desk = story.desk
    assert desk.client.post(f"{desk.url}link/", headers=HTMX).status_code == 422
    assert AccessLink.objects.count() == 0
    visits.estimate(story.world, story.card)
    answer = desk.client.post(f"{desk.url}link/", headers=HTMX)
    assert "/e/" in answer.content.decode()
    assert AccessLink.objects.get().subject_id == story.card.pk
    assert AuditLog.objects.filter(action="job_card.link_made").count() == 1
    assert story.bench.client.post(f"{desk.url}link/", headers=HTMX).status_code == 403


def answer_data(made: Estimate, **decisions: str) -> dict[str, str]:
    data = {"channel": "phone", "name": "Chị Nhung", "document_hash": made.document_hash, "signature": ""}
    for line in made.lines.all():
        data[f"line-{line.pk}"] = decisions.get(line.kind, "approved")
        data[f"reason-{line.pk}"] = "Để sau" if decisions.get(line.kind) == "declined" else ""
    return data


def test_an_answer_by_phone_is_kept_with_who_keyed_it(story: Story) -> None:
    made = visits.estimate(story.world, story.card)
    assert "Thay má phanh trước" in story.desk.ask("answer").content.decode()
    assert story.desk.do("answer", answer_data(made, fee="declined")).status_code == 200
    evidence = EstimateDecision.objects.get()
    assert (evidence.channel, evidence.decided_by_name, evidence.keyed_by_id) == (
        "phone",
        "Chị Nhung",
        story.world.advisor.user_id,
    )
    assert (story.state, story.card.total) == (S.APPROVED, 1_287_000)
    assert EstimateLine.objects.get(kind="fee").decline_reason == "Để sau"
    page = story.desk.page("?tab=estimate")
    assert evidence.document_hash in page
    assert "Chị Nhung" in page


def test_an_answer_to_another_document_is_refused(story: Story) -> None:
    made = visits.estimate(story.world, story.card)
    answer = story.desk.do("answer", {**answer_data(made), "document_hash": "0" * 64})
    assert answer.status_code == 409
    assert (EstimateDecision.objects.count(), story.state) == (0, S.WAITING_CUSTOMER_APPROVAL)


def test_an_answer_needs_a_name_and_a_real_signature(story: Story) -> None:
    made = visits.estimate(story.world, story.card)
    assert story.desk.do("answer", {**answer_data(made), "name": ""}).status_code == 422
    assert story.desk.do("answer", {**answer_data(made), "signature": "data:text/html,x"}).status_code == 422
    assert EstimateDecision.objects.count() == 0


def test_one_technician_gets_all_tasks_or_each_their_own(story: Story) -> None:
    story.approved()
    person = story.world.technician.user_id
    assert story.desk.do("assign", {"everybody": str(person), "version": story.fresh.version}).status_code == 200
    assert set(JobTask.objects.values_list("technician_id", flat=True)) == {person}
    assert story.state == S.ASSIGNED
    task = JobTask.objects.first()
    assert story.desk.do("assign", {f"task-{task.pk}": ""}, target="detail").status_code == 200
    task.refresh_from_db()
    assert task.technician_id is None
    assert JobTask.objects.filter(technician_id=person).count() == 1


def test_work_is_not_given_to_strangers_or_on_a_stale_card(story: Story) -> None:
    story.approved()
    task = JobTask.objects.first()
    stranger = story.world.seller.user_id
    answer = story.desk.do("assign", {f"task-{task.pk}": str(stranger)}, target="detail")
    assert answer.status_code == 422
    person = str(story.world.technician.user_id)
    assert story.desk.do("assign", {"everybody": person, "version": 1}).status_code == 409
    assert JobTask.objects.exclude(technician=None).count() == 0
    assert story.state == S.APPROVED


def test_the_clock_of_a_technician_starts_stops_and_ends(story: Story) -> None:
    task = story.with_one_task()
    assert story.bench.do("clock-start", {"task": task.pk}, target="detail").status_code == 200
    assert (WorkLog.objects.get().is_open, story.state) == (True, S.IN_PROGRESS)
    assert story.bench.do("clock-stop", {"task": task.pk}, target="detail").status_code == 200
    refused = story.bench.do("finish", {"task": task.pk, "correction": "Đã thay"})
    assert (refused.status_code, JobTask.objects.get().state) == (422, "paused")
    assert story.bench.do("issue", {"part": story.card.parts.get().pk}, target="detail").status_code == 200
    assert story.bench.do("finish", {"task": task.pk, "correction": "Đã thay"}).status_code == 200
    assert (JobTask.objects.get().state, JobTask.objects.get().correction) == ("completed", "Đã thay")


def test_a_clock_that_does_not_run_is_refused_in_the_work(story: Story) -> None:
    task = story.with_one_task()
    answer = story.bench.do("clock-stop", {"task": task.pk}, target="detail")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert text.index('id="part-tasks"') < text.index("Bạn không bấm giờ ở việc này.") < text.index('id="part-parts"')


def test_a_task_of_another_card_is_no_choice(story: Story) -> None:
    other = Story()
    task = other.with_one_task()
    assert story.desk.do("skip", {"task": task.pk, "reason": "x"}).status_code == 422
    task.refresh_from_db()
    assert task.state == "pending"


def test_a_task_is_skipped_with_its_reason(story: Story) -> None:
    task = story.with_one_task()
    assert story.desk.do("skip", {"task": task.pk, "reason": ""}).status_code == 422
    assert story.desk.do("skip", {"task": task.pk, "reason": "Khách đổi ý"}).status_code == 200
    assert (JobTask.objects.get().state, JobTask.objects.get().skip_reason) == ("skipped", "Khách đổi ý")


def test_parts_are_issued_and_come_back(story: Story) -> None:
    story.approved()
    part = story.card.parts.get(variant=story.world.pads)
    assert story.desk.do("issue-all", target="detail").status_code == 200
    assert StockLevel.objects.get(variant=story.world.pads).on_hand == 3
    again = story.desk.do("issue", {"part": part.pk}, target="detail")
    assert again.status_code == 422
    assert story.desk.do("return", {"part": part.pk, "quantity": "2"}).status_code == 422
    assert story.desk.do("return", {"part": part.pk, "quantity": "1", "reason": "Nhầm"}).status_code == 200
    assert StockLevel.objects.get(variant=story.world.pads).on_hand == 4
    kinds = StockMovement.objects.filter(variant=story.world.pads).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["purchase", "job_card", "return_in"]


def test_nothing_reserved_nothing_issued(story: Story) -> None:
    assert story.desk.do("issue-all", target="detail").status_code == 422
    assert StockMovement.objects.filter(kind="job_card").count() == 0


def test_missing_parts_show_their_best_offer_and_one_click_orders(story: Story) -> None:
    story.approved()
    dialog = story.desk.ask("order").content.decode()
    assert story.world.distributor.name in dialog
    assert "88.000" in dialog
    answer = story.desk.do("order", {"version": story.fresh.version})
    assert answer.status_code == 200
    order = Order.objects.get()
    assert (order.seller, story.state) == (story.world.distributor, S.WAITING_PARTS)
    assert order.number in story.desk.page("?tab=work")


def test_a_double_click_orders_once(story: Story) -> None:
    story.approved()
    version = story.fresh.version
    first = story.desk.do("order", {"version": version})
    second = story.desk.do("order", {"version": version})
    without_version = story.desk.do("order")
    assert (first.status_code, second.status_code, without_version.status_code) == (200, 409, 422)
    assert Order.objects.count() == 1


def test_without_an_offer_nothing_is_ordered(story: Story) -> None:
    story.approved()
    Variant.objects.filter(organization=story.world.distributor).update(is_active=False)
    assert "Chưa nhà phân phối nào còn hàng" in story.desk.ask("order").content.decode()
    assert story.desk.do("order").status_code == 422
    assert (Order.objects.count(), story.state) == (0, S.APPROVED)


def test_unfinished_work_is_not_checked(story: Story) -> None:
    story.with_one_task()
    services.start_card(story.world.technician, story.card)
    answer = story.bench.do("submit_check", target="detail")
    assert (answer.status_code, story.state) == (422, S.IN_PROGRESS)


def test_the_check_needs_every_point_or_a_reason(story: Story) -> None:
    chief = story.ready_for_check().at(story.world.manager)
    assert chief.do("check", {"result": "passed"}).status_code == 422
    assert chief.do("check", {"result": "rework", "reason": ""}).status_code == 400
    assert QualityCheck.objects.count() == 0
    assert chief.do("check", {"result": "passed", "point-test_drive": "on"}).status_code == 200
    check = QualityCheck.objects.get()
    assert (check.result, check.points) == ("passed", [{"code": "test_drive", "name": "Chạy thử", "is_ok": True}])
    assert chief.do("complete", {"version": story.fresh.version}).status_code == 200
    assert (story.state, Invoice.objects.get().total) == (S.COMPLETED, 990_000)


def test_failed_work_goes_back_with_the_reason(story: Story) -> None:
    chief = story.ready_for_check().at(story.world.manager)
    assert chief.do("check", {"result": "rework", "reason": "Phanh còn kêu"}).status_code == 200
    assert (story.state, story.card.comeback_count, JobTask.objects.get().state) == (S.IN_PROGRESS, 1, "paused")
    assert "Phanh còn kêu" in chief.page("?tab=finish")


def test_who_worked_cannot_check(story: Story) -> None:
    story.ready_for_check()
    WorkLog.objects.update(technician_id=story.world.manager.user_id)
    answer = story.at(story.world.manager).do("check", {"result": "passed", "point-test_drive": "on"})
    assert (answer.status_code, QualityCheck.objects.count()) == (403, 0)


def test_a_vehicle_leaves_paid_and_signed(story: Story) -> None:
    story.ready_for_check()
    services.record_quality_check(story.world.manager, story.card, result="passed")
    services.complete_card(story.world.manager, story.card)
    unpaid = story.desk.do("deliver", {"name": "Anh Khoa"})
    assert (unpaid.status_code, story.state) == (422, S.COMPLETED)
    assert "Hóa đơn chưa được thanh toán." in unpaid.content.decode()
    invoice = finalise_invoice(story.world.cashier, Invoice.objects.get())
    receive_cash(story.world.cashier, payable_type="invoice", payable_id=invoice.pk, amount=invoice.total)
    assert story.desk.do("deliver", {"name": "Anh Khoa"}).status_code == 200
    assert (story.state, story.card.handover_name) == (S.DELIVERED, "Anh Khoa")


def test_a_visit_is_cancelled_with_a_reason(story: Story) -> None:
    chief = story.at(story.world.manager)
    assert chief.do("cancel", {"reason": ""}).status_code == 422
    assert story.state == S.CREATED
    assert chief.do("cancel", {"reason": "Khách đổi ý"}).status_code == 200
    assert (story.state, story.card.cancel_reason) == (S.CANCELLED, "Khách đổi ý")
