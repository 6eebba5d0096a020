"""The workshop's cards as a board of states and as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.phones import format_phone
from apps.core.portal.actions import ActionHandler
from apps.core.portal.board import BoardColumn, BoardScreen
from apps.core.portal.columns import Column
from apps.core.portal.filters import BoolFilter, ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.links import find_url
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import PaletteItem, register_palette
from apps.core.portal.parts import Button, Empty
from apps.core.portal.registry import register_nav
from apps.platform.organizations.selectors import list_branches, users_with_permission
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Estimate, JobCard, JobTask
from apps.verticals.workshop.portal.glance import add_faces
from apps.verticals.workshop.portal.queries import is_late, is_mine
from apps.verticals.workshop.selectors import glance_at, list_job_cards, search_job_cards
from apps.verticals.workshop.states import JOB_CARD

S = JobCard.State
OPEN_STATES = (
    S.CREATED,
    S.INSPECTED,
    S.ESTIMATED,
    S.WAITING_CUSTOMER_APPROVAL,
    S.APPROVED,
    S.ASSIGNED,
    S.IN_PROGRESS,
    S.WAITING_PARTS,
    S.QUALITY_CHECK,
    S.COMPLETED,
)


def list_branch_cards(actor: Actor) -> "QuerySet[JobCard]":
    """The cards of the branch in which the actor stands, of all open to them when they stand in none."""
    cards = list_job_cards(actor)
    return cards.filter(branch_id=actor.branch_id) if actor.branch_id else cards


def list_cards_with_worth(actor: Actor) -> "QuerySet[JobCard]":
    """With what each is worth: what was approved, before that what is offered."""
    offered = Estimate.objects.filter(job_card=OuterRef("pk")).order_by("-number").values("total")[:1]
    agreed = Case(When(total__gt=0, then=F("total")), default=Coalesce(Subquery(offered), Decimal(0)))
    return list_branch_cards(actor).annotate(worth=agreed)


def list_live_topics(actor: Actor) -> list[str]:
    """The boards whose events move these cards."""
    if actor.branch_id:
        return [f"board:{actor.branch_id}"]
    return [f"board:{branch.pk}" for branch in list_branches(actor)]


def list_technician_choices(actor: Actor) -> list[tuple[Any, str]]:
    people = users_with_permission(actor.require_organization(), "task.work", branch_id=actor.branch_id)
    return [(person.pk, person.full_name) for person in people]


def link_to_card(card: JobCard) -> str:
    return reverse("garage:job-card", args=[card.pk])


FILTERS = (
    ForeignFilter(
        "technician",
        _("Technician"),
        choose=list_technician_choices,
        apply=lambda rows, ids: rows.filter(pk__in=JobTask.objects.filter(technician__in=ids).values("job_card")),
    ),
    BoolFilter("mine", _("Only mine"), only=is_mine),
    BoolFilter("late", _("Late"), only=is_late),
)


@dataclass(frozen=True)
class LinkButton(Button):
    """A button to a screen that this installation may not have."""

    def is_open_to(self, actor: Actor) -> bool:
        return bool(find_url(self.url_name)) and super().is_open_to(actor)


NEW = LinkButton(_("Check in a vehicle"), "garage:check-in", permission="job_card.open", icon="log-in")
PLACEHOLDER = _("Plate, customer, phone, number")


class JobCardBoard(BoardScreen):
    """Columns by state. Dragging asks for the step that leads there; what needs more than a drag opens the card."""

    portal, permission = "garage", "job_card.view"
    title = _("Job cards")
    template_name = "workshop/board/page.html"
    card_template = "workshop/board/card.html"
    selector = staticmethod(list_cards_with_worth)
    table = JOB_CARD
    states = OPEN_STATES
    actions = {
        "start": ActionHandler(services.start_card),
        "wait_for_parts": ActionHandler(services.request_parts),
        "submit_check": ActionHandler(services.submit_for_check),
        "complete": ActionHandler(services.complete_card),
    }
    filters = FILTERS
    search = staticmethod(search_job_cards)
    search_placeholder = PLACEHOLDER
    money_field = "worth"
    ordering = (F("promised_at").asc(nulls_last=True), "pk")
    primary = NEW
    row_url = staticmethod(link_to_card)
    live_topics = staticmethod(list_live_topics)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not self.actor.can("job_card.see_money"):
            self.money_field = ""

    def columns(self) -> list[BoardColumn]:
        """With people, progress and missing parts of all cards, asked for once."""
        columns = super().columns()
        cards = [place.row for column in columns for place in column.cards]
        add_faces(cards, glance_at(card.pk for card in cards))
        for card in cards:
            card.steps = self.steps_of(card)
        return columns

    def steps_of(self, card: JobCard) -> list[tuple[str, Any]]:
        """Where the card's menu leads, for those who do not drag: (state, name of the step)."""
        steps = self.table.available(card, self.actor)
        return [(step.target, step.label) for name, step in steps if name in self.actions]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(sees_money=self.actor.can("job_card.see_money"), **extra)


