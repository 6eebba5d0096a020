"""How one person likes one list: columns, density and saved views, in a cookie of that page alone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.http import HttpRequest, HttpResponse

MAX_VIEWS = 12
YEAR = 365 * 24 * 3600


def cookie_name(request: HttpRequest) -> str:
    """One cookie per list, so that lists below one another do not mix."""
    match = request.resolver_match
    return f"list_{(match.url_name if match else '') or 'page'}"


@dataclass
class ListPreferences:
    columns: list[str] = field(default_factory=list)
    dense: bool = False
    views: dict[str, str] = field(default_factory=dict)

    def save_view(self, name: str, query: str) -> None:
        """Keeps a named set of filters; the oldest goes when there are too many."""
        self.views.pop(name, None)
        self.views[name] = query
        while len(self.views) > MAX_VIEWS:
            self.views.pop(next(iter(self.views)))


def read_preferences(request: HttpRequest) -> ListPreferences:
    """The person's wishes; a spoilt cookie counts as none."""
    try:
        given = json.loads(request.COOKIES.get(cookie_name(request), ""))
        return ListPreferences(
            columns=[str(name) for name in given["columns"]],
            dense=bool(given["dense"]),
            views={str(name)[:40]: str(query)[:300] for name, query in dict(given["views"]).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return ListPreferences()


def write_preferences(response: HttpResponse, request: HttpRequest, wishes: ListPreferences) -> None:
    """Keeps them for a year, sent only to this page."""
    value = json.dumps(asdict(wishes), separators=(",", ":"))
    response.set_cookie(
        cookie_name(request),
        value,
        max_age=YEAR,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def chosen(names: Sequence[str], wishes: ListPreferences, defaults: Sequence[str]) -> list[str]:
    """The names to show: the person's choice of those that exist, else the defaults."""
    wanted = [name for name in names if name in wishes.columns]
    return wanted or [name for name in names if name in defaults]
