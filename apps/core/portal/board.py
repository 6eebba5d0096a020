"""Boards: documents as cards in columns by state; dragging a card asks for the step that leads there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.db import get_visible
from apps.core.errors import BusinessError, IllegalMove
from apps.core.portal.actions import ActionHandler
from apps.core.portal.columns import capitalize
from apps.core.portal.filters import BoundFilter, Chip, Filter, bind_filters
from apps.core.portal.parts import Button, Empty, Search, find_rows
from apps.core.portal.providers import providers
from apps.core.portal.responses import add_toast, is_htmx
from apps.core.portal.views import PortalView
from apps.core.states import StateTable


class NeedsForm(BusinessError):
    """The step asks for more than a drag can say."""

    rule = "needs_form"
    message = _("This step needs more details: open the card and use its button.")


@dataclass
class CardPlace:
    """A card with the states it may be dragged to."""

    row: Any
    url: str
    move_url: str
    moves: str


@dataclass
class BoardColumn:
    state: str
    label: str
    tone: str
    count: int = 0
    money: Decimal = Decimal(0)
    cards: list[CardPlace] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


class BoardScreen(PortalView):
    """A board. `states` are its columns in order; `actions` maps step names to what a drag may do.

    `urls(route, name)` gives the board (`name`) and the address that a dropped card posts to (`name-move`).
    """

    template_name = "portal/board/page.html"
    fragment_template_name = "portal/board/board.html"
    card_template: str = "portal/board/card.html"
    selector: Callable[[Any], QuerySet]
    table: StateTable
    states: ClassVar[Sequence[str]] = ()
    actions: ClassVar[Mapping[str, ActionHandler]] = {}
    filters: ClassVar[Sequence[Filter]] = ()
    search: ClassVar[Search | None] = None
    search_placeholder: Any = ""
    money_field: ClassVar[str] = ""
    ordering: ClassVar[Sequence[str]] = ("-pk",)
    column_limit: ClassVar[int] = 50
    buttons: ClassVar[Sequence[Button]] = ()
    primary: ClassVar[Button | None] = None
    row_url: Callable[[Any], str] | None = None
    live_topics: ClassVar[Callable[[Any], Sequence[str]] | None] = None
    empty: ClassVar[Empty] = Empty(_("Nothing here yet"))
    name: ClassVar[str] = ""

    @classmethod
    def urls(cls, route: str, name: str) -> list[URLPattern]:
        cls.name = name
        view = cls.as_view()
        return [path(route, view, name=name), path(f"{route}move/<uuid:id>/", view, name=f"{name}-move")]

    @property
    def has_search(self) -> bool:
        """Whether rows are found by words; for templates, which would call a search that is a function."""
        return type(self).search is not None

    @cached_property
    def bound_filters(self) -> list[BoundFilter]:
        return bind_filters(self.filters, self.request.GET, self.actor)

    def find(self) -> QuerySet:
        """The rows on the board, after search and filters."""
        rows = type(self).selector(self.actor).filter(**{f"{self.table.field}__in": list(self.states)})
        rows = find_rows(rows, type(self).search, self.request.GET.get("q", "")[:100])
        for bound in self.bound_filters:
            if bound.is_on:
                rows = bound.filter.narrow(rows, bound.value)
        return rows

    def columns(self) -> list[BoardColumn]:
        """The columns with counts and sums of all their rows and the first cards of each."""
        rows = self.find()
        labels = dict(self.table.states.choices)
        columns = {
            state: BoardColumn(state, capitalize(str(labels[state])), self.table.tone(state)) for state in self.states
        }
        sums = {"money": Sum(self.money_field)} if self.money_field else {}
        for line in rows.order_by().values(self.table.field).annotate(count=Count("pk"), **sums):
            column = columns[line[self.table.field]]
            column.count, column.money = line["count"], line.get("money") or Decimal(0)
        if any(column.count for column in columns.values()):
            for row in self.enrich(list(self.first_of_columns(rows))):
                columns[getattr(row, self.table.field)].cards.append(self.place(row))
        return list(columns.values())

    def first_of_columns(self, rows: QuerySet) -> QuerySet:
        """The first cards of every column, asked for once."""
        rank = Window(RowNumber(), partition_by=[F(self.table.field)], order_by=list(self.ordering))
        return rows.annotate(rank_in_column=rank).filter(rank_in_column__lte=self.column_limit).order_by(*self.ordering)

    def enrich(self, rows: list[Any]) -> Iterable[Any]:
        """Adds what the cards show beyond their rows, for the whole board at once."""
        return rows

    def place(self, row: Any) -> CardPlace:
        maker = type(self).row_url
        return CardPlace(row, maker(row) if maker else "", self.link_move(row), " ".join(self.moves_of(row)))

    def moves_of(self, row: Any) -> list[str]:
        """The columns to which a drag may take this card."""
        steps = self.table.available(row, self.actor)
        return [step.target for name, step in steps if name in self.actions and step.target in self.states]

    def link_move(self, row: Any) -> str:
        match = self.request.resolver_match
        space = f"{match.namespace}:" if match and match.namespace else ""
        return reverse(f"{space}{self.name}-move", kwargs={"id": row.pk})

    def get_context(self, **extra: Any) -> dict[str, Any]:
        topics = list(type(self).live_topics(self.actor)) if type(self).live_topics else []
        return super().get_context(
            columns=self.columns(),
            filters=self.bound_filters,
            chips=self.chips(),
            query_text=self.request.GET.get("q", ""),
            buttons=[button for button in self.buttons if button.is_open_to(self.actor)],
            primary=self.primary if self.primary and self.primary.is_open_to(self.actor) else None,
            live=" ".join(topics),
            live_numbers=providers.live_numbers(topics) if topics else "",
            **extra,
        )

    def chips(self) -> list[Chip]:
        data = self.request.GET
        return [
            chip
            for bound in self.bound_filters
            if bound.is_on
            for chip in bound.filter.chips(bound.value, data, self.actor)
        ]

    def draw(self, context: Any, *, template: str = "", status: int = 200) -> HttpResponse:
        asks_for_itself = is_htmx(self.request) and self.request.headers.get("HX-Target") == "board"
        chosen = self.fragment_template_name if asks_for_itself else self.template_name
        return super().draw(context, template=template or chosen, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"]) if kwargs else super().get(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A dropped card: runs the step, or says why not (the card goes back)."""
        if not kwargs:
            return HttpResponseNotAllowed(["GET"])
        try:
            row = get_visible(type(self).selector(self.actor), self.actor, kwargs["id"])
            self.move(row, request.POST.get("to", ""))
        except BusinessError as error:
            body = {"code": error.code, "message": str(error), "details": error.as_details(), "field": error.field}
            return JsonResponse({"success": False, "error": body}, status=error.status)
        return add_toast(HttpResponse(status=204), capitalize(str(dict(self.table.states.choices)[request.POST["to"]])))

    def move(self, row: Any, target: str) -> None:
        """Runs the step that leads to `target`; raises IllegalMove when no step does."""
        name = self.table.reaching(target, row)
        if name is None:
            allowed = self.table.allowed(row)
            labels = [self.table.steps[one].label for one in allowed]
            raise IllegalMove(action=target, state=getattr(row, self.table.field), allowed=allowed, labels=labels)
        if self.table.steps[name].permission:
            self.actor.require(self.table.steps[name].permission)
        handler = self.actions.get(name)
        if handler is None or handler.form is not None:
            raise NeedsForm
        handler.run(self.actor, row, data={}, version=None)
