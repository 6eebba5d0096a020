"""What the template of a list screen gets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.core.portal.columns import Column
from apps.core.portal.filters import Chip, without_keys
from apps.core.portal.providers import providers

if TYPE_CHECKING:
    from apps.core.portal.listing import ListScreen


@dataclass
class Head:
    column: Column
    url: str
    order: str


@dataclass
class Cell:
    column: Column
    shown: Any


@dataclass
class Line:
    row: Any
    cells: list[Cell]
    url: str
    css: str = ""


@dataclass
class SavedView:
    name: str
    url: str
    is_on: bool


def describe_page(screen: "ListScreen") -> dict[str, Any]:
    """Rows, headings, chips, actions and wishes of the list as it is asked for."""
    page = screen.get_page()
    request, actor = screen.request, screen.actor
    query = without_keys(request.GET)
    topics = list(type(screen).live_topics(actor)) if type(screen).live_topics else []
    return {
        "page": page,
        "heads": screen.heads(),
        "lines": screen.lines(page.object_list),
        "filters": screen.bound_filters,
        "chips": _chips(screen),
        "clear_url": "?",
        "query_text": screen.query_text,
        "is_narrowed": bool(screen.query_text) or any(bound.is_on for bound in screen.bound_filters),
        "sort": request.GET.get("sort", ""),
        "shown": {column.name for column in screen.shown_columns},
        "wishes": screen.wishes,
        "views": [SavedView(name, url, url == query) for name, url in screen.wishes.views.items()],
        "bulk_actions": [action for action in screen.bulk_actions if action.is_open_to(actor)],
        "buttons": [button for button in screen.buttons if button.is_open_to(actor)],
        "primary": screen.primary if screen.primary and screen.primary.is_open_to(actor) else None,
        "query": query,
        "live": " ".join(topics),
        "live_numbers": providers.live_numbers(topics),
    }


def _chips(screen: "ListScreen") -> list[Chip]:
    data, actor = screen.request.GET, screen.actor
    return [
        chip for bound in screen.bound_filters if bound.is_on for chip in bound.filter.chips(bound.value, data, actor)
    ]
