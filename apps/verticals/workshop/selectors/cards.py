"""Job cards and their tasks, ready to be shown."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.core.text import compact_key, search_key
from apps.engines.billing.models import Invoice
from apps.engines.billing.selectors import find_invoice_of
from apps.verticals.workshop.models import (
    Estimate,
    EstimateDecision,
    EstimateLine,
    JobCard,
    JobPhoto,
    JobTask,
    PartRequirement,
    WorkLog,
)


@dataclass(frozen=True, slots=True)
class CardMoney:
    """What a visit comes to: what was approved, what is billed, what is still open."""

    approved: Decimal
    invoice: Invoice | None

    @property
    def balance(self) -> Decimal:
        return self.invoice.balance if self.invoice else self.approved


def list_job_cards(actor: Actor) -> "QuerySet[JobCard]":
    """The cards that exist for the actor, newest first, with all that a row or a board card shows."""
    return JobCard.objects.visible_to(actor).select_related(
        "customer", "vehicle__model__make", "branch", "bay", "advisor", "organization"
    )


def search_job_cards(cards: "QuerySet[JobCard]", text: str) -> "QuerySet[JobCard]":
    """By number, plate (any punctuation), VIN, owner's name or phone."""
    key = compact_key(text)
    vehicles = Q(vehicle__search_text__contains=key) if key else Q()
    for word in search_key(text).split():
        vehicles |= Q(customer__search_text__contains=word)
    return cards.filter(vehicles | Q(number__icontains=text.strip())) if text.strip() else cards


def access_job_card(actor: Actor, card_id: object) -> JobCard:
    """The card, if it exists for the actor and they may see cards; raises NotFound, NotAllowed."""
    actor.require("job_card.view")
    card: JobCard = get_visible(list_job_cards(actor), actor, card_id)
    return card


def cards_with_detail(actor: Actor) -> "QuerySet[JobCard]":
    """The cards that exist for the actor with everything that hangs on them, in a fixed number of queries."""
    lines = EstimateLine.objects.select_related("operation", "package", "variant__product", "inspection_point")
    parts = PartRequirement.objects.select_related("variant__product", "task")
    tasks = JobTask.objects.select_related("technician").prefetch_related("work_logs", Prefetch("parts", parts))
    return (
        list_job_cards(actor)
        .select_related("check_in", "appointment", "warehouse")
        .prefetch_related(
            Prefetch("estimates__lines", lines),
            "estimates__decisions",
            Prefetch("tasks", tasks),
            Prefetch("parts", parts),
            "inspection_points__photos__file",
            "photos__file",
            "quality_checks__checked_by",
        )
    )


def card_detail(actor: Actor, card_id: object) -> JobCard:
    """One card with everything that hangs on it; raises NotFound, NotAllowed."""
    actor.require("job_card.view")
    key = parse_id(card_id)
    card = cards_with_detail(actor).filter(pk=key).first() if key else None
    if card is None:
        raise NotFound
    return card


def money_of(card: JobCard) -> CardMoney:
    """The card's sums beside its invoice."""
    return CardMoney(card.total, find_invoice_of("workshop.jobcard", card.pk))


def list_tasks(actor: Actor) -> "QuerySet[JobTask]":
    """Tasks that exist for the actor: technicians see their own and those nobody has yet, others all of their branches."""
    rows = JobTask.objects.visible_to(actor).select_related(
        "job_card__vehicle__model__make", "job_card__customer", "job_card__bay", "technician"
    )
    if actor.can("job_card.assign") or actor.can("job_card.check") or not actor.can("task.work"):
        return rows
    return rows.filter(Q(technician_id=actor.user_id) | Q(technician__isnull=True))


def my_tasks(actor: Actor) -> "QuerySet[JobTask]":
    """What the technician has to do now: own unfinished tasks of living cards, running ones first."""
    return (
        JobTask.objects.visible_to(actor)
        .filter(technician_id=actor.user_id)
        .exclude(job_card__state__in=[JobCard.State.CANCELLED, JobCard.State.DELIVERED, JobCard.State.COMPLETED])
        .select_related("job_card__vehicle__model__make", "job_card__customer", "job_card__bay")
        .prefetch_related(Prefetch("parts", PartRequirement.objects.select_related("variant__product")), "work_logs")
        .order_by("job_card__promised_at", "job_card_id", "position")
    )


def open_clock(actor: Actor) -> WorkLog | None:
    """The actor's running clock, with its task and card."""
    return (
        WorkLog.objects.select_related("task__job_card__vehicle")
        .filter(technician_id=actor.user_id, is_open=True)
        .first()
        if actor.user_id
        else None
    )


def access_task(actor: Actor, task_id: object) -> JobTask:
    """The task, if it exists for the actor; raises NotFound, NotAllowed."""
    actor.require("task.view")
    task: JobTask = get_visible(list_tasks(actor), actor, task_id)
    return task


def access_part(actor: Actor, part_id: object) -> PartRequirement:
    """A part of a card that exists for the actor; raises NotFound, NotAllowed."""
    actor.require("job_card.view")
    key = parse_id(part_id)
    cards = JobCard.objects.visible_to(actor)
    rows = PartRequirement.objects.select_related("job_card", "variant__product")
    part = rows.filter(pk=key, job_card__in=cards).first() if key else None
    if part is None:
        raise NotFound
    return part


def card_estimates(card: JobCard) -> list[Estimate]:
    """All versions of the card's estimate, newest first, with lines and the customer's answers. Three queries."""
    lines = EstimateLine.objects.select_related("operation", "package", "variant__product", "inspection_point")
    answers = EstimateDecision.objects.select_related("keyed_by", "signature")
    rows = card.estimates.select_related("made_by").order_by("-number")
    return list(rows.prefetch_related(Prefetch("lines", lines), Prefetch("decisions", answers)))


def list_photos(card: JobCard) -> list[JobPhoto]:
    """The pictures of the card in the order they were taken."""
    return list(card.photos.select_related("file", "point", "taken_by"))


def sent_estimate(card: JobCard) -> Estimate | None:
    """The version that waits for the customer's answer."""
    return card.estimates.filter(state=Estimate.State.SENT).prefetch_related("lines").first()


def open_estimate(card: JobCard) -> Estimate | None:
    """The version that is being made or waits for the customer."""
    return card.estimates.filter(state__in=[Estimate.State.DRAFT, Estimate.State.SENT]).first()
