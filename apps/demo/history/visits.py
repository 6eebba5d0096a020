"""One visit after the other: booked, checked in, inspected, offered, decided, done, checked, billed, handed over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.demo.history import papers
from apps.demo.history.desk import (
    book,
    check_in,
    close_card,
    decide,
    give_up_appointment,
    inspect,
    make_estimate,
    read_odometer,
)
from apps.demo.history.log import note
from apps.demo.history.shop import Shop
from apps.demo.history.supply import Wanted, purchase
from apps.demo.history.work import Proposal
from apps.demo.masters.catalogue import Article
from apps.demo.masters.customers import Car
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.services import Source
from apps.platform.accounts.models import User
from apps.verticals.workshop.models import (
    Appointment,
    Estimate,
    EstimateLine,
    JobCard,
    JobTask,
    PartRequirement,
    QualityCheck,
    WorkLog,
)

if TYPE_CHECKING:
    from apps.demo.history.year import Year

NO_SHOW, CANCELLED, BOOKED_BEFORE = 0.025, 0.025, 0.72
LAST_RUSH = timedelta(days=3)


@dataclass
class Visit:
    """What the steps hand to each other."""

    shop: Shop
    car: Car
    proposal: Proposal
    appointment: Appointment | None = None
    card: JobCard = field(init=False)
    estimate: Estimate = field(init=False)
    lines: list[EstimateLine] = field(default_factory=list)
    tasks: list[JobTask] = field(default_factory=list)
    parts: list[tuple[PartRequirement, Article]] = field(default_factory=list)
    technician: User = field(init=False)

    @property
    def approved(self) -> list[EstimateLine]:
        return [line for line in self.lines if line.decision == EstimateLine.Decision.APPROVED]


def visit(year: "Year", shop: Shop, arrival: datetime) -> Iterator[datetime]:
    """A whole visit, ending with the hand-over (or before, when the customer does not come or says no)."""
    dice = year.world.dice
    lead = timedelta(days=dice.randint(1, 6), minutes=dice.randint(0, 500)) if dice.random() < BOOKED_BEFORE else None
    yield arrival - (lead or timedelta(0))
    car = shop.next_car(year.world, arrival)
    this = Visit(shop, car, shop.advisor.propose(car, arrival))
    if lead:
        this.appointment = book(year, this, arrival)
    if this.appointment and dice.random() < NO_SHOW + CANCELLED:
        yield arrival + timedelta(minutes=45)
        give_up_appointment(year, this.appointment, is_no_show=dice.random() < 0.5)
        return
    yield arrival + timedelta(minutes=dice.randint(0, 12))
    this.card = check_in(year, this)
    read_odometer(year, this)
    yield year.now + timedelta(minutes=dice.randint(12, 28))
    points = inspect(year, this)
    yield year.now + timedelta(minutes=dice.randint(6, 18))
    make_estimate(year, this, points)
    yield year.now + timedelta(minutes=dice.randint(4, 35))
    yield from _work(year, this)


def _work(year: "Year", this: Visit) -> Iterator[datetime]:
    """From the customer's answer on."""
    if not _can_be_done(year, this):
        decide(year, this, is_no=True)
        close_card(year, this)
        return
    decide(year, this)
    _plan(year, this)
    yield from _wait_for_parts(year, this)
    yield year.now + timedelta(minutes=year.world.dice.randint(3, 10))
    yield from _do(year, this)
    yield year.now + timedelta(minutes=year.world.dice.randint(5, 20))
    yield from _check(year, this)
    yield year.now + timedelta(minutes=year.world.dice.randint(2, 8))
    this.card.state, this.card.completed_at = JobCard.State.COMPLETED, year.now
    note(year.world, year.now, "job_card.complete", this.card, by=this.card.advisor, is_public=True)
    yield from papers.settle(year, this)


def _can_be_done(year: "Year", this: Visit) -> bool:
    """In the last days nothing is begun that would not be finished before today."""
    left = year.until - year.now
    if left > LAST_RUSH:
        return True
    items = [item for item in this.proposal.items if not item.is_declined]
    minutes = [int(item.minutes * 1.3) for item in items if item.minutes]
    user = this.shop.choose_technician(items, year.now)
    plan = this.shop.plan_work(user, year.now + timedelta(minutes=10), [sum(minutes)])
    is_there = all(
        year.stock.of(article.variant, this.shop.site).free >= quantity
        for article, quantity in year.parts_of(this, items)
    )
    return is_there and plan[-1][-1][1] < year.until - timedelta(hours=6)


