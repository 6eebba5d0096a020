"""Playing one card as far as its scene goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from apps.core.actor import Actor
from apps.demo import fixtures
from apps.demo.history.work import SCENES as PHOTOS
from apps.demo.masters.companies import Company
from apps.demo.pictures import Studio, Words
from apps.demo.today.moments import Span, happening_at
from apps.demo.today.people import customer, staff, words_of
from apps.demo.today.scenes import Cast
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice, send_invoice
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, JobPhoto
from apps.verticals.workshop.types import CheckInInput, DecisionInput, EstimateLineInput, PointInput

STEP = 0.025
GREEN = ("khoang-may-1", "khoang-may-5", "phanh-2", "phanh-4", "lop-3", "lop-4", "noi-that-2", "dien-2")
CAPTIONS = {
    "brake_pad_worn": "Má phanh trước còn 2 mm",
    "tyre_worn": "Gai lốp trước còn 1,6 mm",
    "hose_leak": "Rò nước ở cổ ống",
    "battery_test": "Ắc quy đo được 11,8 V",
    "shock_leak": "Giảm xóc chảy dầu",
    "dashboard_warning": "Đèn báo trên đồng hồ",
    "headlight_hazy": "Kính đèn ố vàng",
    "dirty_air_filter": "Lọc gió bám bụi",
}


class CardPlay:
    """The steps of one card, each at its moment."""

    def __init__(self, cast: Cast, span: Span, studio: Studio, appointment: Appointment | None) -> None:
        self._cast, self._span, self._studio = cast, span, studio
        self._appointment = appointment
        self._share = cast.scene.begin
        self._company: Company = cast.shop.company
        self._desk = staff(self._company, cast.shop.site.people["advisor"][0])
        self.card: JobCard | None = None

    def play(self) -> JobCard:
        scene = self._cast.scene
        card = self._open()
        steps = (
            ("inspected", self._inspect),
            ("estimated", self._estimate),
            ("sent", self._send),
            ("approved", self._answer),
            ("assigned", self._assign),
        )
        for stage, step in steps:
            if scene.reaches(stage):
                with self._next():
                    step(card)
        if scene.stage == "ordered":
            with self._next():
                services.order_missing_parts(self._desk, card)
        elif scene.reaches("started"):
            self._work(card)
        if scene.reaches("checking"):
            self._finish(card)
        return card

    @contextmanager
    def _next(self, at: datetime | None = None) -> Iterator[None]:
        self._share += STEP
        with happening_at(at or self._span.at(min(self._share, 1.0))):
            yield

    def _open(self) -> JobCard:
        car = self._cast.car
        site = self._cast.shop.site
        with happening_at(self._span.at(self._share)):
            card = services.check_in(
                self._desk,
                branch=site.branch,
                visitor=words_of(car),
                arrival=CheckInInput(
                    odometer_km=car.km + int((self._span.end - car.read_at).days * car.km_a_day) + 3,
                    fuel_percent=45,
                    belongings="Ghế trẻ em" if car.year % 2 else "",
                ),
                appointment=self._appointment,
                bay=None if self._appointment else site.bays[int(self._share * 100) % len(site.bays)],
            )
            if self._appointment is None:
                card = services.update_card(self._desk, card, concern=self._cast.proposal.concern)
            self._photo(card, "exterior_side", JobPhoto.Stage.CHECK_IN, "Xe lúc nhận")
        return card

    def _inspect(self, card: JobCard) -> None:
        findings = self._cast.proposal.findings
        points = [PointInput(code=code, rating=rating, note=words) for code, (rating, words) in findings.items()]
        points += [PointInput(code=code, rating="green") for code in GREEN if code not in findings]
        services.record_inspection(self._desk, card, points=points)
        for item in self._cast.proposal.items:
            scene = PHOTOS.get(item.operation)
            if scene:
                point = card.inspection_points.get(code=item.point)
                self._photo(card, scene, JobPhoto.Stage.INSPECTION, CAPTIONS[scene], point_id=point.pk)

    def _photo(self, card: JobCard, scene: str, stage: str, caption: str, point_id: UUID | None = None) -> None:
        content = self._studio.collect(photo_words(self._cast, scene)).content
        services.add_photo(self._desk, card, upload=BytesIO(content), stage=stage, caption=caption, point_id=point_id)

    def _estimate(self, card: JobCard) -> None:
        operations = self._cast.shop.menu.operations
        points = dict(card.inspection_points.values_list("code", "pk"))
        services.save_estimate(
            self._desk,
            card,
            lines=[
                EstimateLineInput(
                    kind=item.kind,
                    group=item.group,
                    operation_id=operations[item.operation].pk if item.operation else None,
                    variant_id=item.article.variant.pk if item.article else None,
                    quantity=item.quantity,
                    inspection_point_id=points.get(item.point),
                    severity=item.severity,
                )
                for item in self._cast.proposal.items
            ],
            note="Anh/chị xem giúp hình chụp ở từng hạng mục, cần trao đổi thêm xin gọi gara.",
        )

    def _send(self, card: JobCard) -> None:
        services.send_estimate(self._desk, card.estimates.get())

    def _answer(self, card: JobCard) -> None:
        estimate: Estimate = card.estimates.get()
        services.decide_estimate(
            customer(self._company, self._cast.car, "estimate.decide"),
            estimate,
            answer=DecisionInput(
                decisions=dict.fromkeys(estimate.lines.values_list("pk", flat=True), "approved"),
                name=self._cast.car.vehicle.customer.name,
                document_hash=estimate.document_hash,
                reasons={},
                is_typed=True,
            ),
        )

    @property
    def _technician(self) -> Actor:
        return staff(self._company, self._company.staff[self._cast.scene.technician])

    def _assign(self, card: JobCard) -> None:
        user = self._company.staff[self._cast.scene.technician]
        services.assign_tasks(
            self._desk, card, assignments=dict.fromkeys(card.tasks.values_list("pk", flat=True), user.pk)
        )

    def _work(self, card: JobCard) -> None:
        """The first task begins; it runs still, is paused, or everything gets done."""
        scene, technician = self._cast.scene, self._technician
        first, *others = card.tasks.order_by("position")
        is_running = not scene.end
        with self._next(self._span.end - timedelta(minutes=25) if is_running else None):
            services.start_clock(technician, first)
            for part in card.parts.filter(task=first, state="reserved"):
                services.issue_part(technician, part)
        if is_running:
            return
        with happening_at(self._span.at(scene.end - 0.02)):
            if scene.is_paused:
                services.stop_clock(technician, first)
                return
            services.complete_task(technician, first, correction=self._cast.proposal.items[0].correction)
        for task in others:
            with happening_at(self._span.at(scene.end - 0.01)):
                services.start_clock(technician, task)
                for part in card.parts.filter(task=task, state="reserved"):
                    services.issue_part(technician, part)
            with happening_at(self._span.at(scene.end)):
                services.complete_task(technician, task)

    def _finish(self, card: JobCard) -> None:
        scene = self._cast.scene
        with happening_at(self._span.at(scene.end)):
            services.submit_for_check(self._technician, card)
        if not scene.reaches("completed"):
            return
        manager = staff(self._company, self._cast.shop.site.person("manager"))
        with happening_at(self._span.at(scene.end + STEP)):
            points = [{**point, "is_ok": True} for point in self._cast.shop.menu.quality_points]
            services.record_quality_check(manager, card, result="passed", points=points)
            services.complete_card(self._desk, card)
        if scene.reaches("billed"):
            cashier = staff(self._company, self._cast.shop.site.person("cashier"))
            with happening_at(self._span.at(scene.end + 2 * STEP)):
                invoice = Invoice.objects.get(source_type="workshop.jobcard", source_id=card.pk)
                send_invoice(cashier, finalise_invoice(cashier, invoice))


def photo_words(cast: Cast, scene: str) -> Words:
    """What a photo of the car is drawn from."""
    vehicle = cast.car.vehicle
    paints = {row["name_vi"]: row["hex"] for row in fixtures.read("demo/makes")["colours"]}
    return ("photo", vehicle.model.body, paints[vehicle.color], vehicle.plate, scene, sum(map(ord, vehicle.plate)))


def photos_of(cast: Cast) -> Iterator[Words]:
    yield photo_words(cast, "exterior_side")
    if cast.scene.reaches("inspected"):
        for item in cast.proposal.items:
            if item.operation in PHOTOS:
                yield photo_words(cast, PHOTOS[item.operation])