def _state_choices() -> Sequence[tuple[str, Any]]:
    return S.choices


class JobCardList(ListScreen):
    """All cards, also those handed over or cancelled."""

    portal, permission = "garage", "job_card.view"
    title = _("Job cards")
    template_name = "workshop/board/list.html"
    selector = staticmethod(list_branch_cards)
    columns = (
        Column("number", _("Number"), sort="number", css="num"),
        Column("plate", _("Plate"), value="vehicle.plate", kind="plate", sort="vehicle__plate_key"),
        Column(
            "customer",
            _("Customer"),
            value="customer.name",
            sub=lambda row: format_phone(row.customer.phone),
            sort="customer__name",
        ),
        Column("vehicle", _("Vehicle"), value="vehicle.model"),
        Column("state", _("State"), kind="badge", table=JOB_CARD, sort="state"),
        Column("advisor", _("Advisor"), value="advisor.full_name", is_default=False),
        Column("bay", _("Bay"), value="bay.name", is_default=False),
        Column("branch", _("Branch"), value="branch.name", is_default=False),
        Column("promised", _("Promised for"), value="promised_at", kind="datetime", sort="promised_at"),
        Column("opened", _("Opened"), value="created_at", kind="datetime", sort="created_at"),
        Column("delivered", _("Handed over"), value="delivered_at", kind="datetime", is_default=False),
        Column("total", _("Total"), kind="money", sort="total", permission="job_card.see_money"),
    )
    filters = (
        ChoiceFilter("state", _("State"), choices=_state_choices()),
        *FILTERS,
        DateRangeFilter("opened", _("Opened"), field="created_at"),
    )
    search = staticmethod(search_job_cards)
    search_placeholder = PLACEHOLDER
    scans = True
    default_sort = "-opened"
    primary = NEW
    row_url = staticmethod(link_to_card)
    live_topics = staticmethod(list_live_topics)
    empty = Empty(_("No job cards yet"), _("A job card is opened when a vehicle is checked in."), "clipboard-list")


def find_cards(actor: Actor, text: str) -> list[PaletteItem]:
    """The newest cards that the typed words find."""
    rows = search_job_cards(list_job_cards(actor), text)[:6]
    return [
        PaletteItem(f"{card.vehicle.plate} · {card.customer.name}", link_to_card(card), "clipboard-list", card.number)
        for card in rows
    ]


register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("Job cards"),
    url_name="garage:job-cards",
    icon="square-kanban",
    permission="job_card.view",
    order=20,
)
register_palette("job-cards", find_cards, label=_("Job cards"), portal="garage", permission="job_card.view")

urlpatterns = [
    JobCardList.path("job-cards/list/", "job-card-list"),
    *JobCardBoard.urls("job-cards/", "job-cards"),
]