def _plan(year: "Year", this: Visit) -> None:
    """Tasks for labour and packages, requirements for parts, promised from stock as far as it goes."""
    card, dice = this.card, year.world.dice
    items = {line.pk: item for line, item in zip(this.lines, this.proposal.items, strict=True)}
    chosen = [items[line.pk] for line in this.approved]
    this.technician = this.shop.choose_technician(chosen, year.now)
    tasks: dict[str, JobTask] = {}
    for line in this.approved:
        if line.kind not in (EstimateLine.Kind.LABOUR, EstimateLine.Kind.PACKAGE):
            continue
        tasks[line.group] = year.world.new(
            JobTask,
            year.now,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            job_card=card,
            estimate_line=line,
            position=len(tasks),
            description=line.description,
            technician=this.technician,
            estimated_minutes=line.minutes,
            cause=items[line.pk].cause,
            correction=items[line.pk].correction or ("Đã làm theo gói, xe chạy tốt" if dice.random() < 0.4 else ""),
        )
    this.tasks = list(tasks.values())
    for line in this.approved:
        for article, quantity in year.parts_of_line(this, items[line.pk]):
            row = year.world.new(
                PartRequirement,
                year.now,
                job_card=card,
                task=tasks[line.group],
                estimate_line=line,
                variant=article.variant,
                required=quantity,
                issued=quantity,
                state=PartRequirement.State.ISSUED,
            )
            this.parts.append((row, article))


def _wait_for_parts(year: "Year", this: Visit) -> Iterator[datetime]:
    """What the store does not have is ordered for this card; everything is promised before work begins."""
    site, card = this.shop.site, this.card
    missing = []
    for row, article in this.parts:
        level = year.stock.of(article.variant, site)
        if level.free < row.required:
            missing.append(Wanted(article, row.required, row))
        else:
            level.promised += row.required
    if missing:
        note(year.world, year.now, "job_card.wait_for_parts", card, by=card.advisor, data={"parts": len(missing)})
        source = Source("workshop.jobcard", card.pk, card.number)
        yield from purchase(year, this.shop.company, site, missing, source=source)
        for one in missing:
            year.stock.of(one.article.variant, site).promised += one.quantity
        note(year.world, year.now, "job_card.release", card, is_public=True)


def _do(year: "Year", this: Visit) -> Iterator[datetime]:
    """The technician works through the tasks; parts leave the store as each begins."""
    world, card, user = year.world, this.card, this.technician
    minutes = [int(task.estimated_minutes * world.dice.uniform(0.75, 1.2)) for task in this.tasks]
    plan = this.shop.plan_work(user, year.now, minutes)
    this.shop.free_at[user.pk] = plan[-1][-1][1]
    note(world, year.now, "job_card.assign", card, by=card.advisor, is_public=True)
    for task, periods in zip(this.tasks, plan, strict=True):
        yield periods[0][0]
        if card.started_at is None:
            card.started_at = year.now
            note(world, year.now, "job_card.start", card, by=user, is_public=True)
        _issue(year, this, task)
        yield periods[-1][1]
        for start, end in periods:
            world.new(
                WorkLog,
                start,
                organization_id=task.organization_id,
                branch_id=task.branch_id,
                task=task,
                technician=user,
                period=DateTimeTZRange(start, end),
                is_open=False,
            )
        task.state, task.completed_at = JobTask.State.COMPLETED, year.now
        note(
            world,
            year.now,
            "job_card.task_completed",
            card,
            by=user,
            data={"task": task.description},
            is_public=True,
        )


def _issue(year: "Year", this: Visit, task: JobTask) -> None:
    for row, article in this.parts:
        if row.task_id != task.pk:
            continue
        level = year.stock.of(article.variant, this.shop.site)
        level.promised -= row.required
        row.unit_cost = year.stock.move(
            year.now,
            level,
            -row.required,
            kind=StockMovement.Kind.JOB_CARD,
            source=Source("workshop.jobcard", this.card.pk, this.card.number),
            by=this.technician,
        )
        data = {"sku": article.variant.sku, "quantity": str(int(row.required))}
        note(year.world, year.now, "job_card.part_issued", this.card, by=this.technician, data=data)


def _check(year: "Year", this: Visit) -> Iterator[datetime]:
    """The manager looks at the work; now and then it goes back once."""
    card, checker = this.card, this.shop.site.person("manager")
    note(year.world, year.now, "job_card.submit_check", card, by=this.technician, is_public=True)
    yield year.now + timedelta(minutes=year.world.dice.randint(8, 25))
    points = [{"code": row["code"], "name": row["name"], "is_ok": True} for row in this.shop.menu.quality_points]
    if year.world.dice.random() < 0.03:
        failed = [{**row, "is_ok": row["code"] != "QC-03"} for row in points]
        reason = "Mức dầu trợ lực dưới vạch, châm thêm rồi kiểm tra lại"
        year.world.new(
            QualityCheck, year.now, job_card=card, checked_by=checker, result="rework", points=failed, reason=reason
        )
        card.comeback_count = 1
        note(year.world, year.now, "job_card.rework", card, by=checker, data={"reason": reason})
        yield year.now + timedelta(minutes=20)
    year.world.new(QualityCheck, year.now, job_card=card, checked_by=checker, result="passed", points=points)
    note(year.world, year.now, "job_card.check_passed", card, by=checker, is_public=True)


def cost_of_line(this: Visit, line: EstimateLine) -> Decimal:
    """What the parts of a line cost, from the stock ledger."""
    costs = [row.required * row.unit_cost for row, _article in this.parts if row.estimate_line_id == line.pk]
    return sum(costs, Decimal(0)).quantize(Decimal("0.01"))
